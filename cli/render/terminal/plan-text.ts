import { counted, formatCounts, thousands } from "../../../licensing/counts";
import { formatMoment } from "../../../licensing/moment-words";
import type { PlanDocument } from "../../../licensing/plan-document/schema";
import { formatDirectMoves } from "../../../licensing/plan/direct-moves";
import { verdictOf, type Verdict } from "../../../licensing/verdict";
import { remarks } from "../remarks";
import {
  BLOCKED_KEEP,
  formatBlocked,
  formatStart,
  formatSuccessions,
  formatSwaps,
  formatUserName,
  groupRows,
  moveRows,
  DRIFT_WORDS,
} from "../words";
import { padded, widest, wrapped } from "./lines";

/** One column each in every terminal, unlike the marks of Markdown. */
const MARKS: Readonly<Record<Verdict, string>> = { pass: "+", wait: "!", fail: "x" };

/** Longer names are cut into a line of their own. */
const NAME_COLUMN = 24;

/** Users that are listed below a reason when names are shown; blocked.csv has all. */
const LISTED = 10;

/** The plan of a run for a terminal of so many columns: the verdict, waves in order, blocked users by reason. */
export function planText(plan: PlanDocument, width: number): string {
  const { verdict, tenant, plannedAt, users } = plan;
  const head = [plan.stack, ...(tenant === null ? [] : [tenant]), formatMoment(plannedAt)].join(", ");
  const inScope = users === 0 ? "" : `, ${counted(users, "user")} in scope`;
  const sections = [
    [
      ...wrapped(`${head}${inScope}`, width),
      ...wrapped(`${verdict.label}: ${verdict.summary}`, width, mark(verdict.word)),
    ],
    refusals(plan, width),
    groups(plan, width),
    waves(plan, width),
    blocked(plan, width),
    findings(plan, width),
    drift(plan, width),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function mark(word: PlanDocument["verdict"]["word"]): string {
  return `${MARKS[verdictOf(word)]} `;
}

function refusals({ refusals: all }: PlanDocument, width: number): readonly string[] {
  if (all.length === 0) return [];
  return [
    "Refused",
    ...all.flatMap(({ about, message }) =>
      wrapped(about === "" ? message : `${about}: ${message}`, width, "  x ", "    "),
    ),
  ];
}

function groups(plan: PlanDocument, width: number): readonly string[] {
  const rows = groupRows(plan).filter(({ change }) => !change.startsWith("nothing"));
  if (rows.length === 0) return [];
  return [
    "Groups",
    ...rows.flatMap(({ group, licence, change }) =>
      row(
        group.name,
        `${licence}: ${change}. ${counted(group.members, "member")}`,
        rows.map((each) => each.group.name),
        width,
      ),
    ),
  ];
}

function waves(plan: PlanDocument, width: number): readonly string[] {
  const { waves: all } = plan;
  if (all.length === 0) return [];
  const names = all.map(({ name }) => name);
  return [
    "Waves, in order",
    ...all.flatMap((wave) => {
      const work = wave.plannedUsers === 0 ? [] : [`${counted(wave.plannedUsers, "user")}: ${workOf(wave)}`];
      const stays = wave.blockedUsers === 0 ? [] : [`${formatBlocked(wave)} blocked`];
      const moves = moveRows([wave]).map(({ way, users, seats, stay }) =>
        [
          `moves ${counted(users, "user")} ${way}`,
          ...(seats === "" ? [] : [`takes ${seats}`]),
          ...(stay === "" ? [] : [`the old group keeps ${stay}`]),
        ].join(", "),
      );
      return row(wave.name, [formatStart(wave), ...work, ...moves, ...stays].join("; "), names, width);
    }),
    ...[formatDirectMoves(plan.blocked.moves), formatSuccessions(plan), formatSwaps(plan)].flatMap((line) =>
      line === "" ? [] : wrapped(line, width, "  "),
    ),
  ];
}

function workOf(wave: PlanDocument["waves"][number]): string {
  return `${wave.mode === "restore" ? "puts back" : "removes"} ${formatCounts(wave.planned)}`;
}

/** A name and, beside it, what is said of it. */
function row(name: string, text: string, names: readonly string[], width: number): readonly string[] {
  const column = widest(names, NAME_COLUMN);
  const lines = wrapped(text, width, " ".repeat(column + 4));
  if (name.length > column) return [`  ${name}`, ...lines];
  return lines.map((line, at) => (at === 0 ? `  ${padded(name, column)}  ${line.trimStart()}` : line));
}

function blocked({ blocked: found, names }: PlanDocument, width: number): readonly string[] {
  if (found.reasons.length === 0) return [];
  return [
    `Blocked: ${counted(found.users, "user")}`,
    ...wrapped(BLOCKED_KEEP, width, "  "),
    ...found.reasons.flatMap(({ users, sku, words, remedy }, reason) => [
      ...wrapped(`${thousands(users)} ${sku}: ${words}`, width, "  - ", "    "),
      ...wrapped(remedy, width, "    "),
      ...(names === null
        ? []
        : listed(
            found.assignments.filter((each) => each.reason === reason),
            names,
            width,
          )),
    ]),
  ];
}

function listed(
  assignments: PlanDocument["blocked"]["assignments"],
  names: PlanDocument["names"],
  width: number,
): readonly string[] {
  const shown = assignments.slice(0, LISTED);
  const more = assignments.length - shown.length;
  return [
    ...shown.flatMap(({ userId }) => wrapped(formatUserName(userId, names), width, "      ", "        ")),
    ...(more > 0 ? [`      and ${thousands(more)} more`] : []),
  ];
}

function findings(plan: PlanDocument, width: number): readonly string[] {
  const found = plan.findings.filter(({ severity }) => severity !== "note");
  const lines = [
    ...found.flatMap(({ severity, about, message, remedy }) => [
      ...wrapped(
        `${about === "" ? "" : `${about}: `}${message}`,
        width,
        `  ${severity === "error" ? "x" : "!"} `,
        "    ",
      ),
      ...(remedy === "" ? [] : wrapped(remedy, width, "    ")),
    ]),
    ...remarks(plan).flatMap((line) => wrapped(line, width, "  ! ", "    ")),
  ];
  return lines.length === 0 ? [] : ["To look at", ...lines];
}

function drift({ drift: { returned }, addedPlans, undeclared }: PlanDocument, width: number): readonly string[] {
  const found = [
    { words: DRIFT_WORDS.returned, count: returned.length },
    { words: DRIFT_WORDS.addedPlans, count: addedPlans.length },
    { words: DRIFT_WORDS.undeclared, count: undeclared.length },
  ].filter(({ count }) => count > 0);
  if (found.length === 0) return [];
  return [
    "What others changed",
    ...found.flatMap(({ words, count }) =>
      wrapped(`${words.title}: ${thousands(count)}. ${words.words}`, width, "  ! ", "    "),
    ),
  ];
}
