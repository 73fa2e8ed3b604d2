import { styleText } from "node:util";
import { terminalTable } from "../../cli/terminal-table";
import type { Rehearsal } from "../migration/result";
import { sectionsOf } from "./sections";

/** Formats the report for a terminal. The verdict is the first line. */
export function terminalText(rehearsal: Rehearsal, isTTY: boolean): string {
  const bold = (text: string) => (isTTY ? styleText("bold", text) : text);
  const sections = sectionsOf(rehearsal).flatMap(({ title, table, lines }) => [
    "",
    bold(title),
    ...(table === undefined ? [] : [terminalTable(table.head, table.rows)]),
    ...lines.map((line) => `  ${line.replaceAll("\n", "\n    ")}`),
  ]);
  return [bold(rehearsal.verdict.summary), ...sections, ""].join("\n");
}
