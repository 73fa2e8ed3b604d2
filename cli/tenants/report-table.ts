import { cut } from "../render/markdown/inline";
import { terminalTable } from "../terminal-table";
import { LABELS } from "./labels";
import { needsPerson, type TenantResult } from "./result";

/** A terminal is read from the side: the page has all of it. */
const WIDE = 60;
const SHOWN_LINES = 6;

/** A row for each tenant, and below it the first words of what is to be mended. */
export function reportTable(results: readonly TenantResult[]): string {
  const table = terminalTable(
    ["stack", "", "migration", "the next up", "blocked", "drift"],
    results.map(({ stack, verdict, state, next, blocked, drift }) => [
      printed(stack),
      LABELS[verdict],
      printed(state),
      printed(next),
      blocked === 0 ? "" : String(blocked),
      drift,
    ]),
    {
      colAligns: ["left", "left", "left", "left", "right", "left"],
      wordWrap: true,
      colWidths: [null, null, WIDE, WIDE, null, null],
    },
  );
  return [table, ...results.filter(needsPerson).flatMap(troublesOf)].join("\n");
}

function troublesOf({ stack, troubles }: TenantResult): readonly string[] {
  const [first, ...others] = troubles;
  if (first === undefined) return [];
  const lines = [...first.what.split("\n"), ...first.remedy.split("\n")].map(printed).filter((line) => line !== "");
  return [
    "",
    `${stack}:`,
    ...lines.slice(0, SHOWN_LINES).map((line) => `  ${line}`),
    ...(others.length === 0 ? [] : [`  and ${others.length} more, in tenants.md`]),
  ];
}

/** Names in a tenant are anybody's to choose: nothing in them steers a terminal. */
function printed(text: string): string {
  return cut(text.replace(/[\p{Cc}\p{Cf}]+/gu, " ").trim(), 400);
}
