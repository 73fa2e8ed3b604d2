import { LIMITS, type Limits } from "./limits";

/** A comment on GitHub holds 65,536 characters, and a pipeline adds some of its own. */
export const MOST_CHARACTERS = 60_000;

/**
 * Markdown that fits into a comment: composed with narrower limits until it does.
 *
 * @throws {Error} if it is too long with one row in each list
 */
export function fitting(compose: (limits: Limits) => readonly string[]): string {
  for (const limits of LIMITS) {
    const text = `${compose(limits).join("\n").trimEnd()}\n`;
    if (text.length < MOST_CHARACTERS) return text;
  }
  throw new Error("with one row in each list it is longer than a comment may be");
}
