/**
 * Any user may choose the names that end up in terminals, CI logs and files. So control characters, direction marks and
 * CI commands are removed once, where answers are read, and no output can forget it.
 */

const BLANKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/** Other control characters, direction marks, and unpaired surrogates. */
const UNSEEN =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** `::error::` of GitHub at the start of a line; `##[…]` and `##vso[…]` of GitHub and Azure DevOps anywhere in it. */
const COMMAND_AT_START = /^(\s*):(?=:)/;
const COMMAND = /##(?=\[|vso\[)/gi;

/** Text as one visible line; invisible characters become `\ufffd`. */
export function visibleText(text: string): string {
  return text.replace(BLANKS, " ").replace(UNSEEN, "\ufffd").replace(COMMAND_AT_START, "$1: ").replace(COMMAND, "# #");
}

/** Finds in JSON each character or escape that `visibleText` could change. */
const SUSPECT =
  /\\[bfnrt]|\\u(?:00[0189][0-9a-f]|007f|061c|20[026][0-9a-f]|d[89a-f][0-9a-f]{2}|feff|003a|0023)|[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff]|"\s*::|##/i;

/** Compared with the stack file character by character, so cleaned only for output. */
const EXACT = new Set(["membershipRule"]);

/**
 * Parses an answer and makes all its texts visible. An answer without suspect characters takes no longer than
 * `JSON.parse`.
 *
 * @throws {SyntaxError} if the text is not JSON
 */
export function parseVisible(json: string): unknown {
  if (!SUSPECT.test(json)) return JSON.parse(json) as unknown;
  return JSON.parse(json, (key, value: unknown) =>
    // Links must be followed unchanged.
    typeof value === "string" && !EXACT.has(key) && !key.startsWith("@odata.") ? visibleText(value) : value,
  ) as unknown;
}
