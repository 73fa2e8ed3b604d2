/** Formats an ISO 8601 time in UTC as `2026-11-20 14:03 UTC`. */
export function formatMoment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** Formats milliseconds since 1970 as `2026-11-20 14:03 UTC`. */
export function formatTime(ms: number): string {
  return formatMoment(new Date(ms).toISOString());
}
