import { OPEN_ID_TIMEOUT_MS } from "./limits";

/**
 * How far our clock is ahead of Graph's, in milliseconds, by the `Date` header of an answer, which is exact to a second; `null`: it
 * has none. Asked without a token, so it is the refusal that is looked at, and needs no permission.
 */
export async function clockAheadMs(
  host: string,
  fetch: typeof globalThis.fetch,
  now: () => number,
): Promise<number | null> {
  const beforeMs = now();
  const response = await fetch(`${host}/v1.0/organization?$select=id`, {
    redirect: "manual",
    signal: AbortSignal.timeout(OPEN_ID_TIMEOUT_MS),
  });
  const afterMs = now();
  await response.arrayBuffer();
  const theirs = Date.parse(response.headers.get("Date") ?? "");
  if (Number.isNaN(theirs)) return null;
  // The header is cut to the second: on the average it is half a second old.
  return Math.round((beforeMs + afterMs) / 2 - (theirs + 500));
}
