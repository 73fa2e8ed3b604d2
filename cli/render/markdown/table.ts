import { thousands } from "../../../licensing/counts";

export interface Column<T> {
  readonly head: string;
  /** Returns Markdown. Texts from the tenant must be escaped with `inline` or `code`. */
  readonly cell: (row: T) => string;
  readonly isNumber?: boolean;
}

/** A Markdown table; empty without rows. If it is cut, a line gives the number of further rows in plan.json. */
export function table<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  most: number = rows.length,
): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const shown = rows.slice(0, most);
  return [
    line(columns.map(({ head }) => head)),
    line(columns.map(({ isNumber = false }) => (isNumber ? "--:" : ":--"))),
    ...shown.map((row) => line(columns.map(({ cell }) => cell(row)))),
    "",
    ...moreThan(shown.length, rows.length),
  ];
}

export function moreThan(shown: number, all: number): readonly string[] {
  return all > shown ? [`… and ${thousands(all - shown)} more in \`plan.json\`.`, ""] : [];
}

/** Lines that are folded away under a summary. */
export function folded(summary: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["<details>", `<summary>${summary}</summary>`, "", ...lines, "</details>", ""];
}
