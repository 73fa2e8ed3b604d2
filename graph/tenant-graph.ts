import type { DiscoveredUser } from "../licensing/discovery/tenant-today";
import type { Guid, LicensedGroup, LicensedUser, License, Sku, TakenOut } from "../licensing/model";
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
import type { Room } from "./pacing/write-reservation";
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
export type { Room } from "./pacing/write-reservation";
export type { Prospect } from "./pacing/window";
export { SharedPacers } from "./pacing/shared-pacers";
export type { Sleep, WaitCause } from "./client/pauses";
export type { JoinOutcome } from "./writes/group-members";
export type { FreshReads } from "./reads/fresh-reads";
export { whyEndsUnread } from "./reads/membership-ends";
export type { EndsByUser } from "./reads/membership-ends";
export type { Found } from "./reads/reads-by-id";
export type { RuleEvaluation } from "./reads/rule-evaluation";
export type { TenantIdentity, TenantVerdict } from "./signin/tenant-identity";

/** A page of licensed users, and where the listing goes on; `null`: it is at its end. */
export interface DiscoveredUserPage {
  readonly users: readonly DiscoveredUser[];
  readonly next: string | null;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * A tenant as this program reads and changes it. Listings may lag behind the truth by minutes and serve for planning; reads by
 * id are made now. Every method throws `GraphError`; where many objects are asked for, the failure of one stands in its place.
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
   * The same tenant through the same sign-in and pacer, with another way to wait.
   *
   * @param isUrgent it looks after people who were just written to: it stands in front of the line, and may use all of the quota
   * @param stopReason asked before each write; absent: no stop ends the writing
   */
  waitingBy(sleep: Sleep, isUrgent = false, stopReason?: StopReason): TenantGraph {
    return new TenantGraph(this.connection, this.http.waitingBy(sleep, isUrgent, stopReason));
  }

  /**
   * The same tenant, where these groups are known to be there, because this run made them or has seen them: what Graph does not find of them
   * is asked for again for up to two minutes, and a write fails as `notYet`.
   */
  awaiting(groupIds: Iterable<Guid>): TenantGraph {
    return new TenantGraph(this.connection, this.http.awaiting(groupIds));
  }

  get cloud(): GraphConnection["cloud"] {
    return this.connection.cloud;
  }

  /**
   * The same tenant for what a run can do without: a wait that would last beyond this time is not waited out, and the request
   * fails as `stopped`.
   *
   * @param ms from now on, for all requests together
   * @param what what is not waited for, for the reason: `the audit log`
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

  /** How full the quotas are by all that this process does in the tenant, and what it waits for. No I/O. */
  pace(): PaceStatus {
    const { pacer, pauses } = this.http.transport;
    return pacer.status(pauses.now());
  }

  /** How many users may be written to at once from now on, and how many a second behind them. No I/O. */
  writesAhead(): Prospect {
    const { pacer, pauses } = this.http.transport;
    return pacer.prospect(pauses.now());
  }

