import type { UnreachableReason } from "./failure";
import type { NetworkTrouble } from "./retry";

const CODES: Readonly<Record<string, NetworkTrouble>> = {
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  EAI_NODATA: "dns",
  EAI_NONAME: "dns",
  ECONNREFUSED: "refused",
  UND_ERR_CONNECT_TIMEOUT: "connectTimeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  ETIMEDOUT: "timeout",
  ECONNRESET: "reset",
  EPIPE: "reset",
  UND_ERR_SOCKET: "reset",
  DEPTH_ZERO_SELF_SIGNED_CERT: "certificate",
  SELF_SIGNED_CERT_IN_CHAIN: "certificate",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "certificate",
  UNABLE_TO_GET_ISSUER_CERT: "certificate",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "certificate",
  ERR_TLS_CERT_ALTNAME_INVALID: "certificate",
};

const REASONS: Readonly<Record<NetworkTrouble, UnreachableReason>> = {
  dns: "dns",
  refused: "refused",
  connectTimeout: "timeout",
  certificate: "certificate",
  timeout: "timeout",
  reset: "other",
  other: "other",
};

/** What went wrong below HTTP, from an error of `fetch`, whose cause may be several layers deep. */
export function networkTroubleOf(error: unknown): { trouble: NetworkTrouble; detail: string } {
  for (const layer of layersOf(error)) {
    if (layer.name === "TimeoutError") return { trouble: "timeout", detail: "no answer in time" };
    const code = (layer as NodeJS.ErrnoException).code;
    if (typeof code !== "string") continue;
    const known = CODES[code] ?? (code.startsWith("CERT_") ? "certificate" : undefined);
    if (known !== undefined) return { trouble: known, detail: layer.message || code };
  }
  const [outermost, ...inner] = layersOf(error);
  return { trouble: "other", detail: (inner.at(-1) ?? outermost)?.message ?? String(error) };
}

export function unreachableReasonOf(trouble: NetworkTrouble): UnreachableReason {
  return REASONS[trouble];
}

/** An error, its causes, and the errors that an aggregate holds (one for each address of a host). */
function layersOf(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const within = error instanceof AggregateError ? error.errors.flatMap(layersOf) : [];
  return [error, ...within, ...layersOf(error.cause)];
}
