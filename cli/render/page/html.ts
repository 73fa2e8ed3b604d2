import { html, raw } from "hono/html";
import type { HtmlEscapedString as Markup } from "hono/utils/html";
import { thousands } from "../../../licensing/counts";

export { raw, type Markup };

/** Texts are escaped, markup is not, and `null` is nothing. */
export type Content = string | number | Markup | null | readonly Content[];

/** HTML from a template, which escapes each text in it for use between tags or in a quoted attribute. */
export function markup(template: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  // A promise only where one of the contents is.
  return html(template, ...contents) as Markup;
}

/** Escapes JSON for a script element, so that it can neither end the element nor begin a comment. */
export function jsonInScript(value: unknown): Markup {
  const json = JSON.stringify(value);
  return raw(json.replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029"));
}

export interface Column<T> {
  readonly head: string;
  readonly cell: (row: T) => Content;
  readonly isNumber?: boolean;
}

/** A table that scrolls if it is too wide; its first column is the row header. `null` without rows. */
export function htmlTable<T>(caption: string, rows: readonly T[], columns: readonly Column<T>[]): Markup | null {
  if (rows.length === 0) return null;
  const kind = ({ isNumber = false }: Column<T>) => (isNumber ? raw(' class="number"') : null);
  const head = columns.map((column) => markup`<th scope="col"${kind(column)}>${column.head}</th>`);
  const cells = (row: T) =>
    columns.map((column, index) =>
      index === 0
        ? markup`<th scope="row"${kind(column)}>${breakable(column.cell(row))}</th>`
        : markup`<td${kind(column)}>${breakable(column.cell(row))}</td>`,
    );
  const more = rows.length - MOST_ROWS;
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${rows.slice(0, MOST_ROWS).map((row) => markup`<tr>${cells(row)}</tr>\n`)}</tbody></table></div>${
    more > 0 ? markup`<p>… and ${thousands(more)} more in <code>plan.json</code>.</p>` : null
  }`;
}

/** A name without a blank may break every so often, so that it does not push the other columns off the screen. */
function breakable(content: Content): Content {
  if (typeof content !== "string") return content;
  return content.split(LONG_WORD).map((part, at) => (at % 2 === 1 ? markup`${part}<wbr>` : part));
}

/** In the result of a split, each such part is at an odd place. */
const LONG_WORD = /(\S{30})(?=\S)/;

/** More rows than a reader needs, and few enough for a browser. */
const MOST_ROWS = 200;
