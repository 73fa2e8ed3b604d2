import type { DiscoveredUser } from "../licensing/discovery/tenant-today";
import {
  type Guid,
  type LicensedGroup,
  type LicensedUser,
  type License,
  type Sku,
  type TakenOut,
  isGuid,
} from "../licensing/model";
import type { ReplacementProof } from "../licensing/decision/replacement-proof";
import { clockAheadMs } from "./client/clock-reading";
import { endpointsOf } from "./signin/clouds";
import { connectHttp, type ConnectExtra, type GraphConnection } from "./connection";
import { readCounts, readMemberIds, readMemberships } from "./reads/discovery-reads";
import { assignLicenseBody, changeDirectLicenses, type WriteOutcome } from "./writes/direct-assignments";
import { GraphError, isFailure } from "./client/failure";
import { readFresh, type FreshReads } from "./reads/fresh-reads";
import { readGroupChanges, type GroupChangeRecord } from "./reads/group-changes";
import { readGroupEvidence, type GroupEvidence } from "./reads/group-evidence";
import { readGroupsWithNested, type GroupsWithNested } from "./reads/groups-with-nested";
import { addMembers, type JoinOutcome } from "./writes/group-members";
import type { GraphHttp } from "./client/http";
import { readLicenseChanges, type LicenseChangeRecords } from "./reads/license-changes";
import { openIdConfiguration, type OpenIdAnswer } from "./signin/open-id";
import { readMembershipEnds, type EndsByUser } from "./reads/membership-ends";
import { readIdentity } from "./reads/organization";
import { readSkusAndErrors, type SkusAndErrors } from "./reads/skus-and-errors";
import { allOf, firstPageOf, pagesFrom, pagesOf, type Listing } from "./client/pages";
import { reserve } from "./pacing/admission";
import type { PaceStatus } from "./pacing/pacer";
import type { WriteReservation } from "./pacing/write-reservation";
import type { Prospect } from "./pacing/window";
import type { Sleep, StopReason } from "./client/pauses";
import type { Operation } from "./diagnostics/permissions";
import { probe, type Probed } from "./diagnostics/probes";
import { TOKEN_FOR_A_UNIT_MS } from "./client/limits";
import * as queries from "./reads/queries";
import { allPresent, distinct, readEach, type Found } from "./reads/reads-by-id";
import { listEach } from "./reads/short-listings";
import { readTakenOut } from "./reads/taken-out-of-groups";
import { reprocessLicenses } from "./writes/reprocess-licenses";
import { endOfToken, signedInAs, type SignedIn } from "./signin/token-claims";
import { readRuleEvaluation, type RuleEvaluation } from "./reads/rule-evaluation";
import { matchesTenant, type TenantIdentity, type TenantVerdict } from "./signin/tenant-identity";
import { readDeletion, readDiscoveredUser, readGroup, readId, readListed, readSku, readUser } from "./reads/wire";

export { missingFor, nextFor, OPERATIONS } from "./diagnostics/permissions";
export type { Operation, OperationFacts, Part } from "./diagnostics/permissions";
export type { Probed } from "./diagnostics/probes";
export { isLoginOfPipeline } from "./signin/credential";
export type { SignedIn } from "./signin/token-claims";
export type { RequestEvent, RequestObserver } from "./client/call";
export type { CloudEndpoints, CloudName } from "./signin/clouds";
export type { ConnectExtra, GraphConnection } from "./connection";
export type { WriteOutcome } from "./writes/direct-assignments";
export type { GroupChangeRecord } from "./reads/group-changes";
export type { GroupEvidence } from "./reads/group-evidence";
export type { GroupsWithNested } from "./reads/groups-with-nested";
export type { LicenseChangeRecords } from "./reads/license-changes";
export type { PaceStatus, Wait } from "./pacing/pacer";
export type { Limit } from "./pacing/quotas";
export type { WriteReservation as Room } from "./pacing/write-reservation";
export type { Prospect } from "./pacing/window";
export { SharedPacers } from "./pacing/shared-pacers";
export type { Sleep, WaitCause } from "./client/pauses";
export type { JoinOutcome } from "./writes/group-members";
export type { FreshReads } from "./reads/fresh-reads";
export { unreadEnd, whyEndsUnread } from "./reads/membership-ends";
export type { EndsByUser } from "./reads/membership-ends";
export type { Found } from "./reads/reads-by-id";
export type { RuleEvaluation } from "./reads/rule-evaluation";
export type { TenantIdentity, TenantVerdict } from "./signin/tenant-identity";

/** A page of licensed users and its next link; `null` on the last page. */
export interface DiscoveredUserPage {
  readonly users: readonly DiscoveredUser[];
  readonly next: string | null;
}

