import type { DiscoveredUser } from "../../licensing/discovery/tenant-today";
import {
  isGuid,
  type Guid,
  type LicensedGroup,
  type LicensedUser,
  type Sku,
  type TakenOut,
} from "../../licensing/model";
import { GraphError, isFailure } from "../client/failure";
import { allOf, pagesFrom, pagesOf, type Listing } from "../client/pages";
import { GraphSession } from "../session";
import { readCounts, readMemberIds, readMemberships, readUserCounts } from "./discovery-reads";
import { readGroupChanges, type GroupChangeRecord } from "./group-changes";
import { readGroupUses, type GroupUses } from "./group-uses";
import { readGroupsWithNested, type GroupsWithNested } from "./groups-with-nested";
import { readLicenseChanges, type LicenseChangeRecords } from "./license-changes";
import { readMembershipEnds, type EndsByUser } from "./membership-ends";
import * as queries from "./queries";
import { allPresent, distinct, listEach, readEach, type Found } from "./reads-by-id";
import { readTakenOut } from "./taken-out-of-groups";
import { readTrials } from "./trials";
import { readDeletion, readDiscoveredUser, readGroup, readId, readListed, readSku, readUser } from "./wire";

/** A page of licensed users and its next link; `null` on the last page. */
export interface DiscoveredUserPage {
  readonly users: readonly DiscoveredUser[];
  readonly next: string | null;
  /** Users without licence data, which are not in `users`, each with the reason. Absent: none. */
  readonly unreadable?: Readonly<Record<Guid, string>>;
}

/**
 * All that a preview, `plan`, `discover` and a rehearsal's copy hold: SKUs, groups, members, holders and the audit log.
 * Listings may lag by minutes, so they serve for planning; reads by id are current. A method for many objects returns a
 * failure in place of the object that it concerns.
 */
export class TenantReads extends GraphSession {
  async subscribedSkus(): Promise<Sku[]> {
    return (await allOf(this.http, queries.subscribedSkus())).map(readSku);
  }

  /** Whether a SKU is a trial, by its subscriptions; `null`: this may not be read, or the cloud cannot tell. */
  trials(): Promise<ReadonlyMap<Guid, boolean> | null> {
    return readTrials(this.http);
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

  /**
   * A group by id; `null` if the tenant does not have it.
   *
   * @throws GraphError for any failure but 404
   */
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

  /** What groups serve besides licences, as far as Graph tells. */
  groupUses(ids: Iterable<Guid>): Promise<ReadonlyMap<Guid, GroupUses>> {
    return readGroupUses(this.http, distinct(ids));
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
   * The users that may lose something by a change of this group, each once: its members, and, where the membership is
   * hidden, all users that have a licence from it. Without `Member.Read.Hidden`, Graph leaves hidden members out.
   *
   * @param unreadable as for `memberPages`
   */
  async dependents(group: LicensedGroup, unreadable?: Map<Guid, string>): Promise<readonly LicensedUser[]> {
    const users = new Map<Guid, LicensedUser>();
    for await (const page of this.memberPages(group.id, unreadable)) for (const user of page) users.set(user.id, user);
    // check: a hidden member has what the group gives
    const skuIds = group.hasHiddenMembership === true ? group.licenses.map(({ skuId }) => skuId) : [];
    for (const skuId of skuIds) {
      for await (const page of this.holderPages(skuId, unreadable)) {
        for (const user of page) {
          if (user.assignments.some(({ assignedByGroup }) => assignedByGroup === group.id)) users.set(user.id, user);
        }
      }
    }
    return [...users.values()];
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
   * again when its page token expires. Users without licence data are left out, and named on their page.
   *
   * @param from the `next` of a page that this run or an earlier one has read
   */
  async *licensedUserPages(from: string | null = null): AsyncGenerator<DiscoveredUserPage> {
    const listing = queries.licensedUsers();
    const unreadable = new Map<Guid, string>();
    for await (const { values, next } of pagesFrom(this.http, listing, from ?? listing.url)) {
      const before = unreadable.size;
      const users = values.flatMap((wire) => readListed(wire, readDiscoveredUser, unreadable));
      const here = Object.fromEntries([...unreadable].slice(before));
      yield { users, next, ...(unreadable.size > before ? { unreadable: here } : {}) };
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
    return readUserCounts(this.http, conditions);
  }

  users(ids: Iterable<Guid>): Promise<Map<Guid, Found<LicensedUser>>> {
    return readEach(this.http, distinct(ids), queries.user, readUser);
  }

  /** Users by object id or user principal name, under the words that were asked for. */
  findUsers(idsOrUpns: Iterable<string>): Promise<Map<string, Found<LicensedUser>>> {
    return readEach(this.http, [...new Set(idsOrUpns)], queries.user, readUser);
  }

  /** Time-limited memberships by group, as Privileged Identity Management lists them. */
  membershipEnds(groupIds: Iterable<Guid>): Promise<Map<Guid, Found<EndsByUser>>> {
    return readMembershipEnds(this.http, distinct(groupIds));
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
        .flatMap((wire) => readListed(wire, readUser, unreadable))
        .filter(({ id }) => !seen.has(id) && seen.add(id));
      yield users;
    }
  }
}