  /**
   * Waits until so many users may be written to, keeps room for them, and renews a token that would end meanwhile. Before the proofs are read: what a removal rests on must not get old
   * in a wait. Release it, whatever happens.
   *
   * @param of how many are to be written to in all: more than may go at once are written to evenly from the first one on, so that a
   *   minute's work stays a minute's work. Absent: as many as may go at once go at once.
   * @throws GraphError `stopped` where the wait ends because the run is to stop; `throttled` where Graph asks for too long a wait
   */
  async reserveWrites(users: number, of = users): Promise<Room> {
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

  /** Whose tenant the credentials really reach. */
  identity(): Promise<TenantIdentity> {
    return readIdentity(this.http);
  }

  /** Compares the tenant of the credentials with the configured one. Before anything else. */
  async checkTenant(): Promise<TenantVerdict & { readonly identity: TenantIdentity }> {
    const identity = await this.identity();
    const openIdTenantId = GUID.test(this.connection.tenant) ? null : await this.openIdTenantId();
    return { ...matchesTenant(identity, this.connection.tenant, openIdTenantId), identity };
  }

  /** The id behind a configured domain, as the authority publishes it; `null` for a domain that it does not know. */
  async openIdTenantId(): Promise<Guid | null> {
    const answer = await this.openId();
    return answer.kind === "tenant" ? answer.id : null;
  }

  private openId(): Promise<OpenIdAnswer> {
    const { authority } = endpointsOf(this.connection.cloud);
    return openIdConfiguration(authority, this.connection.tenant, this.http.transport.fetch);
  }

  /** The host of Graph that has the tenant, as the authority publishes it; `null`: it does not say, or knows no such tenant. */
  async graphHostOfTenant(): Promise<string | null> {
    const answer = await this.openId();
    return answer.kind === "tenant" ? answer.graphHost : null;
  }

  /** Who the credentials are, and what they may do, as their token says. Signs in. */
  async signedInAs(): Promise<SignedIn> {
    return signedInAs(await this.http.transport.tokens.getAccessToken());
  }

  /** When the token in use ends, in milliseconds since 1970; `null`: it does not tell. Signs in. */
  async tokenEndsAtMs(): Promise<number | null> {
    return endOfToken(await this.http.transport.tokens.getAccessToken());
  }

  /**
   * Graph's time, in milliseconds since 1970: what soaks are counted by. As the answers so far told it, or by our own clock where
   * there was none. No I/O.
   */
  now(): number {
    return this.http.transport.clock.now();
  }

  /** How far our clock is ahead of Graph's, as the answers so far told it; `null`: they did not. No I/O. */
  oursAheadMs(): number | null {
    return this.http.transport.clock.oursAheadMs();
  }

  /** The same by a request of its own, which needs no permission; in milliseconds. `null`: Graph does not tell. */
  clockAheadMs(): Promise<number | null> {
    const { fetch, pauses } = this.http.transport;
    return clockAheadMs(endpointsOf(this.connection.cloud).graph, fetch, () => pauses.now());
  }

  /** What Graph answers to the reads of these operations, tried on the declared groups, or on any group where none is given. Writes are never tried. */
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
   * By object id, or by display name as Graph compares it (without case), under the words that were asked for; none, one, or
   * several of one name.
   */
  async findGroups(namesOrIds: Iterable<string>): Promise<Map<string, LicensedGroup[]>> {
    const words = [...new Set(namesOrIds)];
    const ids = await this.groupIdsOf(words);
    const groups = await this.groups([...ids.values()].flat());
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

  /** When a group was deleted that can still be restored, ISO 8601; `null`: there is no such group. Needs `Group.Read.All`. */
  async deletedAt(groupId: Guid): Promise<string | null> {
    const found = (await readEach(this.http, [groupId], queries.deletedItem, readDeletion)).get(groupId);
    if (found === undefined || !isFailure(found)) return found?.deletedAt ?? null;
    if (found.kind === "notFound") return null;
    throw new GraphError(found);
  }

  groups(ids: Iterable<Guid>): Promise<Map<Guid, Found<LicensedGroup>>> {
    return readEach(this.http, distinct(ids), queries.group, readGroup);
  }

  /** Groups that must be there. Throws for the first that cannot be read. */
  async presentGroups(ids: Iterable<Guid>): Promise<Map<Guid, LicensedGroup>> {
    return allPresent(await this.groups(ids));
  }

  /**
   * The users that are first-level members of a group, each once.
   *
   * @param unreadable takes the few users whose licences did not come, by why; absent: the first of them is an error
   */
  memberPages(groupId: Guid, unreadable?: Map<Guid, string>): AsyncIterable<readonly LicensedUser[]> {
    return this.userPages(queries.userMembers(groupId), unreadable);
  }

  /** Groups that must be there, and the groups inside them with all their users. Throws for the first that cannot be read. */
  groupsWithNested(ids: Iterable<Guid>): Promise<GroupsWithNested> {
    return readGroupsWithNested(this.http, distinct(ids));
  }

  /** Every user who holds a SKU in any way, each once; `unreadable` as for members. */
  holderPages(skuId: Guid, unreadable?: Map<Guid, string>): AsyncIterable<readonly LicensedUser[]> {
    return this.userPages(queries.holdersOf(skuId), unreadable);
  }

  /**
   * Everybody who holds a SKU in any way, page by page, each with the link to go on from. A user may come twice: when a page token
   * has expired, the listing starts again.
   *
   * @param from the `next` of a page that was read earlier, by this run or another
   */
  async *licensedUserPages(from: string | null = null): AsyncGenerator<DiscoveredUserPage> {
    const listing = queries.licensedUsers();
    for await (const { values, next } of pagesFrom(this.http, listing, from ?? listing.url)) {
      yield { users: values.map(readDiscoveredUser), next };
    }
  }

  /** The ids of the groups (and directory roles) of which each user is a first-level member; users that are gone have none. */
  memberships(userIds: Iterable<Guid>): Promise<Map<Guid, ReadonlySet<Guid>>> {
    return readMemberships(this.http, distinct(userIds));
  }

  /** How many users are first-level members of each group; groups that are gone are absent. */
  memberCounts(groupIds: Iterable<Guid>): Promise<Map<Guid, number>> {
    return readCounts(this.http, new Map(distinct(groupIds).map((id) => [id, queries.userMemberCount(id)])));
  }

  /** The first-level users of each group, by id; groups that are gone are absent. */
  memberIds(groupIds: Iterable<Guid>): Promise<Map<Guid, ReadonlySet<Guid>>> {
    return readMemberIds(this.http, distinct(groupIds));
  }

  /** How many users have each value, by a key of the caller's. */
  userCounts<K>(conditions: ReadonlyMap<K, readonly queries.OneOf[]>): Promise<Map<K, number>> {
    const requests = [...conditions].map(([key, all]) => [key, queries.userCount(all)] as const);
    return readCounts(this.http, new Map(requests));
  }

  users(ids: Iterable<Guid>): Promise<Map<Guid, Found<LicensedUser>>> {
    return readEach(this.http, distinct(ids), queries.user, readUser);
  }

  /** By object id or user principal name, under the words that were asked for. */
  findUsers(idsOrUpns: Iterable<string>): Promise<Map<string, Found<LicensedUser>>> {
    return readEach(this.http, [...new Set(idsOrUpns)], queries.user, readUser);
  }

  /**
   * Users, their direct memberships, the groups and the SKUs, read now, in as few batches as possible.
   *
   * @param endsOf groups of which it is asked whose membership ends by itself; absent: of none
   */
  freshUsers(userIds: Iterable<Guid>, groupIds: Iterable<Guid>, endsOf: Iterable<Guid> = []): Promise<FreshReads> {
    return readFresh(this.http, distinct(userIds), distinct(groupIds), distinct(endsOf));
  }

  /** Memberships that end by themselves, by group, as Privileged Identity Management lists them. */
  membershipEnds(groupIds: Iterable<Guid>): Promise<Map<Guid, Found<EndsByUser>>> {
    return readMembershipEnds(this.http, distinct(groupIds));
  }

  /**
   * Removes direct assignments: all SKUs of a user in one write. Never throws for what happens to one user or batch, and never
   * repeats a write by itself: after a wait its proof is old. For the same reason it never waits: what may not be sent at once, and has no
   * room kept for it, fails as `paced` or `throttled`, and was not sent.
   *
   * @param room kept by `reserveWrites`, for as many users at least
   * @param isGood whether the proofs still hold, asked when the bytes leave: what does not go by then fails as `outdated`
   */
  removeDirect(
    proofs: readonly ReplacementProof[],
    room?: Room,
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

  /** Assigns licences to users directly, with exactly these disabled plans. */
  assignDirect(
    work: readonly { readonly userId: Guid; readonly licenses: readonly License[] }[],
  ): Promise<Map<Guid, WriteOutcome>> {
    return changeDirectLicenses(
      this.http,
      work.map(({ userId, licenses }) => ({ userId, add: licenses, removeSkuIds: [] })),
      "write",
    );
  }

  /** Changes a group's licences in place. Graph accepts this and works on in the background; watch `processingState`. */
  async assignGroupLicenses(groupId: Guid, add: readonly License[], removeSkuIds: readonly Guid[]): Promise<void> {
    await this.http.send({
      method: "POST",
      url: `/groups/${groupId}/assignLicense`,
      kind: "write",
      body: assignLicenseBody(add, removeSkuIds),
      purpose: { operation: "assignToGroups", id: groupId },
    });
  }

  /** Adds users to a group; who is in it already is no failure. Never throws for what happens to one user or batch. */
  addMembers(groupId: Guid, userIds: readonly Guid[]): Promise<Map<Guid, JoinOutcome>> {
    return addMembers(this.http, endpointsOf(this.connection.cloud).graph, groupId, distinct(userIds));
  }

  /** Has Entra try the inherited licences of users again. Never throws for what happens to one user or batch. */
  reprocess(userIds: Iterable<Guid>): Promise<Map<Guid, WriteOutcome>> {
    return reprocessLicenses(this.http, distinct(userIds));
  }

  /** How far Entra is with a group's membership rule. */
  ruleEvaluation(groupId: Guid): Promise<RuleEvaluation> {
    return readRuleEvaluation(this.http, groupId);
  }

  /**
   * What the newest records of the audit log say about a group's licences, oldest first. One page: a record for each member that
   * was added names the group, too. The log lags up to an hour: evidence, never proof.
   */
  async groupEvidence(groupId: Guid, since: Date): Promise<GroupEvidence[]> {
    const records = await firstPageOf(this.http, queries.auditRecordsOf(groupId, since));
    return records
      .map((record) => readGroupEvidence(record, groupId.toLowerCase()))
      .filter((evidence) => evidence !== null)
      .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  }

  /** Who changed licences of users since then, according to the audit log. The same holds of it. */
  licenseChanges(since: Date): Promise<LicenseChangeRecords> {
    return readLicenseChanges(this.http, since);
  }

  /** The newest changes of a group and of its members since then, according to the audit log; the newest first. */
  groupChanges(groupId: Guid, since: Date): Promise<readonly GroupChangeRecord[]> {
    return readGroupChanges(this.http, groupId.toLowerCase(), since);
  }

  /** Who took these users out of these groups since then, according to the audit log. The same holds of it. */
  takenOut(since: Date, userIds: Iterable<Guid>, groupIds: Iterable<Guid>): Promise<readonly TakenOut[]> {
    return readTakenOut(this.http, since, new Set(userIds), new Set(groupIds));
  }

  private async groupIdsOf(words: readonly string[]): Promise<ReadonlyMap<string, readonly Guid[]>> {
    const names = words.filter((word) => !GUID.test(word));
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
