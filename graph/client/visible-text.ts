/**
 * Text from a tenant goes to terminals, CI logs and files, and anybody who may name a group or themselves writes it. So it comes in without
 * control characters, direction marks, and what a CI system takes for a command: once, where answers are read, so that no output can forget it.
 */

const BLANKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/** Other control characters, marks of direction, and halves of a character. */
const UNSEEN =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** `::error::` of GitHub at the start of a line, `##[…]` and `##vso[…]` of GitHub and Azure DevOps anywhere in it. */
const COMMAND_AT_START = /^(\s*):(?=:)/;
const COMMAND = /##(?=\[|vso\[)/gi;

/** One line of text as people can see it; what can't be seen is shown as `\ufffd`. */
export function visibleText(text: string): string {
  return text.replace(BLANKS, " ").replace(UNSEEN, "\ufffd").replace(COMMAND_AT_START, "$1: ").replace(COMMAND, "# #");
}

/** Finds in a JSON text whatever `visibleText` could change: as it is, or as an escape. */
const SUSPECT =
  /\\[bfnrt]|\\u(?:00[0189][0-9a-f]|007f|061c|20[026][0-9a-f]|d[89a-f][0-9a-f]{2}|feff|003a|0023)|[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff]|"\s*::|##/i;

/** Compared with the stack file character by character, and cleaned where it is shown. */
const EXACT = new Set(["membershipRule"]);

/** Parses an answer, with all text in it visible. A large answer without anything to clean takes no longer for it. */
export function parseVisible(json: string): unknown {
  if (!SUSPECT.test(json)) return JSON.parse(json) as unknown;
  return JSON.parse(json, (key, value: unknown) =>
    // Links are followed byte by byte.
    typeof value === "string" && !EXACT.has(key) && !key.startsWith("@odata.") ? visibleText(value) : value,
  ) as unknown;
}
