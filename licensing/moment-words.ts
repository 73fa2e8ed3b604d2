/** `2026-11-20 14:03 UTC`, of a moment in UTC as documents and Graph write it. */
export function momentWords(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** The same of milliseconds since 1970. */
export function timeWords(ms: number): string {
  return momentWords(new Date(ms).toISOString());
}
