import type { GraphConnection } from "./connection";
import type { GraphHttp } from "./client/http";
import type { Sleep, StopReason } from "./client/pauses";
import { isGuid, type Guid } from "../licensing/model";
import type { PaceStatus } from "./pacing/pacer";
import type { Prospect } from "./pacing/window";
import { readIdentity } from "./reads/organization";
import { endpointsOf } from "./signin/clouds";
import { openIdConfiguration, type OpenIdAnswer } from "./signin/open-id";
import { matchesTenant, type TenantIdentity, type TenantVerdict } from "./signin/tenant-identity";
import { endOfToken, signedInAs, type SignedIn } from "./signin/token-claims";

/**
 * What every role shares: which tenant, signed in as what, by which clock, and how to wait.
 *
 * @throws {GraphError} from every method that asks Graph
 */
export class GraphSession {
  constructor(
    protected readonly connection: GraphConnection,
    protected readonly http: GraphHttp,
  ) {}

  /**
   * The same tenant, role, sign-in and pacer, with another way to wait.
   *
   * @param isUrgent skips the queue and may use the whole quota: for users that were just written to
   * @param stopReason asked before each write; if absent, writes are never stopped
   */
  waitingBy(sleep: Sleep, isUrgent = false, stopReason?: StopReason): this {
    return this.over(this.http.waitingBy(sleep, isUrgent, stopReason));
  }

  /**
   * The same tenant and role; `groupIds` are known to exist, because this run created or saw them. A read that does not
   * find one is repeated for up to two minutes; a write fails with `notYet`.
   */
  awaiting(groupIds: Iterable<Guid>): this {
    return this.over(this.http.awaiting(groupIds));
  }

  get cloud(): GraphConnection["cloud"] {
    return this.connection.cloud;
  }

  /**
   * The same tenant and role, for reads that a run can do without: a wait beyond the time limit fails with `stopped`.
   *
   * @param ms from now on, for all requests together
   * @param what names the read in the reason: `the audit log`
   */
  withPatience(ms: number, what: string): this {
    const { pauses } = this.http.transport;
    const untilMs = pauses.now() + ms;
    return this.waitingBy((askedMs, why) => {
      if (pauses.now() + askedMs <= untilMs) return pauses.sleep(askedMs, why);
      return Promise.resolve(
        `The wait for ${what} (${why.because}) is longer than the ${ms / 1_000} s that a run gives it.`,
      );
    });
  }

  /** The use of each quota by this process in the tenant, and the current wait. No I/O. */
  pace(): PaceStatus {
    const { pacer, pauses } = this.http.transport;
    return pacer.status(pauses.now());
  }

  /** How many users may be written to at once from now on, and how many a second after that. No I/O. */
  writesAhead(): Prospect {
    const { pacer, pauses } = this.http.transport;
    return pacer.prospect(pauses.now());
  }

  /** The tenant that the credentials reach. */
  identity(): Promise<TenantIdentity> {
    return readIdentity(this.http);
  }

  /** Compares the tenant of the credentials with the configured one. A run calls this first. */
  async checkTenant(): Promise<TenantVerdict & { readonly identity: TenantIdentity }> {
    const identity = await this.identity();
    const openIdTenantId = isGuid(this.connection.tenant) ? null : await this.openIdTenantId();
    return { ...matchesTenant(identity, this.connection.tenant, openIdTenantId), identity };
  }

  /** The tenant id of a configured domain, as the authority publishes it; `null` for an unknown domain. */
  async openIdTenantId(): Promise<Guid | null> {
    const answer = await this.openId();
    return answer.kind === "tenant" ? answer.id : null;
  }

  protected openId(): Promise<OpenIdAnswer> {
    const { authority } = endpointsOf(this.connection.cloud);
    return openIdConfiguration(authority, this.connection.tenant, this.http.transport.fetch);
  }

  /** The signed-in app or user and its permissions, from the token. Signs in. */
  async signedInAs(): Promise<SignedIn> {
    return signedInAs(await this.http.transport.tokens.getAccessToken());
  }

  /** When the token in use expires, in milliseconds since 1970; `null` if the token does not say. Signs in. */
  async tokenEndsAtMs(): Promise<number | null> {
    return endOfToken(await this.http.transport.tokens.getAccessToken());
  }

  /**
   * Graph's time in milliseconds since 1970, which soaks are measured by; this machine's clock before the first answer.
   * No I/O.
   */
  now(): number {
    return this.http.transport.clock.now();
  }

  /** Milliseconds by which this machine's clock is ahead of Graph's; `null` before the first answer. No I/O. */
  oursAheadMs(): number | null {
    return this.http.transport.clock.oursAheadMs();
  }

  private over(http: GraphHttp): this {
    const Role = this.constructor as new (connection: GraphConnection, http: GraphHttp) => this;
    return new Role(this.connection, http);
  }
}
