import { thousands } from "../../../licensing/counts";

/** Escapes a text for use between tags or in a quoted attribute. */
export function html(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Escapes JSON for a script element, so that it can neither end the element nor begin a comment. */
export function jsonInScript(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

export interface Column<T> {
  readonly head: string;
  /** Returns HTML. Texts from the plan must be escaped with `html`. */
  readonly cell: (row: T) => string;
  readonly isNumber?: boolean;
}

/** A table that scrolls if it is too wide; its first column is the row header. Empty without rows. */
export function htmlTable<T>(caption: string, rows: readonly T[], columns: readonly Column<T>[]): string {
  if (rows.length === 0) return "";
  const kind = ({ isNumber = false }: Column<T>) => (isNumber ? ' class="number"' : "");
  const head = columns.map((column) => `<th scope="col"${kind(column)}>${html(column.head)}</th>`).join("");
  const line = (row: T) =>
    columns
      .map((column, index) =>
        index === 0
          ? `<th scope="row"${kind(column)}>${column.cell(row)}</th>`
          : `<td${kind(column)}>${column.cell(row)}</td>`,
      )
      .join("");
  const more =
    rows.length > MOST_ROWS ? `<p>… and ${thousands(rows.length - MOST_ROWS)} more in <code>plan.json</code>.</p>` : "";
  return `<div class="scroll" tabindex="0" role="region" aria-label="${html(caption)}"><table>
<caption>${html(caption)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${rows
  .slice(0, MOST_ROWS)
  .map((row) => `<tr>${line(row)}</tr>`)
  .join("\n")}
</tbody></table></div>${more}`;
}

/** More rows than a reader needs, and few enough for a browser. */
const MOST_ROWS = 200;
