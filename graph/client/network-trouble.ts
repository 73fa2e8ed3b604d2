import { hostOf } from "../signin/clouds";
import { GraphError, type UnreachableReason } from "./failure";
import { describeProxy, proxyOf } from "./proxy";
import { visibleText } from "./visible-text";
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
  proxy: "proxy",
  connectTimeout: "timeout",
  certificate: "certificate",
  timeout: "timeout",
  reset: "other",
  other: "other",
};

/** Classifies an error of `fetch`; its cause may be several layers deep. */
export function networkTroubleOf(error: unknown): { trouble: NetworkTrouble; detail: string } {
  for (const layer of layersOf(error)) {
    if (layer.name === "TimeoutError") return { trouble: "timeout", detail: "no answer in time" };
    // The proxy opened no tunnel, so nothing reached the host behind it.
    const byProxy = /^Proxy response \((\d+)\)/.exec(layer.message)?.[1];
    if (byProxy !== undefined) return { trouble: "proxy", detail: `the proxy answers ${byProxy}` };
    const code = (layer as NodeJS.ErrnoException).code;
    if (typeof code !== "string") continue;
    const known = CODES[code] ?? (code.startsWith("CERT_") ? "certificate" : undefined);
    if (known !== undefined) return { trouble: known, detail: visibleText(layer.message || code) };
  }
  const [outermost, ...inner] = layersOf(error);
  return { trouble: "other", detail: visibleText((inner.at(-1) ?? outermost)?.message ?? String(error)) };
}

/** The failure of a request that got no answer. */
export function unreachable(url: string, error: unknown): GraphError {
  const { trouble, detail } = networkTroubleOf(error);
  return new GraphError({
    kind: "unreachable",
    host: hostOf(url),
    detail: `${detail}${wayThere()}`,
    reason: REASONS[trouble],
  });
}

function wayThere(): string {
  try {
    const proxy = proxyOf();
    return proxy === null ? "" : `; HTTPS goes through ${describeProxy(proxy)}`;
  } catch {
    // The proxy's address is not valid; `detail` already says so.
    return "";
  }
}

/** An error, its causes, and the members of an aggregate (one for each address of a host). */
function layersOf(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const within = error instanceof AggregateError ? error.errors.flatMap(layersOf) : [];
  return [error, ...within, ...layersOf(error.cause)];
}
