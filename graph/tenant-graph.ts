import type { TokenCredential } from "@azure/core-auth";

import type { Guid, LicensedGroup, LicensedUser, License, NestedGroup, Sku } from "../licensing/model";
import { sendInBatches, type BatchRequest, type BatchResult } from "./batch";
import type { RequestObserver } from "./call";
import { endpointsOf, type CloudEndpoints, type CloudName } from "./clouds";
import { defaultCredential } from "./credential";
import { GraphError, isFailure, type GraphFailure } from "./failure";
import { readGroupEvidence, type GroupEvidence } from "./group-evidence";
import { GraphHttp } from "./http";
import { openIdConfiguration } from "./open-id";
import { allOf, pagesOf, restOf, type Listing } from "./pages";
import { REAL_PAUSES, type Pauses } from "./pauses";
import * as queries from "./queries";
import { matchesTenant, tenantOfToken, type TenantIdentity, type TenantVerdict } from "./tenant-identity";
import { TokenSource } from "./token-source";
import { isObject, listFrom, readGroup, readId, readNamed, readSku, readUser, textFrom } from "./wire";

export type { CloudEndpoints, CloudName } from "./clouds";
export type { GroupEvidence } from "./group-evidence";
export type { TenantIdentity, TenantVerdict } from "./tenant-identity";

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
  /** Ends pauses and reads at once. A write under way is waited for; what was not sent yet is `stopped`. */
  readonly signal?: AbortSignal;
  readonly requestTimeoutMs?: number;
  /** Hears of each request sent and each wait. */
  readonly onRequest?: RequestObserver;
}

export type WriteOutcome = { readonly kind: "done" } | { readonly kind: "failed"; readonly failure: GraphFailure };

/** The three reads of one unit of removal, made at the same time. */
export interface FreshReads {
  readonly users: Map<Guid, LicensedUser | GraphFailure>;
  /** Direct memberships: ids of groups, and of directory roles and administrative units. */
  readonly memberships: Map<Guid, ReadonlySet<Guid> | GraphFailure>;
  readonly groups: Map<Guid, LicensedGroup | GraphFailure>;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * A tenant as this program reads and changes it. Listings may lag behind the truth by minutes and serve for planning; reads by
 * id are made now. Every method throws `GraphError`; where many objects are asked for, the failure of one stands in its place.
 */
export class TenantGraph {
  private constructor(
    private readonly connection: GraphConnection,
    private readonly endpoints: CloudEndpoints,
    private readonly http: GraphHttp,
  ) {}

  /** No I/O: the first request signs in. */
  static connect(connection: GraphConnection, extra: ConnectExtra = {}): TenantGraph {
    const endpoints = endpointsOf(connection.cloud);
    const fetch = extra.fetch ?? globalThis.fetch;
    const given = extra.credential;
    const tokens = new TokenSource(
      given === undefined ? () => defaultCredential(endpoints.authority, connection.tenant) : () => given,
      { ...endpoints, tenant: process.env["AZURE_TENANT_ID"] || connection.tenant, fetch },
    );
    const http = new GraphHttp(endpoints.graph, {
      fetch,
      tokens,
      pauses: extra.pauses ?? REAL_PAUSES,
      random: extra.random ?? Math.random,
      signal: extra.signal,
      requestTimeoutMs: extra.requestTimeoutMs,
      observe: extra.onRequest ?? (() => undefined),
    });
    return new TenantGraph(connection, endpoints, http);
  }

  /** Whose tenant the credentials really reach: the organisation says so; where it may not be read, the token does. */
  async identity(): Promise<TenantIdentity> {
    const organization = await this.organization();
    const tokenTenantId = tenantOfToken(await this.http.transport.tokens.getAccessToken());
    const id = textFrom(organization?.["id"])?.toLowerCase() ?? null;
    return {
      id: id ?? tokenTenantId,
      displayName: textFrom(organization?.["displayName"]),
      domains: listFrom(organization?.["verifiedDomains"])
        .map((domain) => (isObject(domain) ? textFrom(domain["name"])?.toLowerCase() : undefined))
        .filter((name) => name !== undefined),
      country: textFrom(organization?.["countryLetterCode"]),
      source: id !== null ? "organization" : tokenTenantId !== null ? "token" : "unknown",
      tokenTenantId,
    };
  }

  /** Compares the tenant of the credentials with the configured one. Before anything else. */
  async checkTenant(): Promise<TenantVerdict & { readonly identity: TenantIdentity }> {
    const identity = await this.identity();
    const openIdTenantId = GUID.test(this.connection.tenant) ? null : await this.openIdTenantId();
    return { ...matchesTenant(identity, this.connection.tenant, openIdTenantId), identity };
  }

  /** The id behind a configured domain, as the authority publishes it; `null` for a domain that it does not know. */
  async openIdTenantId(): Promise<Guid | null> {
    const { authority } = this.endpoints;
    const answer = await openIdConfiguration(authority, this.connection.tenant, this.http.transport.fetch);
    return answer.kind === "tenant" ? answer.id : null;
  }