/**
 * A tenant, as this program reads and changes it. Listings may lag by minutes, so they serve for planning; reads by id
 * are current.
 * A method for many objects returns a failure in place of the object that it concerns.
 *
 * @throws {GraphError} from every method that asks Graph
 */
export class TenantGraph {
  private constructor(
    private readonly connection: GraphConnection,
    private readonly http: GraphHttp,
  ) {}

  /** No I/O: the first request signs in. */
  static connect(connection: GraphConnection, extra: ConnectExtra = {}): TenantGraph {
    return new TenantGraph(connection, connectHttp(connection, extra));
  }

  /**
   * The same tenant, sign-in and pacer, with another way to wait.
   *
   * @param isUrgent skips the queue and may use the whole quota: for users that were just written to
   * @param stopReason asked before each write; if absent, writes are never stopped
   */
  waitingBy(sleep: Sleep, isUrgent = false, stopReason?: StopReason): TenantGraph {
    return new TenantGraph(this.connection, this.http.waitingBy(sleep, isUrgent, stopReason));
  }

  /**
   * The same tenant; `groupIds` are known to exist, because this run created or saw them. A read that does not find one
   * is repeated for up to two minutes; a write fails with `notYet`.
   */
  awaiting(groupIds: Iterable<Guid>): TenantGraph {
    return new TenantGraph(this.connection, this.http.awaiting(groupIds));
  }

  get cloud(): GraphConnection["cloud"] {
    return this.connection.cloud;
  }

