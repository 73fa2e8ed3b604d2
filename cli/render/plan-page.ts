import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatMoment } from "../../licensing/moment-words";
import { formatDirectMoves } from "../../licensing/plan/direct-moves";
import type { PlanDocument } from "../../licensing/plan-document/schema";
import { counted } from "../../licensing/counts";
import { blockedUsers } from "./page/blocked-users";
import { markup, raw, type Markup } from "./page/html";
import { drift, findings, groupsTable, movesTable, refusals, section, skusTable, wavesTable } from "./page/sections";
import { skuChart } from "./page/sku-chart";
import { timeLineChart } from "./page/time-line-chart";
import { formatSuccessions, formatSwaps } from "./words";

const STYLE = readFileSync(join(__dirname, "page", "page.css"), "utf8");
const SCRIPT = readFileSync(join(__dirname, "page", "browser", "blocked-table.js"), "utf8");

/** The plan as one HTML page that works from disk, without the network. */
export function planPage(plan: PlanDocument): string {
  const hasTable = plan.blocked.assignments.length > 0;
  const hasPlan = plan.groups.length > 0;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src '${digestOf(SCRIPT)}'; base-uri 'none'; form-action 'none'">
<title>Licensing plan for ${plan.stack}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<header>
<h1>Licensing plan for ${plan.stack}</h1>
<p class="verdict ${plan.verdict.word}"><strong>${plan.verdict.label}:</strong> ${plan.verdict.summary}</p>
<p class="facts">${facts(plan)}</p>
</header>
<main>
${refusals(plan)}
${hasPlan ? section("waves", "Waves and their dates", timeLine(plan)) : null}
${hasPlan ? section("skus", "Licences and their source, now → after this run", [skuChart(plan.skus), skusTable(plan)]) : null}
${hasPlan ? section("groups", "What the groups give", groupsTable(plan)) : null}
${findings(plan)}
${hasPlan ? section("blocked", "Blocked users", blockedUsers(plan)) : null}
${drift(plan)}
</main>
${hasTable ? markup`<script>${raw(SCRIPT)}</script>` : null}
</body>
</html>
`.toString();
}

function timeLine(plan: PlanDocument): Markup {
  if (plan.waves.length === 0) {
    return markup`<p>The stack file has no waves: the groups get their licences, and nothing is removed.</p>`;
  }
  const told = [formatDirectMoves(plan.blocked.moves), formatSuccessions(plan), formatSwaps(plan)].filter(
    (line) => line !== "",
  );
  const hasSoak = plan.waves.some(({ soakMs }) => soakMs > 0);
  const hint = hasSoak
    ? "Waiting waves are drawn at their earliest start, assuming licensing:applyThrough is advanced in time."
    : "No wave has a soak: each may follow the one before it as soon as licensing:applyThrough allows it.";
  return markup`${hasSoak ? timeLineChart(plan) : null}${told.map((line) => markup`<p>${line}</p>`)}<p class="hint">${hint}</p>${wavesTable(plan)}${movesTable(plan)}`;
}

function facts({ tenant, users, applyThrough, plannedAt, predicted, waves }: PlanDocument): string {
  return [
    ...(tenant === null ? [] : [`tenant ${tenant}`]),
    ...(users === 0 ? [] : [`${counted(users, "user")} in scope`]),
    ...(waves.length === 0 ? [] : [`applyThrough: ${applyThrough ?? "not set"}`]),
    `planned ${formatMoment(plannedAt)}`,
    ...(predicted ? ["predicted, because the groups do not give all of their licences yet"] : []),
  ].join(" · ");
}

/** The digest with which the page's security policy allows only this script. */
function digestOf(script: string): string {
  return `sha256-${createHash("sha256").update(script).digest("base64")}`;
}