  async subscribedSkus(): Promise<Sku[]> {
    return (await allOf(this.http, queries.subscribedSkus())).map(readSku);
  }

  /** By object id, or by display name as Graph compares it (without case); none, one, or several of one name. */
  async findGroups(nameOrId: string): Promise<LicensedGroup[]> {
    if (GUID.test(nameOrId)) {
      const found = await this.group(nameOrId);
      return found === null ? [] : [found];
    }
    const ids = (await allOf(this.http, queries.groupsNamed(nameOrId))).map(readId);
    const groups = [...(await this.groups(ids)).values()];
    return groups.filter((group) => !isNotFound(group)).map(orThrow);
  }

  async group(id: Guid): Promise<LicensedGroup | null> {
    const answer = [...(await this.groups([id])).values()][0];
    if (answer === undefined || isNotFound(answer)) return null;
    return orThrow(answer);
  }

  groups(ids: Iterable<Guid>): Promise<Map<Guid, LicensedGroup | GraphFailure>> {
    return this.readEach(ids, queries.group, readGroup);
  }

  /** The users that are first-level members of a group, each once. */
  memberPages(groupId: Guid): AsyncIterable<readonly LicensedUser[]> {
    return this.userPages(queries.userMembers(groupId));
  }

  /** Groups that are first-level members of a group, with all their users. Those users inherit nothing from it. */
  async nestedGroups(groupId: Guid): Promise<NestedGroup[]> {
    const nested: NestedGroup[] = [];
    for (const wire of await allOf(this.http, queries.groupMembers(groupId))) {
      const { id, displayName } = readNamed(wire);
      const users = await allOf(this.http, queries.usersAtAnyDepth(id));
      nested.push({ id, displayName, userIds: [...new Set(users.map(readId))] });
    }
    return nested;
  }

  /** Every user who holds a SKU in any way, each once. */
  holderPages(skuId: Guid): AsyncIterable<readonly LicensedUser[]> {
    return this.userPages(queries.holdersOf(skuId));
  }

  users(ids: Iterable<Guid>): Promise<Map<Guid, LicensedUser | GraphFailure>> {
    return this.readEach(ids, queries.user, readUser);
  }

  /** By object id or user principal name, under the words that were asked for. */
  async findUsers(idsOrUpns: Iterable<string>): Promise<Map<string, LicensedUser | GraphFailure>> {
    const asked = [...new Set(idsOrUpns)];
    const results = await sendInBatches(this.http, "read", asked.map(queries.user));
    return new Map(asked.map((words, index) => [words, readResult(results[index], readUser)]));
  }

  /** The groups (and roles, and administrative units) that each user is a first-level member of, now. */
  async directGroupsOf(userIds: Iterable<Guid>): Promise<Map<Guid, ReadonlySet<Guid> | GraphFailure>> {
    return (await this.freshReads([], userIds, [])).memberships;
  }

  /** Users, their direct memberships and the groups, read now, in as few batches as possible. */
  freshUsers(userIds: Iterable<Guid>, groupIds: Iterable<Guid>): Promise<FreshReads> {
    const users = distinct(userIds);
    return this.freshReads(users, users, groupIds);
  }

  /** Removes direct assignments: all SKUs of a user in one write, never two writes for one user. Never throws for one user. */
  removeDirect(
    work: readonly { readonly userId: Guid; readonly skuIds: readonly Guid[] }[],
  ): Promise<Map<Guid, WriteOutcome>> {
    return this.assignToUsers(work.map(({ userId, skuIds }) => ({ userId, addLicenses: [], removeLicenses: skuIds })));
  }

  /** Assigns licences to users directly, with exactly these disabled plans. */
  assignDirect(
    work: readonly { readonly userId: Guid; readonly licenses: readonly License[] }[],
  ): Promise<Map<Guid, WriteOutcome>> {
    return this.assignToUsers(
      work.map(({ userId, licenses }) => ({ userId, addLicenses: licenses, removeLicenses: [] })),
    );
  }

  /** Changes a group's licences in place. Graph accepts this and works on in the background; watch `processingState`. */
  async assignGroupLicenses(groupId: Guid, add: readonly License[], removeSkuIds: readonly Guid[]): Promise<void> {
    await this.http.send({
      method: "POST",
      url: `/groups/${groupId}/assignLicense`,
      kind: "write",
      body: { addLicenses: add.map(licenseBody), removeLicenses: removeSkuIds },
      purpose: { operation: "assignToGroups", id: groupId },
    });
  }

  /** What the audit log says about a group's licences, oldest first. It lags up to an hour: evidence, never proof. */
  async groupEvidence(groupId: Guid, since: Date): Promise<GroupEvidence[]> {
    const records = await allOf(this.http, queries.auditRecordsOf(groupId, since));
    return records
      .map((record) => readGroupEvidence(record, groupId.toLowerCase()))
      .filter((evidence) => evidence !== null)
      .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  }