  /**
   * The same tenant, for reads that a run can do without: a wait beyond the time limit fails with `stopped`.
   *
   * @param ms from now on, for all requests together
   * @param what names the read in the reason: `the audit log`
   */
  withPatience(ms: number, what: string): TenantGraph {
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

  /**
   * Waits until the quota has room for writes to `users` users, reserves it, and renews a token that would expire
   * meanwhile. Call it before reading the proofs: proofs must not grow old in a wait. Always release the reservation.
   *
   * @param of the users to write to in all. If they exceed a burst, writes are spread evenly from the first one, so
   *   that a minute's work stays a minute's work. By default, `users`.
   * @throws {GraphError} `stopped` if the run must stop; `throttled` if Graph asks for too long a wait
   */
  async reserveWrites(users: number, of = users): Promise<WriteReservation> {
    const { transport } = this.http;
    const room = await reserve(users, of, transport);
    try {
      await transport.tokens.renewFor(TOKEN_FOR_A_UNIT_MS);
      return room;
    } catch (error) {
      room.release();
      throw error;
    }
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

  private openId(): Promise<OpenIdAnswer> {
    const { authority } = endpointsOf(this.connection.cloud);
    return openIdConfiguration(authority, this.connection.tenant, this.http.transport.fetch);
  }

  /** The Graph host that serves the tenant, as the authority publishes it; `null` if unknown. */
  async graphHostOfTenant(): Promise<string | null> {
    const answer = await this.openId();
    return answer.kind === "tenant" ? answer.graphHost : null;
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

  /** The same from a request of its own, which needs no permission; `null` if Graph sends no time. */
  clockAheadMs(): Promise<number | null> {
    const { fetch, pauses } = this.http.transport;
    return clockAheadMs(endpointsOf(this.connection.cloud).graph, fetch, () => pauses.now());
  }

  /**
   * Tries the reads of these operations on the declared groups, or on any group if none is declared. Writes are never
   * tried.
   */
  probe(
    operations: readonly Operation[],
    declared: readonly LicensedGroup[] = [],
  ): Promise<ReadonlyMap<Operation, Probed>> {
    return probe(this.http, operations, declared);
  }

  async subscribedSkus(): Promise<Sku[]> {
    return (await allOf(this.http, queries.subscribedSkus())).map(readSku);
  }

  skusAndErrors(groupIds: Iterable<Guid>): Promise<SkusAndErrors> {
    return readSkusAndErrors(this.http, groupIds);
  }

  /**
   * Groups by object id or display name, under the words that were asked for: none, one, or several with the same name.
   * Graph compares names without case.
   */
  async findGroups(namesOrIds: Iterable<string>): Promise<Map<string, LicensedGroup[]>> {
    const words = [...new Set(namesOrIds)];
    const ids = await this.groupIdsOf(words);
    // The listing by name has shown these: a read that does not find one means "not yet".
    const listed = words.filter((word) => !isGuid(word)).flatMap((word) => ids.get(word) ?? []);
    const groups = await this.awaiting(listed).groups([...ids.values()].flat());
    const found = (id: Guid): LicensedGroup[] => {
      const group = groups.get(id.toLowerCase());
      if (group === undefined || (isFailure(group) && group.kind === "notFound")) return [];
      if (isFailure(group)) throw new GraphError(group);
      return [group];
    };
    return new Map(words.map((word) => [word, (ids.get(word) ?? []).flatMap(found)]));
  }

  async group(id: Guid): Promise<LicensedGroup | null> {
    const found = (await this.groups([id])).get(id.toLowerCase());
    if (found === undefined || !isFailure(found)) return found ?? null;
    if (found.kind === "notFound") return null;
    throw new GraphError(found);
  }

  /**
   * When a group that can still be restored was deleted, ISO 8601; `null` if there is no such group. Needs
   * `Group.Read.All`.
   */
  async deletedAt(groupId: Guid): Promise<string | null> {
    const found = (await readEach(this.http, [groupId], queries.deletedItem, readDeletion)).get(groupId);
    if (found === undefined || !isFailure(found)) return found?.deletedAt ?? null;
    if (found.kind === "notFound") return null;
    throw new GraphError(found);
  }

  groups(ids: Iterable<Guid>): Promise<Map<Guid, Found<LicensedGroup>>> {
    return readEach(this.http, distinct(ids), queries.group, readGroup);
  }

  /** @throws {GraphError} for the first group that cannot be read */
  async presentGroups(ids: Iterable<Guid>): Promise<Map<Guid, LicensedGroup>> {
    return allPresent(await this.groups(ids));
  }

  /**
   * The users that are first-level members of a group, each once.
   *
   * @param unreadable receives the users without licence data, with the reason; if absent, the first is an
   *   error
   */
  memberPages(groupId: Guid, unreadable?: Map<Guid, string>): AsyncIterable<readonly LicensedUser[]> {
    return this.userPages(queries.userMembers(groupId), unreadable);
  }

  /**
   * Groups, and the groups nested in them with all their users.
   *
   * @throws {GraphError} for the first group that cannot be read
   */
  groupsWithNested(ids: Iterable<Guid>): Promise<GroupsWithNested> {
    return readGroupsWithNested(this.http, distinct(ids));
  }

  /** All users with a SKU, direct or inherited, each once; `unreadable` as for members. */
  holderPages(skuId: Guid, unreadable?: Map<Guid, string>): AsyncIterable<readonly LicensedUser[]> {
    return this.userPages(queries.holdersOf(skuId), unreadable);
  }

  /**
   * All users with any licence, page by page, each with its next link. A user may come twice, because a listing starts
   * again when its page token expires.
   *
   * @param from the `next` of a page that this run or an earlier one has read
   */
  async *licensedUserPages(from: string | null = null): AsyncGenerator<DiscoveredUserPage> {
    const listing = queries.licensedUsers();
    for await (const { values, next } of pagesFrom(this.http, listing, from ?? listing.url)) {
      yield { users: values.map(readDiscoveredUser), next };
    }
  }

  /** The groups and directory roles of which each user is a first-level member; a deleted user has none. */
  memberships(userIds: Iterable<Guid>): Promise<Map<Guid, ReadonlySet<Guid>>> {
    return readMemberships(this.http, distinct(userIds));
  }

  /** Number of users that are first-level members of each group; deleted groups are absent. */
  memberCounts(groupIds: Iterable<Guid>): Promise<Map<Guid, number>> {
    return readCounts(this.http, new Map(distinct(groupIds).map((id) => [id, queries.userMemberCount(id)])));
  }

  /** First-level users of each group, by id; deleted groups are absent. */
  memberIds(groupIds: Iterable<Guid>): Promise<Map<Guid, ReadonlySet<Guid>>> {
    return readMemberIds(this.http, distinct(groupIds));
  }

  /** Number of users that match each list of conditions, under the caller's key. */
  userCounts<K>(conditions: ReadonlyMap<K, readonly queries.OneOf[]>): Promise<Map<K, number>> {
    const requests = [...conditions].map(([key, all]) => [key, queries.userCount(all)] as const);
    return readCounts(this.http, new Map(requests));
  }

  users(ids: Iterable<Guid>): Promise<Map<Guid, Found<LicensedUser>>> {
    return readEach(this.http, distinct(ids), queries.user, readUser);
  }

  /** Users by object id or user principal name, under the words that were asked for. */
  findUsers(idsOrUpns: Iterable<string>): Promise<Map<string, Found<LicensedUser>>> {
    return readEach(this.http, [...new Set(idsOrUpns)], queries.user, readUser);
  }

  /**
   * Current users, their direct memberships, the groups and the SKUs, in as few batches as possible.
   *
   * @param endsOf groups for which the end of time-limited memberships is read as well; none if absent
   */
  freshUsers(userIds: Iterable<Guid>, groupIds: Iterable<Guid>, endsOf: Iterable<Guid> = []): Promise<FreshReads> {
    return readFresh(this.http, distinct(userIds), distinct(groupIds), distinct(endsOf));
  }

  /** Time-limited memberships by group, as Privileged Identity Management lists them. */
  membershipEnds(groupIds: Iterable<Guid>): Promise<Map<Guid, Found<EndsByUser>>> {
    return readMembershipEnds(this.http, distinct(groupIds));
  }

  /**
   * Removes direct assignments, all SKUs of a user in one write. Neither waits nor repeats, because a proof grows old:
   * a user that cannot be written to at once fails with `paced` or `throttled`. Never throws; each user has an outcome.
   *
   * @param room from `reserveWrites`, for at least as many users
   * @param isGood asked just before the bytes leave; once false, unsent writes fail with `outdated`
   */
  removeDirect(
    proofs: readonly ReplacementProof[],
    room?: WriteReservation,
    isGood?: () => boolean,
  ): Promise<Map<Guid, WriteOutcome>> {
    return changeDirectLicenses(
      this.http,
      proofs.map(({ userId, skuIds }) => ({ userId, add: [], removeSkuIds: skuIds })),
      "provenWrite",
      room,
      isGood,
    );
  }

  /** Assigns licences to users directly, with exactly these disabled plans. Never throws; each user has an outcome. */
  assignDirect(
    work: readonly { readonly userId: Guid; readonly licenses: readonly License[] }[],
  ): Promise<Map<Guid, WriteOutcome>> {
    return changeDirectLicenses(
      this.http,
      work.map(({ userId, licenses }) => ({ userId, add: licenses, removeSkuIds: [] })),
      "write",
    );
  }

  /**
   * Changes a group's licences in place. Graph accepts the change and processes it in the background: watch
   * `processingState`.
   */
  async assignGroupLicenses(groupId: Guid, add: readonly License[], removeSkuIds: readonly Guid[]): Promise<void> {
    await this.http.send({
      method: "POST",
      url: `/groups/${groupId}/assignLicense`,
      kind: "write",
      body: assignLicenseBody(add, removeSkuIds),
      purpose: { operation: "assignToGroups", id: groupId },
    });
  }

  /** Adds users to a group; users that are members already count as added. Never throws; each user has an outcome. */
  addMembers(groupId: Guid, userIds: readonly Guid[]): Promise<Map<Guid, JoinOutcome>> {
    return addMembers(this.http, endpointsOf(this.connection.cloud).graph, groupId, distinct(userIds));
  }

  /** Asks Entra to assign the inherited licences of users again. Never throws; each user has an outcome. */
  reprocess(userIds: Iterable<Guid>): Promise<Map<Guid, WriteOutcome>> {
    return reprocessLicenses(this.http, distinct(userIds));
  }

  /** How far Entra has evaluated a group's membership rule. */
  ruleEvaluation(groupId: Guid): Promise<RuleEvaluation> {
    return readRuleEvaluation(this.http, groupId);
  }

  /**
   * The newest records of the audit log about a group's licences, oldest first. One page only: each added member has a
   * record too. The log lags by up to an hour, so it is evidence, never proof.
   */
  async groupEvidence(groupId: Guid, since: Date): Promise<GroupEvidence[]> {
    const records = await firstPageOf(this.http, queries.auditRecordsOf(groupId, since));
    return records
      .map((record) => readGroupEvidence(record, groupId.toLowerCase()))
      .filter((evidence) => evidence !== null)
      .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  }

  /** Changes of users' licences since then, and their authors, from the audit log. Evidence, never proof. */
  licenseChanges(since: Date): Promise<LicenseChangeRecords> {
    return readLicenseChanges(this.http, since);
  }

  /** The newest changes of a group and of its members since then, from the audit log, newest first. */
  groupChanges(groupId: Guid, since: Date): Promise<readonly GroupChangeRecord[]> {
    return readGroupChanges(this.http, groupId.toLowerCase(), since);
  }

  /**
   * Removals of these users from these groups since then, and their authors, from the audit log. Evidence, never proof.
   */
  takenOut(since: Date, userIds: Iterable<Guid>, groupIds: Iterable<Guid>): Promise<readonly TakenOut[]> {
    return readTakenOut(this.http, since, new Set(userIds), new Set(groupIds));
  }

  private async groupIdsOf(words: readonly string[]): Promise<ReadonlyMap<string, readonly Guid[]>> {
    const names = words.filter((word) => !isGuid(word));
    const named = await listEach(this.http, names, queries.groupsNamed);
    return new Map(words.map((word) => [word, named.get(word)?.map(readId) ?? [word]]));
  }

  private async *userPages(listing: Listing, unreadable?: Map<Guid, string>): AsyncGenerator<readonly LicensedUser[]> {
    const seen = new Set<Guid>();
    for await (const page of pagesOf(this.http, listing)) {
      const users = page
        .flatMap((wire) => readListed(wire, unreadable))
        .filter(({ id }) => !seen.has(id) && seen.add(id));
      yield users;
    }
  }
}
