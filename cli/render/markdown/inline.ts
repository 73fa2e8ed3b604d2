/**
 * Escapes a text for Markdown, on one line. Names in a tenant are untrusted and must not mention users, make links or break a
 * table in a comment on a pull request.
 */
export function inline(text: string): string {
  return (
    oneLine(text)
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replace(/[\\`*[\]{}~|!#$^]/g, "\\$&")
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
      // An invisible comment inside keeps GitHub from linking mentions, addresses and issues.
      .replace(/@(?=[\p{L}\p{N}])/gu, `@${NOTHING}`)
      .replace(/\\#(?=\d)/g, `\\#${NOTHING}`)
      .replace(/:(?=\/\/)/g, `:${NOTHING}`)
      .replace(/(www|GH-)(?=[.\d])/gi, `$1${NOTHING}`)
  );
}

/**
 * Formats a name as code. If it contains a character that would end the code or a table cell, every character becomes a character
 * reference, because code and cells have no common escape.
 */
export function code(text: string): string {
  const line = oneLine(text);
  if (line !== "" && !/[`|\\]/.test(line)) return `\`${line}\``;
  const signs = line.replace(/[^\p{L}\p{N} ]/gu, (sign) => `&#${sign.codePointAt(0) ?? 0};`);
  return `<code>${signs.replaceAll("&#64;", `&#64;${NOTHING}`)}</code>`;
}

/** Shortens a text to `length` characters, with "…" at the end if it was cut. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
}

const NOTHING = "<!-- -->";