  /**
   * Whether the tenant has licence allotments (a preview of Microsoft's), under which direct and inherited licences can no
   * longer be told apart. A tenant or cloud that does not know them, or does not show them, has none.
   */
  async probeAllotments(): Promise<"none" | "some"> {
    try {
      return (await allOf(this.http, queries.allotments())).length === 0 ? "none" : "some";
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      const { failure } = error;
      const unknownHere =
        failure.kind === "forbidden" ||
        failure.kind === "notFound" ||
        // "Resource not found for the segment 'cloudLicensing'", from a service without the preview; the request has no other part.
        (failure.kind === "unexpected" && [400, 403, 501].includes(failure.status));
      if (unknownHere) return "none";
      throw error;
    }
  }

  private async organization(): Promise<Readonly<Record<string, unknown>> | null> {
    try {
      const first = (await allOf(this.http, queries.organization()))[0];
      return isObject(first) ? first : null;
    } catch (error) {
      if (error instanceof GraphError && error.failure.kind === "forbidden") return null;
      throw error;
    }
  }

  private async *userPages(listing: Listing): AsyncGenerator<readonly LicensedUser[]> {
    const seen = new Set<Guid>();
    for await (const page of pagesOf(this.http, listing)) {
      const users = page.map(readUser).filter(({ id }) => !seen.has(id));
      for (const { id } of users) seen.add(id);
      yield users;
    }
  }

  private async readEach<T extends object>(
    ids: Iterable<Guid>,
    query: (id: Guid) => BatchRequest,
    read: (wire: unknown) => T,
  ): Promise<Map<Guid, T | GraphFailure>> {
    const asked = distinct(ids);
    const results = await sendInBatches(this.http, "read", asked.map(query));
    return new Map(asked.map((id, index) => [id, readResult(results[index], read)]));
  }

  private async freshReads(
    userIds: Iterable<Guid>,
    memberIds: Iterable<Guid>,
    groupIds: Iterable<Guid>,
  ): Promise<FreshReads> {
    const [users, members, groups] = [distinct(userIds), distinct(memberIds), distinct(groupIds)];
    const results = await sendInBatches(this.http, "read", [
      ...users.map(queries.user),
      ...members.map(queries.membershipsOf),
      ...groups.map(queries.group),
    ]);
    const ofMembers = users.length;
    const ofGroups = users.length + members.length;
    const memberships = new Map<Guid, ReadonlySet<Guid> | GraphFailure>();
    for (const [index, id] of members.entries()) {
      memberships.set(id, await this.membershipsFrom(id, results[ofMembers + index]));
    }
    return {
      users: new Map(users.map((id, index) => [id, readResult(results[index], readUser)])),
      memberships,
      groups: new Map(groups.map((id, index) => [id, readResult(results[ofGroups + index], readGroup)])),
    };
  }

  /** A user in more groups than one page holds: the rest is read too. */
  private async membershipsFrom(
    userId: Guid,
    result: BatchResult | undefined,
  ): Promise<ReadonlySet<Guid> | GraphFailure> {
    const first = readResult(result, (body) => ({ body }));
    if (isFailure(first)) return first;
    try {
      return new Set((await restOf(this.http, first.body, queries.membershipsOf(userId))).map(readId));
    } catch (error) {
      if (error instanceof GraphError) return error.failure;
      throw error;
    }
  }

  private async assignToUsers(
    work: readonly {
      readonly userId: Guid;
      readonly addLicenses: readonly License[];
      readonly removeLicenses: readonly Guid[];
    }[],
  ): Promise<Map<Guid, WriteOutcome>> {
    const userIds = work.map(({ userId }) => userId);
    if (distinct(userIds).length < userIds.length) throw new Error("Two writes for one user in one call.");
    const requests = work.map(({ userId, addLicenses, removeLicenses }): BatchRequest => ({
      method: "POST",
      url: `/users/${userId}/assignLicense`,
      body: { addLicenses: addLicenses.map(licenseBody), removeLicenses },
      purpose: { operation: "assignToUsers", id: userId },
    }));
    const results = await sendInBatches(this.http, "write", requests);
    return new Map(userIds.map((id, index) => [id, outcomeOf(results[index])]));
  }
}

function distinct(ids: Iterable<Guid>): Guid[] {
  return [...new Set([...ids].map((id) => id.toLowerCase()))];
}

function licenseBody({ skuId, disabledPlans }: License): { skuId: Guid; disabledPlans: readonly Guid[] } {
  return { skuId, disabledPlans };
}

function outcomeOf(result: BatchResult | undefined): WriteOutcome {
  if (result === undefined) throw new Error("A write has no result.");
  return "failure" in result ? { kind: "failed", failure: result.failure } : { kind: "done" };
}

function readResult<T extends object>(result: BatchResult | undefined, read: (wire: unknown) => T): T | GraphFailure {
  if (result === undefined) throw new Error("A read has no result.");
  if ("failure" in result) return result.failure;
  try {
    return read(result.body);
  } catch (error) {
    if (error instanceof GraphError) return error.failure;
    throw error;
  }
}

function isNotFound(value: object): boolean {
  return isFailure(value) && value.kind === "notFound";
}

function orThrow<T extends object>(value: T | GraphFailure): T {
  if (isFailure(value)) throw new GraphError(value);
  return value;
}
