import { doubtLine } from "../../../licensing/drift/drift-words";
import { formatMoment } from "../../../licensing/moment-words";
import type { PlanDocument } from "../../../licensing/plan-document/schema";
import { counted, thousands } from "../../../licensing/counts";
import { remarks } from "../remarks";
import { BLOCKED_KEEP, DRIFT_WORDS, groupName, SEVERITY_MARKS, formatUserName } from "../words";
import { cut, inline } from "./inline";
import { within, type Limits } from "./limits";
import { folded, moreThan, table } from "./table";

/** The sections that need an administrator: refusals, findings, blocked users, drift. */

export function facts(plan: PlanDocument, limits: Limits): readonly string[] {
  const { name } = within(limits);
  const { tenant, users, applyThrough, plannedAt, waves } = plan;
  const parts = [
    ...(tenant === null ? [] : [`tenant ${name(tenant)}`]),
    ...(users === 0 ? [] : [`${counted(users, "user")} in scope`]),
    ...(waves.length === 0 ? [] : [`\`applyThrough\`: ${applyThrough === null ? "not set" : name(applyThrough)}`]),
    `planned ${formatMoment(plannedAt)}`,
  ];
  return [parts.join(" · "), ""];
}

export function refusals({ refusals: all }: PlanDocument, limits: Limits): readonly string[] {
  const { text } = within(limits);
  if (all.length === 0) return [];
  const shown = all.slice(0, limits.rows);
  return [
    "### Refused",
    "",
    ...shown.flatMap(({ about, message }) => [
      ...(about === "" ? [] : [`**${text(about)}**`, ""]),
      ...cut(message, 10 * limits.characters)
        .split("\n")
        .map((line) => `> ${inline(line)}  `),
      "",
    ]),
    ...moreThan(shown.length, all.length),
  ];
}

export function attention(plan: PlanDocument, limits: Limits): readonly string[] {
  const { text } = within(limits);
  const { findings } = plan;
  const lines = remarks(plan);
  if (findings.length + lines.length === 0) return [];
  const shown = lines.slice(0, limits.rows);
  return [
    "### Findings",
    "",
    ...table(
      findings,
      [
        { head: "", cell: ({ severity }) => `${SEVERITY_MARKS[severity]} ${severity}` },
        { head: "About", cell: ({ about }) => (about === "" ? "the tenant" : text(about)) },
        { head: "Count", cell: ({ count }) => thousands(count), isNumber: true },
        { head: "Situation", cell: ({ message }) => text(message) },
        { head: "What to do", cell: ({ remedy }) => text(remedy) },
      ],
      limits.rows,
    ),
    ...shown.map((line) => `- ${text(line)}`),
    "",
    ...moreThan(shown.length, lines.length),
  ];
}

export function blockedReasons({ blocked, names }: PlanDocument, limits: Limits): readonly string[] {
  const { text, name } = within(limits);
  if (blocked.reasons.length === 0) return [];
  const lists = blocked.reasons.slice(0, limits.rows).flatMap(({ words, sku }, reason) => {
    const ids = blocked.assignments.filter((each) => each.reason === reason).map(({ userId }) => userId);
    const shown = ids.slice(0, limits.rows);
    const who = shown.map((userId) => name(formatUserName(userId, names))).join(", ");
    return [`**${text(`${sku}: ${words}`)}**: ${who}`, "", ...moreThan(shown.length, ids.length)];
  });
  return [
    "### Blocked users",
    "",
    BLOCKED_KEEP,
    "",
    ...table(
      blocked.reasons,
      [
        { head: "Users", cell: ({ users }) => thousands(users), isNumber: true },
        { head: "SKU", cell: ({ sku }) => name(sku) },
        { head: "Why", cell: ({ words }) => text(words) },
        { head: "What to do", cell: ({ remedy }) => text(remedy) },
      ],
      limits.rows,
    ),
    ...folded(`The blocked users: ${counted(blocked.users, "user")}`, lists),
  ];
}

export function drift(plan: PlanDocument, limits: Limits): readonly string[] {
  const { text, name } = within(limits);
  const { drift: found, addedPlans, undeclared, names } = plan;
  return [
    ...section(
      DRIFT_WORDS.returned,
      table(
        found.returned,
        [
          { head: "User", cell: ({ userId }) => name(formatUserName(userId, names)) },
          { head: "SKU", cell: ({ sku }) => name(sku) },
          { head: "When", cell: ({ at }) => (at === null ? "not known" : formatMoment(at)) },
          { head: "By", cell: ({ actor }) => (actor === null ? "not known" : name(actor)) },
        ],
        Math.min(limits.rows, MOST_DRIFT),
      ),
      [found.auditGap, doubtLine(found.returned)].flatMap((line) => (line === null ? [] : [text(line), ""])),
    ),
    ...section(
      DRIFT_WORDS.addedPlans,
      table(
        addedPlans,
        [
          { head: "Group", cell: ({ group }) => name(groupName(group, plan)) },
          { head: "SKU", cell: ({ sku }) => name(sku) },
          { head: "Plan", cell: ({ plan: added }) => name(added) },
          { head: "Members", cell: ({ members }) => thousands(members), isNumber: true },
        ],
        limits.rows,
      ),
    ),
    ...section(
      DRIFT_WORDS.undeclared,
      table(
        undeclared,
        [
          { head: "Group", cell: ({ group }) => name(groupName(group, plan)) },
          { head: "Licence", cell: ({ licence }) => text(licence) },
          { head: "Members", cell: ({ members }) => thousands(members), isNumber: true },
        ],
        limits.rows,
      ),
    ),
  ];
}

function section(
  { title, words }: { readonly title: string; readonly words: string },
  lines: readonly string[],
  more: readonly string[] = [],
): readonly string[] {
  return lines.length === 0 ? [] : [`### ${title}`, "", words, "", ...lines, ...more];
}

/** Number of drift rows: a few are enough to see the cause. */
const MOST_DRIFT = 10;
