/**
 * Reads a `Retry-After` header: seconds, whole or fractional, or an HTTP date.
 * `null` where it says nothing that can be understood. Never negative; rounded up, so that nothing is sent too early.
 */
export function readRetryAfter(header: string | null | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? "";
  if (text === "") return null;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds * 1000));
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}
