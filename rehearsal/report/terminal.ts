import { styleText } from "node:util";
import Table from "cli-table3";
import type { Rehearsal } from "../migration/result";
import { sectionsOf } from "./sections";

/** The report for a terminal: the verdict is the first line. */
export function terminalText(rehearsal: Rehearsal, isTTY: boolean): string {
  const bold = (text: string) => (isTTY ? styleText("bold", text) : text);
  const sections = sectionsOf(rehearsal).flatMap(({ title, table, lines }) => [
    "",
    bold(title),
    ...(table === undefined ? [] : [tableText(table)]),
    ...lines.map((line) => `  ${line.replaceAll("\n", "\n    ")}`),
  ]);
  return [bold(rehearsal.verdict.summary), ...sections, ""].join("\n");
}

function tableText({ head, rows }: { head: readonly string[]; rows: readonly (readonly string[])[] }): string {
  // Colours are for the terminal's own output: this is also read in logs.
  const table = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}
