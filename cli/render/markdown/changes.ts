import { formatDirectMoves } from "../../../licensing/plan/direct-moves";
import type { PlanDocument } from "../../../licensing/plan-document/schema";
import { counted, thousands } from "../../../licensing/counts";
import {
  formatBlocked,
  formatGiven,
  groupRows,
  formatPlan,
  formatSoak,
  formatStart,
  formatSuccessions,
  formatSwaps,
  formatUserName,
  moveRows,
} from "../words";
import { inline } from "./inline";
import { within, type Limits } from "./limits";
import { folded, moreThan, table } from "./table";

/** The sections on changes: waves, groups, and SKUs before and after. */

type Wave = PlanDocument["waves"][number];

export function waves(plan: PlanDocument, limits: Limits): readonly string[] {
  const { text, name } = within(limits);
  if (plan.groups.length === 0) return [];
  if (plan.waves.length === 0) {
    return ["### Waves", "", "The stack file has no waves: the groups get their licences, and nothing is removed.", ""];
  }
  return [
    "### Waves and their dates",
    "",
    RULE,
    "",
    ...(plan.predicted ? [PREDICTED, ""] : []),
    ...[formatDirectMoves(plan.blocked.moves), text(formatSuccessions(plan)), text(formatSwaps(plan))].flatMap(
      (line) => (line === "" ? [] : [line, ""]),
    ),
    ...table(
      plan.waves,
      [
        { head: "Wave", cell: (wave) => (wave.state === "runs" ? `**${name(wave.name)}**` : name(wave.name)) },
        { head: "Takes", cell: (wave) => text(wave.takes) },
        {
          head: "When",
          cell: (wave) => (wave.state === "runs" ? `**${text(formatStart(wave))}**` : text(formatStart(wave))),
        },
        { head: "Users", cell: (wave) => thousands(wave.plannedUsers), isNumber: true },
        { head: "Direct assignments", cell: (wave) => text(formatPlan(wave)) },
        { head: "Blocked", cell: (wave) => formatBlocked(wave), isNumber: true },
        { head: "Soak", cell: (wave) => formatSoak(wave) },
      ],
      limits.rows,
    ),
    ...movesOf(plan, limits),
    ...plan.waves.slice(0, limits.rows).flatMap((wave) => usersOf(wave, plan, limits)),
  ];
}

/** Members that go from group to group; nothing without licensing:moves. */
function movesOf({ waves }: PlanDocument, limits: Limits): readonly string[] {
  const { text, name } = within(limits);
  const rows = moveRows(waves);
  if (rows.length === 0) return [];
  return [
    "**From group to group**: a user needs a seat of the new licence before leaving the old group, and keeps both until then.",
    "",
    ...table(
      rows,
      [
        { head: "Wave", cell: (row) => name(row.wave) },
        { head: "Move", cell: (row) => text(row.way) },
        { head: "Users", cell: (row) => thousands(row.users), isNumber: true },
        { head: "Peak of seats", cell: (row) => text(row.seats) },
        { head: "Stay in the old group", cell: (row) => text(row.stay) },
      ],
      limits.rows,
    ),
  ];
}

const PREDICTED =
  "The groups do not give all of their licences yet, so this is a forecast. The run looks at every member again when they do.";

const RULE =
  "A direct assignment goes only where a fresh read of the user proves that their groups give the same services; else it stays.";

/** The users that this run changes, in a folded section. Users of waiting waves are only in plan.json. */
function usersOf(wave: Wave, { names }: PlanDocument, limits: Limits): readonly string[] {
  const { text, name } = within(limits);
  if (wave.state !== "runs" || wave.plannedUsers === 0) return [];
  const lists = wave.assignments.slice(0, limits.rows).flatMap(({ sku, disabledPlans, userIds }) => {
    const shown = userIds.slice(0, limits.rows);
    const who = shown.map((userId) => name(formatUserName(userId, names))).join(", ");
    return [
      `**${text(formatGiven({ sku, disabledPlans }))}**, ${counted(userIds.length, "user")}: ${who}`,
      "",
      ...moreThan(shown.length, userIds.length),
    ];
  });
  return folded(`Users of ${inline(wave.name)}: ${counted(wave.plannedUsers, "user")}`, lists);
}

export function groups(plan: PlanDocument, limits: Limits): readonly string[] {
  const { text, name } = within(limits);
  const rows = groupRows(plan);
  if (rows.length === 0) return [];
  return [
    "### What the groups give",
    "",
    ...table(
      rows,
      [
        { head: "Group", cell: ({ group }) => name(group.displayName) },
        { head: "Gives", cell: ({ licence }) => text(licence) },
        { head: "This run", cell: ({ change }) => text(change) },
        { head: "Members", cell: ({ group }) => thousands(group.members), isNumber: true },
        { head: "Without it today", cell: ({ newTo }) => newTo, isNumber: true },
      ],
      limits.rows,
    ),
  ];
}

export function skus(plan: PlanDocument, limits: Limits): readonly string[] {
  const { text, name } = within(limits);
  if (plan.skus.length === 0) return [];
  const change = (sku: PlanDocument["skus"][number], of: "direct" | "both" | "inherited" | "blocked") => {
    const [now, after] = [sku.now[of], sku.after?.[of] ?? sku.now[of]];
    return now === after ? thousands(now) : `${thousands(now)} → **${thousands(after)}**`;
  };
  const moves = plan.skus.some(({ after }) => after !== null);
  return [
    `### Licences and their source${moves ? ", now → after this run" : ""}`,
    "",
    ...table(
      plan.skus,
      [
        { head: "SKU", cell: (sku) => name(sku.name) + (sku.product === null ? "" : ` ${text(sku.product)}`) },
        { head: "Direct only", cell: (sku) => change(sku, "direct"), isNumber: true },
        { head: "Direct and inherited", cell: (sku) => change(sku, "both"), isNumber: true },
        { head: "Inherited only", cell: (sku) => change(sku, "inherited"), isNumber: true },
        { head: "Blocked", cell: (sku) => change(sku, "blocked"), isNumber: true },
        { head: "Subscription", cell: ({ subscription }) => text(subscription) },
        { head: "Seats left", cell: ({ seats }) => thousands(seats.total - seats.used), isNumber: true },
      ],
      limits.rows,
    ),
  ];
}
