import type { TokenCredential } from "@azure/core-auth";

import type { RequestObserver } from "./client/call";
import { NO_GROUPS } from "./client/awaited-groups";
import { AuthorityAnswers } from "./signin/authority-answers";
import { endpointsOf, type CloudEndpoints, type CloudName } from "./signin/clouds";
import { defaultCredential } from "./signin/credential";
import { signInEnvironment } from "./signin/sign-in-environment";
import { GraphClock } from "./client/graph-clock";
import { GraphHttp } from "./client/http";
import { Pacer } from "./pacing/pacer";
import { DEFAULT_PACE, type Quotas } from "./pacing/quotas";
import type { SharedPacers } from "./pacing/shared-pacers";
import { REAL_PAUSES, type Pauses } from "./client/pauses";
import { proxiedFetch } from "./client/proxied-fetch";
import { TokenSource } from "./signin/token-source";

export interface GraphConnection {
  readonly cloud: CloudName | CloudEndpoints;
  /** The tenant's id or one of its domains, from the stack file. */
  readonly tenant: string;
  /** The share of Graph's quota that may be used, from 0 to 1; the default if absent. */
  readonly pace?: number;
  /** See `signInEnvironment`; absent: the environment as it is. */
  readonly credentialsPrefix?: string;
}

/** Parts that a caller may replace; each has a default for production. */
export interface ConnectExtra {
  readonly credential?: TokenCredential;
  readonly fetch?: typeof globalThis.fetch;
  readonly pauses?: Pauses;
  /** From 0 to 1; spreads the pauses for which Graph gives no time. */
  readonly random?: () => number;
  readonly requestTimeoutMs?: number;
  /** This process's pacers. If absent, the connection has its own pacer, as if it alone used the quota. */
  readonly pacers?: SharedPacers;
  /** Quotas other than Microsoft's documented ones, for a Graph with accelerated time. */
  readonly quotas?: Quotas;
  /** Called for each request and each wait. */
  readonly onRequest?: RequestObserver;
}

/** Creates the client of a tenant. No I/O: the first request signs in. */
export function connectHttp(connection: GraphConnection, extra: ConnectExtra): GraphHttp {
  const endpoints = endpointsOf(connection.cloud);
  const fetch = extra.fetch ?? proxiedFetch;
  const given = extra.credential;
  const answers = new AuthorityAnswers();
  const tokens = new TokenSource(
    given === undefined
      ? () => defaultCredential(endpoints.authority, connection.tenant, answers, connection.credentialsPrefix)
      : () => given,
    {
      ...endpoints,
      tenant: signInEnvironment(connection.credentialsPrefix)["AZURE_TENANT_ID"] || connection.tenant,
      fetch,
      timeoutMs: extra.requestTimeoutMs,
      answers,
    },
  );
  const { tenant, pace = DEFAULT_PACE } = connection;
  const pauses = extra.pauses ?? REAL_PAUSES;
  return new GraphHttp(endpoints.graph, {
    fetch,
    tokens,
    pauses,
    clock: new GraphClock(() => pauses.now()),
    pacer: extra.pacers?.of(endpoints.graph, tenant, pace, extra.quotas) ?? new Pacer(pace, extra.quotas),
    isUrgent: false,
    awaited: NO_GROUPS,
    random: extra.random ?? Math.random,
    requestTimeoutMs: extra.requestTimeoutMs,
    observe: extra.onRequest ?? (() => undefined),
  });
}
