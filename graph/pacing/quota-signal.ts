import type { RetryDecision } from "../client/retry";
import type { Limit } from "./quotas";

/** What an answer says about the quotas, apart from what it is an answer to. */
export interface Heard {
  /** Graph refuses: every request of this limit has to wait so long; `null`: it does not. */
  readonly throttledForMs: number | null;
  /** The limit that it names; `null`: it names none. */
  readonly limit: Limit | null;
  /** How full the quota is, from 0.8 to 1.8; `null`: less than that, or it is not told. */
  readonly fullness: number | null;
}

/** Ours: where a refusal names no time, and its request is not sent again. */
const SOME_TIME_MS = 1_000;

/**
 * Reads the headers of an answer, of a whole request or of one in a batch.
 * https://learn.microsoft.com/graph/throttling-limits#additional-headers
 *
 * @param header by its name in lower case
 * @param decision what becomes of the request itself: without a time from Graph, all wait as long as it does
 */
export function hearQuota(
  { status, retryAfterMs }: { readonly status: number; readonly retryAfterMs: number | null },
  header: (name: string) => string | null,
  decision: RetryDecision,
): Heard {
  const waitsMs = decision.next === "repeat" ? decision.afterMs : SOME_TIME_MS;
  const fullness = Number(header("x-ms-throttle-limit-percentage") ?? "");
  return {
    throttledForMs: status === 429 ? (retryAfterMs ?? waitsMs) : null,
    limit: namedIn(header("x-ms-throttle-information") ?? "", header("x-ms-throttle-scope") ?? ""),
    fullness: fullness > 0 ? fullness : null,
  };
}

/** The scope reads `Tenant_Application/Write/{app}/{tenant}`. `Read` is of a service that counts reads alone: it names none of ours. */
function namedIn(information: string, scope: string): Limit | null {
  const [, of = ""] = scope.split("/");
  if (/^WriteLimit/i.test(information) || /^write$/i.test(of)) return "writes";
  if (/^ResourceUnitLimit/i.test(information) || /^readwrite$/i.test(of)) return "units";
  return null;
}
