import type { TokenCredential } from "@azure/core-auth";

import type { RequestObserver } from "./call";
import { endpointsOf, type CloudEndpoints, type CloudName } from "./clouds";
import { defaultCredential } from "./credential";
import { GraphHttp } from "./http";
import { REAL_PAUSES, type Pauses } from "./pauses";
import { TokenSource } from "./token-source";

export interface GraphConnection {
  readonly cloud: CloudName | CloudEndpoints;
  /** The tenant's id or one of its domains, from the stack file. */
  readonly tenant: string;
}

/** What a caller may bring; everything has a default for production. */
export interface ConnectExtra {
  readonly credential?: TokenCredential;
  readonly fetch?: typeof globalThis.fetch;
  readonly pauses?: Pauses;
  /** From 0 to 1; spreads the pauses that Graph does not prescribe. */
  readonly random?: () => number;
  readonly requestTimeoutMs?: number;
  /** Hears of each request sent and each wait. */
  readonly onRequest?: RequestObserver;
}

/** Puts the parts together. No I/O: the first request signs in. */
export function connectHttp(connection: GraphConnection, extra: ConnectExtra): GraphHttp {
  const endpoints = endpointsOf(connection.cloud);
  const fetch = extra.fetch ?? globalThis.fetch;
  const given = extra.credential;
  const tokens = new TokenSource(
    given === undefined ? () => defaultCredential(endpoints.authority, connection.tenant) : () => given,
    {
      ...endpoints,
      tenant: process.env["AZURE_TENANT_ID"] || connection.tenant,
      fetch,
      timeoutMs: extra.requestTimeoutMs,
    },
  );
  return new GraphHttp(endpoints.graph, {
    fetch,
    tokens,
    pauses: extra.pauses ?? REAL_PAUSES,
    random: extra.random ?? Math.random,
    requestTimeoutMs: extra.requestTimeoutMs,
    observe: extra.onRequest ?? (() => undefined),
  });
}
