import { addCounts, counted, formatCounts, negated, thousands, type CountsByName } from "../../licensing/counts";
import { formatDuration } from "../../licensing/duration";
import { formatMoment } from "../../licensing/moment-words";
import type { PlanDocument } from "../../licensing/plan-document/schema";
import { fitting } from "./markdown/fitting";
import { within, type Limits } from "./markdown/limits";
import { blockedReasons, refusals } from "./markdown/people";
import { table } from "./markdown/table";
import { formatGiven, formatPlan, formatStart, MARKS } from "./words";

type Wave = PlanDocument["waves"][number];
type Group = PlanDocument["groups"][number];

/** A run that has ended. */
export interface AppliedRun {
  /** The plan right before the run. */
  readonly before: PlanDocument;
  /** The plan right after it: what is left; `null` if none could be made. */
  readonly after: PlanDocument | null;
  readonly isDone: boolean;
}

/** What a run did, for its pull request: what was removed, which users are blocked, and until when the next wave waits. */
export function appliedMarkdown(run: AppliedRun): string {
  return fitting((limits) => compose(run, limits));
}

function compose({ before, after, isDone }: AppliedRun, limits: Limits): readonly string[] {
  const { text } = within(limits);
  const stack = text(before.stack);
  const title = isDone ? `## Applied: licences of ${stack}` : `## Not finished: licences of ${stack}`;
  if (after === null) return [title, "", `${MARKS.fail} ${UNKNOWN}`];
  return [
    title,
    "",
    isDone ? `${MARKS.pass} What was reviewed is done.` : `${MARKS.fail} ${STOPPED}`,
    "",
    ...groups(before, after, limits),
    ...waves(before, after, limits),
    nextStep(after, limits),
    "",
    ...refusals(after, limits),
    ...blockedReasons(after, limits),
  ];
}

const STOPPED =
  "The run stopped before its end: the page of the run says why. Moved users stay moved, all others keep their direct licences. When the cause is mended, start the workflow Apply by hand: it goes on from here.";

const UNKNOWN =
  "What the run has done is not known here, because no plan could be made after it. The page of the run has its output. Moved users stay moved, all others keep their direct licences. Start the workflow Apply by hand: it shows what is left.";

function groups(before: PlanDocument, after: PlanDocument, limits: Limits): readonly string[] {
  const { text, name } = within(limits);
  const isLeft = (group: string, sku: string) =>
    after.groups.some((each) => each.name === group && each.gives.some((gives) => gives.sku === sku && gives.change));
  const isOnGroup = (group: string, sku: string) =>
    after.groups.some((each) => each.name === group && each.takenOff.some((taken) => taken.sku === sku));
  const given = (group: Group, { sku, change }: Group["gives"][number]) => {
    if (isLeft(group.name, sku)) return "not done";
    return change === "assign" ? "assigned to the group" : "its plans changed";
  };
  const taken = (group: Group, { sku, inOneCall }: Group["takenOff"][number]) => {
    if (isOnGroup(group.name, sku)) return "not done";
    return inOneCall ? "taken off the group, in one call with what was assigned" : "taken off the group";
  };
  const rows = before.groups.flatMap((group) => [
    ...group.gives
      .filter(({ change }) => change !== null)
      .map((licence) => ({ group, licence: formatGiven(licence), done: given(group, licence) })),
    ...group.takenOff.map((licence) => ({ group, licence: formatGiven(licence), done: taken(group, licence) })),
  ]);
  return table(
    rows,
    [
      { head: "Group", cell: ({ group }) => name(group.displayName) },
      { head: "Licence", cell: ({ licence }) => text(licence) },
      { head: "In this run", cell: ({ done }) => done },
      { head: "Members", cell: ({ group }) => thousands(group.members), isNumber: true },
    ],
    limits.rows,
  );
}

