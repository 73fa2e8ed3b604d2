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
  formatPlan,
  formatSoak,
  formatStart,
  formatUserName,
} from "../words";
import { html, htmlTable } from "./html";
import { SOURCES } from "./sku-chart";

/** The tables of the page, in the order in which it shows them. */

export function wavesTable({ waves }: PlanDocument): string {
  return htmlTable("Waves", waves, [
    { head: "Wave", cell: ({ name }) => `<code>${html(name)}</code>` },
    { head: "Takes", cell: ({ takes }) => html(takes) },
    { head: "When", cell: (wave) => html(formatStart(wave)) },
    { head: "Users", cell: ({ plannedUsers }) => thousands(plannedUsers), isNumber: true },
    { head: "Direct assignments", cell: (wave) => html(formatPlan(wave)) },
    { head: "Blocked users", cell: (wave) => formatBlocked(wave) },
    { head: "Soak", cell: (wave) => html(formatSoak(wave)) },
    { head: "At the earliest", cell: ({ startsAt }) => formatMoment(startsAt) },
  ]);
}

export function skusTable({ skus }: PlanDocument): string {
  const change = (now: number, after: number | undefined) =>
    after === undefined || after === now ? thousands(now) : `${thousands(now)} → <strong>${thousands(after)}</strong>`;
  return htmlTable("Users by where they have a SKU from, now → after this run", skus, [
    {
      head: "SKU",
      cell: ({ name, product }) => `<code>${html(name)}</code>${product === null ? "" : ` ${html(product)}`}`,
    },
    ...SOURCES.map(({ key, words }) => ({
      head: words,
      cell: ({ now, after }: PlanDocument["skus"][number]) => change(now[key], after?.[key]),
      isNumber: true,
    })),
    { head: "Subscription", cell: ({ subscription }) => html(subscription) },
    { head: "Seats", cell: ({ seats }) => thousands(seats.total), isNumber: true },
    { head: "Seats left", cell: ({ seats }) => thousands(seats.total - seats.used), isNumber: true },
  ]);
}

export function groupsTable(plan: PlanDocument): string {
  return htmlTable("What the groups give", groupRows(plan), [
    { head: "Group", cell: ({ group }) => html(group.displayName) },
    { head: "Gives", cell: ({ licence }) => html(licence) },
    { head: "This run", cell: ({ change }) => html(change) },
    { head: "Members", cell: ({ group }) => thousands(group.members), isNumber: true },
    { head: "Without it today", cell: ({ newTo }) => newTo },
  ]);
}

export function refusals({ refusals: all }: PlanDocument): string {
  if (all.length === 0) return "";
  const items = all.map(
    ({ about, message }) =>
      `<div class="refusal">${about === "" ? "" : `<h3>${html(about)}</h3>`}<p>${html(message)}</p></div>`,
  );
  return section("refused", "Refused", items.join("\n"));
}

export function findings(plan: PlanDocument): string {
  const lines = remarks(plan);
  const table = htmlTable("Findings", plan.findings, [
    { head: "About", cell: ({ about }) => (about === "" ? "the tenant" : html(about)) },
    { head: "Severity", cell: ({ severity }) => severity },
    { head: "Count", cell: ({ count }) => thousands(count), isNumber: true },
    { head: "Situation", cell: ({ message }) => html(message) },
    { head: "What to do", cell: ({ remedy }) => html(remedy) },
  ]);
  const list = lines.length === 0 ? "" : `<ul>${lines.map((line) => `<li>${html(line)}</li>`).join("")}</ul>`;
  return table === "" && list === "" ? "" : section("findings", "Findings", table + list);
}

export function drift(plan: PlanDocument): string {
  const { drift: found, addedPlans, undeclared, names } = plan;
  const returned = htmlTable(DRIFT_WORDS.returned.title, found.returned, [
    { head: "User", cell: ({ userId }) => html(formatUserName(userId, names)) },
    { head: "SKU", cell: ({ sku }) => `<code>${html(sku)}</code>` },
    { head: "When", cell: ({ at }) => (at === null ? "not known" : formatMoment(at)) },
    { head: "By", cell: ({ actor }) => html(actor ?? "not known") },
  ]);
  const added = htmlTable(DRIFT_WORDS.addedPlans.title, addedPlans, [
    { head: "Plan", cell: ({ plan: name }) => `<code>${html(name)}</code>` },
    { head: "SKU", cell: ({ sku }) => `<code>${html(sku)}</code>` },
    { head: "Group", cell: ({ group }) => html(groupName(group, plan)) },
    { head: "Members", cell: ({ members }) => thousands(members), isNumber: true },
  ]);
  const besides = htmlTable(DRIFT_WORDS.undeclared.title, undeclared, [
    { head: "Licence", cell: ({ licence }) => html(licence) },
    { head: "Group", cell: ({ group }) => html(groupName(group, plan)) },
    { head: "Members", cell: ({ members }) => thousands(members), isNumber: true },
  ]);
  const gap = [found.auditGap, doubtLine(found.returned)]
    .map((line) => (line === null ? "" : `<p>${html(line)}</p>`))
    .join("");
  const parts = [
    returned === "" ? "" : `<p>${html(DRIFT_WORDS.returned.words)}</p>${returned}${gap}`,
    added === "" ? "" : `<p>${html(DRIFT_WORDS.addedPlans.words)}</p>${added}`,
    besides === "" ? "" : `<p>${html(DRIFT_WORDS.undeclared.words)}</p>${besides}`,
  ].join("");
  return parts === "" ? "" : section("drift", "What others changed", parts);
}

export function section(id: string, title: string, content: string): string {
  return `<section aria-labelledby="${id}-title"><h2 id="${id}-title">${html(title)}</h2>\n${content}\n</section>`;
}
