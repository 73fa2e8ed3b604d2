import Table from "cli-table3";

type Layout = Pick<Table.TableConstructorOptions, "colAligns" | "colWidths" | "wordWrap">;

/** A table for a terminal, without colours: it is also read in logs and pasted into documents. */
export function terminalTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  layout: Layout = {},
): string {
  const table = new Table({ ...layout, head: [...head], style: { head: [], border: [], compact: true } });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}