function waves(before: PlanDocument, after: PlanDocument, limits: Limits): readonly string[] {
  const { text, name } = within(limits);
  return table(
    after.waves,
    [
      { head: "Wave", cell: (wave) => name(wave.name) },
      { head: "In this run", cell: (wave) => text(doneInRun(wave, before)) },
      { head: "Removed in all", cell: (wave) => text(formatCounts(wave.movedBefore) || "nothing") },
      { head: "Left to do", cell: (wave) => text(formatPlan(wave)) },
      { head: "Blocked", cell: (wave) => thousands(wave.blockedUsers), isNumber: true },
      { head: "State", cell: (wave) => text(wave.state === "runs" ? "not done" : formatStart(wave)) },
    ],
    limits.rows,
  );
}

/** By what the record held before and holds now, not by what was planned: a proof may have failed in between. */
function doneInRun(wave: Wave, { waves: all }: PlanDocument): string {
  const earlier = all.find(({ name }) => name === wave.name);
  const [verb, change] =
    wave.mode === "restore"
      ? ["put back", addCounts([earlier?.planned ?? {}, negated(wave.planned)])]
      : ["removed", addCounts([wave.movedBefore, negated(earlier?.movedBefore ?? {})])];
  const done = Object.fromEntries(Object.entries(change).filter(([, count]) => count > 0));
  const parts = [
    ...(Object.keys(done).length === 0 ? [] : [`${verb} ${formatCounts(done)}`]),
    ...Object.entries(earlier?.swaps ?? {}).flatMap(([words, users]) => swappedInRun(words, users, wave, done)),
    ...wave.moves.flatMap((move) => movedInRun(move, wave, earlier)),
  ];
  return parts.join("; ") || "nothing";
}

/** `2 users swapped STANDARDPACK for a direct ENTERPRISEPACK`: no more than have lost the old licence by the record. */
function swappedInRun(words: string, users: number, { mode, swaps }: Wave, done: CountsByName): readonly string[] {
  const gone = done[words.split(" for ")[0] ?? ""] ?? 0;
  const swapped = mode === "restore" ? 0 : Math.min(users - (swaps[words] ?? 0), gone);
  return swapped <= 0 ? [] : [`${counted(swapped, "user")} swapped ${words}`];
}

/** `moved 5 users from E3 users to E5 users`, by the record, too; a rollback by what is left of it. */
function movedInRun(move: Wave["moves"][number], { mode }: Wave, earlier: Wave | undefined): readonly string[] {
  const { from, to } = move;
  const was = earlier?.moves.find((each) => each.from === from && each.to === to);
  const users = mode === "restore" ? (was?.users ?? 0) - move.users : move.movedBefore - (was?.movedBefore ?? 0);
  if (users <= 0) return [];
  return [
    mode === "restore"
      ? `moved ${counted(users, "user")} back from ${to} to ${from}`
      : `moved ${counted(users, "user")} from ${from} to ${to}`,
  ];
}

/** Until when the next wave waits, and what starts it. */
function nextStep(after: PlanDocument, limits: Limits): string {
  const { text, name } = within(limits);
  const { waves: all, applyThrough, plannedAt } = after;
  const at = all.findIndex(({ state, plannedUsers }) => state !== "done" && plannedUsers > 0);
  const next = all[at];
  if (next === undefined) return "**Next:** nothing is left to move. The nightly check keeps watch.";
  const before = all[at - 1];
  const soaks =
    before !== undefined && before.soakMs > 0 && Date.parse(next.startsAt) > Date.parse(plannedAt)
      ? ` ${name(before.name)} soaks for ${formatDuration(before.soakMs)}, so it can start from **${formatMoment(next.startsAt)}** on.`
      : "";
  const last = all.findIndex((wave) => wave.name === applyThrough);
  const how =
    at <= last
      ? "Then start the workflow Apply by hand."
      : `It needs a pull request with \`licensing:applyThrough: ${text(next.name)}\`.`;
  return `**Next:** the wave ${name(next.name)}.${soaks} ${how}`;
}
