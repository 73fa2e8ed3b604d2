import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Clock, TenantClock } from "./clock";
import type { HiddenFor } from "./directory/new-groups";
import type { TenantSpec } from "./directory/spec";
import type { Exchange } from "./evidence/exchange";
import type { History } from "./evidence/history";
import { RequestLog } from "./evidence/request-log";
import { makeCertificate } from "./http/certificate";
import { inProcess } from "./http/in-process";
import { Pages } from "./http/pages";
import { type Edge, listen, portOf, openPort } from "./http/server";
import { GraphService } from "./http/service";
import { defaultProcessing, type ProcessingOptions } from "./licensing/processing";
import type { Tenant } from "./people/tenant";
import { allRoutes } from "./routes";
import { signIn } from "./signin/endpoints";
import { makeTokenKeys, Tokens } from "./signin/tokens";
import { seedTenant } from "./tenants/seed";
import { Faults } from "./trouble/faults";
import { Throttle, type ThrottleOptions } from "./trouble/throttle";
import { createWorld, type World } from "./world";

export type { Clock } from "./clock";
export type { Assignment, Cause, Group, License, Sku, User, ViolationCause } from "./directory/entities";
export { guidFrom, tenantSpec } from "./directory/spec";
export type { AppSpec, GroupSpec, HeldLicenseSpec, LicenseSpec, SkuSpec, TenantSpec, UserSpec } from "./directory/spec";
export type { Exchange } from "./evidence/exchange";
export type { CauseFilter, History, Loss, SeatUse, Transition } from "./evidence/history";
export type { RequestEntry, RequestFilter, RequestLog } from "./evidence/request-log";
export type { Tenant } from "./people/tenant";
export type { DirectAssignment } from "./people/tenant-view";
export type { FaultEffect, FaultHandle, FaultMatch, FaultRule, Faults, FaultTarget } from "./trouble/faults";
export { seedTenant } from "./tenants/seed";
export type { ThrottleOptions } from "./trouble/throttle";

export interface EmulatorOptions {
  /** Default: the seed tenant with 1,000 users. */
  readonly tenant?: TenantSpec;
  /** Default: any free port, as with 0. */
  readonly port?: number;
  readonly host?: string;
  /** A `manual` clock stands still until `clock.advance`. */
  readonly clock?: "real" | "manual";
  readonly startAt?: Date;
  /** Delay of each response of Graph. */
  readonly latencyMs?: number;
  /** File for the certificate that clients must trust. Default: in a temporary folder that `close` removes. */
  readonly caFile?: string;
  readonly processing?: Partial<ProcessingOptions>;
  /** Graph's quotas. Default: none. `{}` means the documented ones. */
  readonly throttle?: ThrottleOptions;
  /** Delay until lists show a write. Reads of single users never lag. */
  readonly replicationLagMs?: number;
  /**
   * Periods after a group's creation, by the tenant's clock, in which Graph answers 404 for it and does not list it.
   * With `[[0, 5_000], [8_000, 12_000]]` a group appears after five seconds and disappears again for four.
   */
  readonly hiddenNewGroups?: readonly HiddenFor[];
  /** Delay until the audit log shows a change. */
  readonly auditLagMs?: number;
  /** By the tenant's clock. Default: one hour minus one second, by the wall clock. */
  readonly tokenLifetimeSeconds?: number;
  /** Makes pages shorter than requested, some of them empty, as Graph may do. */
  readonly unevenPages?: boolean;
  /** Called for each answered request, including the items of batches, but not for responses made by a fault. */
  readonly onExchange?: (exchange: Exchange) => void;
}

export interface Credentials extends Record<string, string> {
  AZURE_TENANT_ID: string;
  AZURE_CLIENT_ID: string;
  AZURE_CLIENT_SECRET: string;
}

