import type { PlanDocument } from "../../../licensing/plan-document/schema";
import { thousands } from "../../../licensing/counts";
import { BLOCKED_KEEP } from "../words";
import { htmlTable, jsonInScript, markup, type Markup } from "./html";

const COLUMNS = [
  ["user", "User"],
  ["sku", "SKU"],
  ["wave", "Wave"],
  ["words", "Why"],
] as const;

/** The block reasons with their remedies, and a table of all blocked users that can be filtered and sorted. */
export function blockedUsers({ blocked, names }: PlanDocument): Markup {
  if (blocked.assignments.length === 0) return markup`<p>No user is blocked.</p>`;
  const rows = blocked.assignments.map(({ userId, wave, reason }) => [
    userId,
    names?.[userId] ?? "",
    wave ?? "none",
    reason,
  ]);
  const reasons = blocked.reasons.map(({ sku, words }) => ({ sku, words }));
  const heads = COLUMNS.map(
    ([key, head]) => markup`<th scope="col" data-key="${key}"><button type="button">${head}</button></th>`,
  );
  return markup`<p>${BLOCKED_KEEP}</p>
${htmlTable("Reasons", blocked.reasons, [
  { head: "Why", cell: ({ words }) => words },
  { head: "SKU", cell: ({ sku }) => markup`<code>${sku}</code>` },
  { head: "Users", cell: ({ users }) => thousands(users), isNumber: true },
  { head: "What to do", cell: ({ remedy }) => remedy },
])}
<div class="controls">
<label for="blocked-filter">Filter by user, SKU, wave or reason</label>
<input id="blocked-filter" type="search" autocomplete="off" spellcheck="false">
<output id="blocked-count" for="blocked-filter" role="status"></output>
</div>
<div class="scroll" tabindex="0" role="region" aria-label="Blocked users"><table id="blocked">
<caption>Blocked users, one row for each direct assignment that stays</caption>
<thead><tr>${heads}</tr></thead>
<tbody id="blocked-rows"></tbody></table></div>
<div class="controls">
<button id="blocked-previous" type="button">Previous page</button>
<span id="blocked-page"></span>
<button id="blocked-next" type="button">Next page</button>
</div>
<p class="print-only">Printed are the rows of one page; all of them stand in <code>plan.json</code>.</p>
<noscript><p>The table of single users needs JavaScript; all of them stand in <code>plan.json</code>.</p></noscript>
<script type="application/json" id="blocked-data">${jsonInScript({ reasons, rows })}</script>`;
}
