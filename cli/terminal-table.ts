import Table from "cli-table3";
import stringWidth from "string-width";

interface Layout extends Pick<Table.TableConstructorOptions, "colAligns"> {
  /** Characters that the table may take in a row. Default: 100, as in a terminal. */
  readonly width?: number;
}

/** Columns that the table wraps stay at least this wide. */
const NARROWEST = 12;

/**
 * A table for a terminal, without colours: it is also read in logs and pasted into documents. Its widest columns wrap
 * where it would be wider than `width`.
 */
export function terminalTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { width = 100, ...layout }: Layout = {},
): string {
  const widths = fitted(
    head.map((_, at) => Math.max(...[head, ...rows].map((row) => cellWidth(row[at] ?? "")))),
    width,
  );
  const table = new Table({
    ...layout,
    colWidths: [...widths],
    wordWrap: true,
    // A word that is wider than its column would be cut otherwise.
    wrapOnWordBoundary: rows.every((row) => row.every((cell, at) => longestWord(cell) + 2 <= (widths[at] ?? 0))),
    head: [...head],
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

/** With a space on each side. */
function cellWidth(cell: string): number {
  return Math.max(...cell.split("\n").map((line) => stringWidth(line))) + 2;
}

function longestWord(cell: string): number {
  return Math.max(...cell.split(/\s/).map((word) => stringWidth(word)));
}

/** Takes from the widest column until all of them fit, with the lines between them. */
function fitted(natural: readonly number[], limit: number): readonly number[] {
  const widths = [...natural];
  const space = limit - (widths.length + 1);
  const sum = () => widths.reduce((all, width) => all + width, 0);
  while (sum() > space) {
    const widest = widths.indexOf(Math.max(...widths));
    const width = widths[widest] ?? 0;
    if (width <= NARROWEST) break;
    widths[widest] = width - 1;
  }
  return widths;
}
