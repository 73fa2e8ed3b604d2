import type { PlanDocument } from "../../licensing/plan-document/schema";
import { formatDuration } from "../../licensing/duration";
import { addCounts, counted, thousands, formatCounts } from "../../licensing/counts";
import { withName } from "../../licensing/people";
import type { Verdict } from "../../licensing/verdict";

/** Texts that the Markdown and the HTML plan share. */

type Wave = PlanDocument["waves"][number];
type Group = PlanDocument["groups"][number];

export const MARKS: Readonly<Record<Verdict, string>> = { pass: "✅", wait: "⚠️", fail: "⛔" };

export const SEVERITY_MARKS: Readonly<Record<PlanDocument["findings"][number]["severity"], string>> = {
  error: MARKS.fail,
  warning: MARKS.wait,
  note: "ℹ️",
};

/** The time of a wave: `in this run`, `done on 2026-11-20`, or the reason why it waits. */
export function formatStart(wave: Wave): string {
  switch (wave.state) {
    case "runs":
      return wave.plannedUsers === 0 && movedUsers(wave) === 0 ? "in this run: nothing to do" : "in this run";
    case "done":
      return `done on ${dayOf(wave.doneAt ?? wave.startsAt)}`;
    case "refused":
      return "refused";
    case "waits":
      return wave.hold ?? "later";
  }
}

/** `removes 25 EMS, 5 ENTERPRISEPACK`, or what a rollback puts back. */
export function formatPlan(wave: Wave): string {
  const assignments = formatCounts(wave.planned);
  if (assignments === "") return "nothing";
  return wave.mode === "restore" ? `puts back ${assignments}` : `removes ${assignments}`;
}

/**
 * Plans that users keep only as a successor, over all waves, in one sentence; empty without any. Leaves out those of the stack file
 * on which this run relies: they stand in the verdict and the remarks.
 */
export function formatSuccessions({ waves, acceptedSuccessors }: PlanDocument): string {
  const accepted = new Set(acceptedSuccessors.map(({ plan, by }) => `${by} in place of ${plan}`));
  const each = Object.entries(addCounts(waves.map(({ successions }) => successions)))
    .filter(([words]) => !accepted.has(words))
    .map(([words, users]) => `${counted(users, "user")} ${words}`);
  return each.length === 0 ? "" : `Kept as a successor: ${each.join(", ")}.`;
}

/** What is added in the calls that remove, and taken back in those of a rollback, over all waves; empty without any. */
export function formatSwaps({ waves }: PlanDocument): string {
  const swapped = Object.entries(addCounts(waves.map(({ swaps }) => swaps))).map(
    ([words, users]) => `${counted(users, "user")} ${words}`,
  );
  const back = formatCounts(addCounts(waves.map(({ takesBack }) => takesBack)));
  return [
    ...(swapped.length === 0
      ? []
      : [
          `Swapped in one call, with a free seat for each: ${swapped.join(", ")}. They move to the group once Entra has processed its licence again.`,
        ]),
    ...(back === "" ? [] : [`Taken back in the calls that put back, because swaps had added it: ${back}.`]),
  ].join(" ");
}

/** `2`, or `2, up to 5 where seats are short`. */
export function formatBlocked({ blockedUsers, mayLackSeat, maxBlocked }: Wave): string {
  const more = mayLackSeat === 0 ? "" : `, up to ${thousands(blockedUsers + mayLackSeat)} where seats are short`;
  return `${thousands(blockedUsers)}${more}${maxBlocked === null ? "" : ` (${thousands(maxBlocked)} allowed)`}`;
}

export function formatSoak({ soakMs }: Wave): string {
  return soakMs === 0 ? "none" : formatDuration(soakMs);
}

/** `ENTERPRISEPACK without YAMMER_ENTERPRISE`. */
export function formatGiven({
  sku,
  disabledPlans,
  replaces = [],
}: Pick<Group["gives"][number], "sku" | "disabledPlans"> & { readonly replaces?: readonly string[] }): string {
  const given = disabledPlans.length === 0 ? sku : `${sku} without ${disabledPlans.join(", ")}`;
  return replaces.length === 0 ? given : `${given}, which replaces ${replaces.join(" and ")}`;
}

function formatChange({ change }: Group["gives"][number]): string {
  if (change === null) return "nothing: it gives that already";
  return change === "assign" ? "assigns it to the group" : "changes the plans in place";
}

