/**
 * Milliseconds from a `Retry-After` header: whole or fractional seconds, or an HTTP date. Rounded up, so that no
 * request is sent too early; never negative; `null` if absent or not understood.
 */
export function readRetryAfter(header: string | null | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? "";
  if (text === "") return null;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds * 1000));
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}
