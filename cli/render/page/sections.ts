import { doubtLine } from "../../../licensing/drift/drift-words";
import { formatMoment } from "../../../licensing/moment-words";
import type { PlanDocument } from "../../../licensing/plan-document/schema";
import { thousands } from "../../../licensing/counts";
import { remarks } from "../remarks";
import {
  formatBlocked,
  DRIFT_WORDS,
  groupName,
  groupRows,
  moveRows,
  formatPlan,
  formatSoak,
  formatStart,
  formatUserName,
} from "../words";
import { htmlTable, markup, type Content, type Markup } from "./html";
import { SOURCES } from "./sku-chart";

/** The tables of the page, in the order in which it shows them. */

export function wavesTable({ waves }: PlanDocument): Markup | null {
  return htmlTable("Waves", waves, [
    { head: "Wave", cell: ({ name }) => markup`<code>${name}</code>` },
    { head: "Takes", cell: ({ takes }) => takes },
    { head: "When", cell: (wave) => formatStart(wave) },
    { head: "Users", cell: ({ plannedUsers }) => thousands(plannedUsers), isNumber: true },
    { head: "Direct assignments", cell: (wave) => formatPlan(wave) },
    { head: "Blocked users", cell: (wave) => formatBlocked(wave) },
    { head: "Soak", cell: (wave) => formatSoak(wave) },
    { head: "At the earliest", cell: ({ startsAt }) => formatMoment(startsAt) },
  ]);
}

/** `null` without licensing:moves. */
export function movesTable({ waves }: PlanDocument): Markup | null {
  const rows = moveRows(waves);
  if (rows.length === 0) return null;
  return htmlTable("Members that go from group to group", rows, [
    { head: "Wave", cell: ({ wave }) => markup`<code>${wave}</code>` },
    { head: "Move", cell: ({ way }) => way },
    { head: "Users", cell: ({ users }) => thousands(users), isNumber: true },
    { head: "Peak of seats", cell: ({ seats }) => seats },
    { head: "Stay in the old group", cell: ({ stay }) => stay },
  ]);
}

export function skusTable({ skus }: PlanDocument): Markup | null {
  const change = (now: number, after: number | undefined) =>
    after === undefined || after === now
      ? thousands(now)
      : markup`${thousands(now)} → <strong>${thousands(after)}</strong>`;
  return htmlTable("Users by where they have a SKU from, now → after this run", skus, [
    {
      head: "SKU",
      cell: ({ name, product }) => markup`<code>${name}</code>${product === null ? null : ` ${product}`}`,
    },
    ...SOURCES.map(({ key, words }) => ({
      head: words,
      cell: ({ now, after }: PlanDocument["skus"][number]) => change(now[key], after?.[key]),
      isNumber: true,
    })),
    { head: "Subscription", cell: ({ subscription }) => subscription },
    { head: "Seats", cell: ({ seats }) => thousands(seats.total), isNumber: true },
    { head: "Seats left", cell: ({ seats }) => thousands(seats.total - seats.used), isNumber: true },
  ]);
}

export function groupsTable(plan: PlanDocument): Markup | null {
  return htmlTable("What the groups give", groupRows(plan), [
    { head: "Group", cell: ({ group }) => group.displayName },
    { head: "Gives", cell: ({ licence }) => licence },
    { head: "This run", cell: ({ change }) => change },
    { head: "Members", cell: ({ group }) => thousands(group.members), isNumber: true },
    { head: "Without it today", cell: ({ newTo }) => newTo },
  ]);
}

export function refusals({ refusals: all }: PlanDocument): Markup | null {
  if (all.length === 0) return null;
  const items = all.map(
    ({ about, message }) =>
      markup`<div class="refusal">${about === "" ? null : markup`<h3>${about}</h3>`}<p>${message}</p></div>\n`,
  );
  return section("refused", "Refused", items);
}

export function findings(plan: PlanDocument): Markup | null {
  const lines = remarks(plan);
  const table = htmlTable("Findings", plan.findings, [
    { head: "About", cell: ({ about }) => about || "the tenant" },
    { head: "Severity", cell: ({ severity }) => severity },
    { head: "Count", cell: ({ count }) => thousands(count), isNumber: true },
    { head: "Situation", cell: ({ message }) => message },
    { head: "What to do", cell: ({ remedy }) => remedy },
  ]);
  const list = lines.length === 0 ? null : markup`<ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul>`;
  return table === null && list === null ? null : section("findings", "Findings", [table, list]);
}

export function drift(plan: PlanDocument): Markup | null {
  const { drift: found, addedPlans, undeclared, names } = plan;
  const returned = htmlTable(DRIFT_WORDS.returned.title, found.returned, [
    { head: "User", cell: ({ userId }) => formatUserName(userId, names) },
    { head: "SKU", cell: ({ sku }) => markup`<code>${sku}</code>` },
    { head: "When", cell: ({ at }) => (at === null ? "not known" : formatMoment(at)) },
    { head: "By", cell: ({ actor }) => actor ?? "not known" },
  ]);
  const added = htmlTable(DRIFT_WORDS.addedPlans.title, addedPlans, [
    { head: "Plan", cell: ({ plan: name }) => markup`<code>${name}</code>` },
    { head: "SKU", cell: ({ sku }) => markup`<code>${sku}</code>` },
    { head: "Group", cell: ({ group }) => groupName(group, plan) },
    { head: "Members", cell: ({ members }) => thousands(members), isNumber: true },
  ]);
  const besides = htmlTable(DRIFT_WORDS.undeclared.title, undeclared, [
    { head: "Licence", cell: ({ licence }) => licence },
    { head: "Group", cell: ({ group }) => groupName(group, plan) },
    { head: "Members", cell: ({ members }) => thousands(members), isNumber: true },
  ]);
  const gap = [found.auditGap, doubtLine(found.returned)].map((line) => line && markup`<p>${line}</p>`);
  const parts = [
    returned && [markup`<p>${DRIFT_WORDS.returned.words}</p>`, returned, gap],
    added && [markup`<p>${DRIFT_WORDS.addedPlans.words}</p>`, added],
    besides && [markup`<p>${DRIFT_WORDS.undeclared.words}</p>`, besides],
  ];
  return parts.every((part) => part === null) ? null : section("drift", "What others changed", parts);
}

export function section(id: string, title: string, content: Content): Markup {
  return markup`<section aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>\n${content}\n</section>`;
}