/** A user's id, with the name if the document contains names. */
export function formatUserName(userId: string, names: PlanDocument["names"]): string {
  return withName(userId, names?.[userId]);
}

/** Headings and remedies for drift. They stand above the lists, because they apply to all rows. */
export const DRIFT_WORDS = {
  returned: {
    title: "Direct licences that came back",
    words:
      "They were assigned again after their removal. No user lacks a service because of that. A run removes them again, under the same " +
      "proof, where their wave may run. To end it, stop what assigns them.",
  },
  addedPlans: {
    title: "Plans that Microsoft added",
    words:
      "They are on for the members of these groups. If they shall have them, nothing is left to do: this run takes note of it. If not, put " +
      "the plan into disabledPlans of the SKU, with an entry in licensing:acceptLoss.",
  },
  undeclared: {
    title: "Licences that the stack file does not declare",
    words:
      "The stack file does not declare these licences, and they stay. Declare them as they are under licenses; or, if no user " +
      "needs them, name them under removeLicenses.",
  },
} as const;

/** A group's display name, by its logical name. */
export function groupName(name: string, { groups }: PlanDocument): string {
  return groups.find((group) => group.name === name)?.displayName ?? name;
}

function dayOf(iso: string): string {
  return iso.slice(0, 10);
}

/** The number of members that will take a seat, and whether enough seats are free. */
function formatNewHolder({ sku, newHolders }: Group["gives"][number], { skus }: PlanDocument): string {
  const seats = skus.find(({ name }) => name === sku)?.seats;
  const left = seats === undefined ? 0 : Math.max(0, seats.total - seats.used);
  return newHolders > left
    ? `${thousands(newHolders)}, more than the ${thousands(left)} seats left`
    : thousands(newHolders);
}

function formatTakenOff({ afterGate, inOneCall }: Group["takenOff"][number]): string {
  if (inOneCall) return "takes it off the group in the call that adds the new ones: not proven for each member before";
  return afterGate
    ? "takes it off the group when every member is verified to keep its plans"
    : "takes it off the group";
}

/** One licence of one group: what it gives, or what this run takes off it. */
export interface GroupRow {
  readonly group: Group;
  readonly licence: string;
  readonly change: string;
  readonly newTo: string;
}

export function groupRows(plan: PlanDocument): readonly GroupRow[] {
  return plan.groups.flatMap((group) => [
    ...group.gives.map((gives) => ({
      group,
      licence: formatGiven(gives),
      change: formatChange(gives),
      newTo: formatNewHolder(gives, plan),
    })),
    ...group.takenOff.map((licence) => ({
      group,
      licence: formatGiven(licence),
      change: formatTakenOff(licence),
      newTo: "",
    })),
    ...group.readsBack.map((sku) => ({
      group,
      licence: sku,
      change: "reads every member back, because a run was interrupted after it began to take it off",
      newTo: "",
    })),
  ]);
}

export const BLOCKED_KEEP = "Blocked users keep their direct assignments, and every service.";

/** Users that go from group to group in a wave. */
export function movedUsers({ moves }: Pick<Wave, "moves">): number {
  return moves.reduce((sum, { users }) => sum + users, 0);
}

/** A wave's move, as a row of a table. */
export interface MoveRow {
  readonly wave: string;
  /** `E3 users → E5 users`; a rollback the other way round. */
  readonly way: string;
  readonly users: number;
  /** `5 of 45 free seats of SPE_E5`: the peak. */
  readonly seats: string;
  /** `2: no seat of SPE_E5 is free`; empty: all go. */
  readonly stay: string;
}

/** The moves of all waves with something to do or to say. */
export function moveRows(waves: readonly Wave[]): readonly MoveRow[] {
  return waves.flatMap(({ name, mode, moves }) =>
    moves.flatMap(({ from, to, users, seats, stay }): MoveRow[] => {
      if (users + stay.length === 0) return [];
      const peak = seats.map(
        ({ sku, needed, free }) => `${thousands(needed)} of ${counted(free, "free seat")} of ${sku}`,
      );
      return [
        {
          wave: name,
          way: mode === "restore" ? `${to} → ${from}` : `${from} → ${to}`,
          users,
          seats: peak.join(", "),
          stay: stay.map(({ words, users: few }) => `${thousands(few)}: ${words}`).join("; "),
        },
      ];
    }),
  );
}
