import { cut } from "../render/markdown/inline";
import { terminalTable } from "../terminal-table";
import { LABELS } from "./labels";
import { needsPerson, type TenantResult } from "./result";

/** A limit for a terminal; the report page shows everything. */
const SHOWN_LINES = 6;

/** One row per tenant, followed by the first lines of each remedy. */
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
    { colAligns: ["left", "left", "left", "left", "right", "left"] },
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

/** Removes control characters: names in a tenant are untrusted and must not control the terminal. */
function printed(text: string): string {
  return cut(text.replace(/[\p{Cc}\p{Cf}]+/gu, " ").trim(), 400);
}