/** Entra and Graph for licensing, on this machine. After `reset`, `tenant` and `history` are those of the new tenant. */
export interface Emulator {
  /** Graph and the sign-in service: `https://localhost:PORT`. */
  readonly url: string;
  /** The certificate, for NODE_EXTRA_CA_CERTS, SSL_CERT_FILE or REQUESTS_CA_BUNDLE. */
  readonly caFile: string;
  /** The same Graph and sign-in without a socket, under the same URL. */
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly tenant: Tenant;
  readonly history: History;
  readonly requests: RequestLog;
  readonly faults: Faults;
  /** Environment variables with which `@azure/identity` signs in as this app. Default: the tenant's first app. */
  credentials(app?: string): Credentials;
  /** Invalidates all page tokens issued so far. */
  expirePageTokens(): void;
  /** Loads this tenant, or the first one anew. Forgets requests and faults. */
  reset(tenant?: TenantSpec): void;
  /** Simulates a network failure: breaks connections and refuses new ones until `plug`. */
  unplug(): void;
  /** Ends the network failure. The URL stays the same. */
  plug(): Promise<void>;
  close(): Promise<void>;
}

export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  // Generate keys in the background while the tenant is loaded.
  const tokenKeys = makeTokenKeys();
  const certifying = makeCertificate();
  const clock = new TenantClock(options.clock ?? "real", options.startAt);
  const beginning = options.tenant ?? seedTenant();
  const log = new RequestLog();
  const faults = new Faults();
  const lifetime = options.tokenLifetimeSeconds;
  const tenantFrom = (spec: TenantSpec): { world: World; pages: Pages; throttle: Throttle | undefined } => {
    clock.forgetTasks();
    const processing = { ...defaultProcessing, ...options.processing };
    const { replicationLagMs: lagMs = 0, hiddenNewGroups = [] } = options;
    const world = createWorld(spec, clock, { processing, lagMs, hiddenNewGroups });
    const { users, facts } = world.directory;
    const throttle = options.throttle && new Throttle(options.throttle, users.size, facts.id);
    return { world, pages: new Pages(options.unevenPages ?? false), throttle };
  };

  let now = tenantFrom(beginning);
  const expiresBy = lifetime === undefined ? () => Date.now() : () => clock.nowMs();
  const tokens = new Tokens(await tokenKeys, lifetime ?? 3599, expiresBy);
  let url = "";
  const service = new GraphService({
    world: () => now.world,
    url: () => url,
    tokens,
    pages: () => now.pages,
    throttle: () => now.throttle,
    faults,
    log,
    onExchange: options.onExchange,
    routes: allRoutes({ auditLagMs: options.auditLagMs ?? 0 }),
  });
  const edge: Edge = {
    latencyMs: options.latencyMs ?? 0,
    graph: (request) => service.handle(request),
    signIn: (request) => {
      const { apps, directory } = now.world;
      const answer = signIn({ url, facts: directory.facts, apps, tokens, now: clock.now() }, request);
      if (answer && request.method === "POST") log.signedIn();
      return answer;
    },
  };
  const certificate = await certifying;
  const server = await listen(edge, certificate, options.host ?? "localhost", options.port ?? 0);
  url = `https://localhost:${portOf(server)}`;
  const caFile = options.caFile ?? join(mkdtempSync(join(tmpdir(), "embedded-graph-")), "ca.pem");
  writeFileSync(caFile, certificate.cert);

  return {
    url,
    caFile,
    fetch: inProcess(edge),
    clock: {
      now: () => clock.now(),
      advance: (ms) => {
        clock.advance(ms);
      },
    },
    get tenant() {
      return now.world.tenant;
    },
    get history() {
      return now.world.history;
    },
    requests: log,
    faults,
    credentials: (app) => credentialsOf(now.world, app),
    expirePageTokens: () => {
      now.pages.expireTokens();
    },
    reset: (tenant) => {
      now = tenantFrom(tenant ?? beginning);
      log.clear();
      faults.clear();
    },
    unplug: () => {
      server.close();
      server.closeAllConnections();
    },
    plug: () => openPort(server, options.host ?? "localhost", Number(new URL(url).port)),
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      if (options.caFile === undefined) rmSync(dirname(caFile), { recursive: true, force: true });
    },
  };
}

function credentialsOf({ apps, directory }: World, name: string | undefined): Credentials {
  const app = name === undefined ? apps[0] : apps.find((candidate) => candidate.name === name);
  if (!app) throw new Error(`no app "${name ?? ""}" in the tenant`);
  return {
    AZURE_TENANT_ID: directory.facts.id,
    AZURE_CLIENT_ID: app.clientId,
    AZURE_CLIENT_SECRET: app.secret,
  };
}
