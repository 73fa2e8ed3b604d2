/**
 * A text as Markdown shows it literally, on one line: names in a tenant are anybody's to choose, and a comment on a
 * pull request must not let them mention people, draw links or break a table.
 */
export function inline(text: string): string {
  return (
    oneLine(text)
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replace(/[\\`*[\]{}~|!#$^]/g, "\\$&")
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
      // A comment inside takes the meaning of a mention, an address or an issue and shows nothing.
      .replace(/@(?=[\p{L}\p{N}])/gu, `@${NOTHING}`)
      .replace(/\\#(?=\d)/g, `\\#${NOTHING}`)
      .replace(/:(?=\/\/)/g, `:${NOTHING}`)
      .replace(/(www|GH-)(?=[.\d])/gi, `$1${NOTHING}`)
  );
}

/**
 * A name as code, in a table or outside of one. Where it holds a sign that ends code or a table's cell, which have no common way to
 * escape it, every sign is a character reference: nothing reads those.
 */
export function code(text: string): string {
  const line = oneLine(text);
  if (line !== "" && !/[`|\\]/.test(line)) return `\`${line}\``;
  const signs = line.replace(/[^\p{L}\p{N} ]/gu, (sign) => `&#${sign.codePointAt(0) ?? 0};`);
  return `<code>${signs.replaceAll("&#64;", `&#64;${NOTHING}`)}</code>`;
}

/** At most so many characters, the last of them "…" where it was cut. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
}

const NOTHING = "<!-- -->";
