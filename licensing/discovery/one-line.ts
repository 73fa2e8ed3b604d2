/**
 * Cleans a name from the tenant for a comment or a table: one line, without marks that change the text direction,
 * which could make a file read differently from its content.
 */
export function oneLine(name: string): string {
  return name
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
}
