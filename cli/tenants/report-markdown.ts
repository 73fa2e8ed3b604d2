import { formatTime } from "../../licensing/moment-words";
import { code, cut, inline } from "../render/markdown/inline";
import { table } from "../render/markdown/table";
import { LABELS } from "./labels";
import { needsPerson, type TenantResult } from "./result";

/** GitHub shows 1 MiB on the page of a run; fifty tenants with much to say stay far below. */
const SHOWN_TROUBLES = 8;
const LONGEST_TROUBLE = 1_500;

/** The page over all tenants: a row each, and what to do for those that need a person. */
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

/** A runbook keeps its lines; commands in it are told from words by nothing, so all of it is shown literally. */
function lines(text: string): string {
  return cut(text, LONGEST_TROUBLE)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(inline)
    .join("<br>");
}
