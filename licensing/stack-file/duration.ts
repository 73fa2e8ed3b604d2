import ms from "ms";

/** `24 hours` in milliseconds; `null` where the words are no duration. A bare number is none: it needs a unit. */
export function parseDuration(words: string): number | null {
  // It would mean milliseconds to the parser and hours to the person.
  const parsed = /[a-z]/i.test(words) ? ms(words as ms.StringValue) : undefined;
  return parsed !== undefined && Number.isFinite(parsed) && parsed >= 0 ? parsed : null;
}
