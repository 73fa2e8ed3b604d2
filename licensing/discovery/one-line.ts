/**
 * A name from the tenant for a comment or a table: on one line, and without the marks that turn the direction of what follows, which
 * would make a file read as something else than it says.
 */
export function oneLine(name: string): string {
  return name
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
}
