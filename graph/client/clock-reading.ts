import { OPEN_ID_TIMEOUT_MS } from "./limits";

/**
 * Milliseconds by which this machine's clock is ahead of Graph's, from an answer's `Date` header (accurate to one
 * second); `null` without that header. The request has no token and needs no permission: its refusal has the header
 * too.
 *
 * @throws the error of `fetch`, if the host cannot be reached
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
  // `Date` has no fraction of a second: on average it is half a second behind.
  return Math.round((beforeMs + afterMs) / 2 - (theirs + 500));
}
