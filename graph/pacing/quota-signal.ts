import { THROTTLED_WITHOUT_TIME_MS } from "../client/limits";
import type { RetryDecision } from "../client/retry";
import type { Limit } from "./quotas";

/** What an answer's headers say about the quotas. */
export interface QuotaSignal {
  /** Milliseconds that all requests of this limit must wait; `null` if Graph did not throttle. */
  readonly throttledForMs: number | null;
  /** The limit that Graph names; `null` if none. */
  readonly limit: Limit | null;
  /** How full the quota is, from 0.8 to 1.8; `null` if less, or not given. */
  readonly fullness: number | null;
}

/**
 * Reads the headers of an answer, to a whole request or to one in a batch.
 * https://learn.microsoft.com/graph/throttling-limits#additional-headers
 *
 * @param answer its status and wait
 * @param header takes a name in lower case
 * @param decision for the request itself: if Graph gives no time, all requests of the limit wait as long as this one
 */
export function hearQuota(
  { status, retryAfterMs }: { readonly status: number; readonly retryAfterMs: number | null },
  header: (name: string) => string | null,
  decision: RetryDecision,
): QuotaSignal {
  const waitsMs = decision.next === "repeat" ? decision.afterMs : THROTTLED_WITHOUT_TIME_MS;
  const fullness = Number(header("x-ms-throttle-limit-percentage") ?? "");
  return {
    throttledForMs: status === 429 ? (retryAfterMs ?? waitsMs) : null,
    limit: namedIn(header("x-ms-throttle-information") ?? "", header("x-ms-throttle-scope") ?? ""),
    fullness: fullness > 0 ? fullness : null,
  };
}

/**
 * The scope has the form `Tenant_Application/Write/{app}/{tenant}`. `Read` belongs to a service that counts only reads,
 * which is none of our limits.
 */
function namedIn(information: string, scope: string): Limit | null {
  const [, of = ""] = scope.split("/");
  if (/^WriteLimit/i.test(information) || /^write$/i.test(of)) return "writes";
  if (/^ResourceUnitLimit/i.test(information) || /^readwrite$/i.test(of)) return "units";
  return null;
}
