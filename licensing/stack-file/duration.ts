import ms from "ms";

/** Parses `24 hours` to milliseconds; `null` if the text is no duration. A number needs a unit. */
export function parseDuration(words: string): number | null {
  // `ms` reads a bare number as milliseconds, while an administrator would mean hours.
  const parsed = /[a-z]/i.test(words) ? ms(words as ms.StringValue) : undefined;
  return parsed !== undefined && Number.isFinite(parsed) && parsed >= 0 ? parsed : null;
}
