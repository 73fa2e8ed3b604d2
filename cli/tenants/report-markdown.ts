import { formatTime } from "../../licensing/moment-words";
import { code, cut, inline } from "../render/markdown/inline";
import { table } from "../render/markdown/table";
import { LABELS } from "./labels";
import { needsPerson, type TenantResult } from "./result";

/** Limits that keep a report on fifty tenants far below GitHub's 1 MiB for the page of a run. */
const SHOWN_TROUBLES = 8;
const LONGEST_TROUBLE = 1_500;

/** The report on all tenants: one row each, then the remedies for tenants that need an administrator. */
export function reportMarkdown(results: readonly TenantResult[], summary: string, nowMs: number): string {
  const rows = table(results, [
    { head: "stack", cell: ({ stack }) => code(stack) },
    { head: "tenant", cell: ({ tenant }) => (tenant === null ? "" : inline(tenant)) },
    { head: "", cell: (result) => LABELS[result.verdict] },
    { head: "migration", cell: ({ state }) => inline(state) },
    { head: "the next `up`", cell: ({ next }) => inline(next) },
    { head: "blocked", cell: ({ blocked }) => (blocked === 0 ? "" : String(blocked)), isNumber: true },
    { head: "drift", cell: ({ drift }) => inline(drift) },
    { head: "seconds", cell: ({ seconds }) => String(seconds), isNumber: true },
  ]);
  const toMend = results.filter((result) => needsPerson(result) && result.troubles.length > 0);
  return [
    `# ${summary}`,
    "",
    `As of ${formatTime(nowMs)}.`,
    "",
    ...rows,
    ...(toMend.length === 0 ? [] : ["## What to do", "", ...toMend.flatMap(section)]),
  ].join("\n");
}

function section({ stack, troubles }: TenantResult): readonly string[] {
  const shown = troubles.slice(0, SHOWN_TROUBLES);
  const more = troubles.length - shown.length;
  return [
    `### ${code(stack)}`,
    "",
    ...shown.flatMap(({ what, remedy }) => [`- ${lines(what)}`, ...(remedy === "" ? [] : [`  - ${lines(remedy)}`])]),
    ...(more > 0 ? [`- … and ${more} more in \`tenants.json\`.`] : []),
    "",
  ];
}

/** Keeps the lines of a remedy and shows them literally, because commands in it can't be told from text. */
function lines(text: string): string {
  return cut(text, LONGEST_TROUBLE)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(inline)
    .join("<br>");
}
