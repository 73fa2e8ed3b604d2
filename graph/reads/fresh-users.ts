import type { Guid, LicensedGroup, LicensedUser, Sku } from "../../licensing/model";
import { sendInBatches, type BatchResult } from "../client/batch";
import { isFailure } from "../client/failure";
import type { GraphHttp } from "../client/http";
import { membershipEndRequests, membershipEndsIn, type EndsByUser } from "./membership-ends";
import * as queries from "./queries";
import { about, foundIn, listedIn, type Found } from "./reads-by-id";
import { readGroup, readId, readSku, readUser } from "./wire";

/** The reads of one unit of removal, made at the same time. */
export interface FreshUsers {
  readonly users: Map<Guid, Found<LicensedUser>>;
  /** Direct memberships: ids of groups, and of directory roles and administrative units. */
  readonly memberships: Map<Guid, Found<ReadonlySet<Guid>>>;
  readonly groups: Map<Guid, Found<LicensedGroup>>;
  /** The SKUs, because inherited licences count only while their subscription is in force. */
  readonly skus: Found<readonly Sku[]>;
  /** Time-limited memberships by group; empty for groups that were not asked about. */
  readonly ends: Map<Guid, Found<EndsByUser>>;
}

/**
 * Users, their direct memberships, groups and the SKUs, in as few batches as possible.
 *
 * @param endsOf groups for which the end of time-limited memberships is read as well
 */
export async function readFreshUsers(
  http: GraphHttp,
  users: readonly Guid[],
  groups: readonly Guid[],
  endsOf: readonly Guid[],
): Promise<FreshUsers> {
  const results = await sendInBatches(http, "read", [
    ...users.map(queries.user),
    ...users.map(queries.membershipsOf),
    ...groups.map(queries.group),
    ...membershipEndRequests(endsOf),
    { ...queries.subscribedSkus(), method: "GET" as const },
  ]);
  const ofGroups = 2 * users.length;
  const ofEnds = ofGroups + groups.length;
  const found = new Map(users.map((id, index) => [id, foundIn(results[index], about(id, readUser))]));
  http.transport.pacer.sawUsers([...found].filter(([, each]) => !isFailure(each)).map(([id]) => id));
  return {
    users: found,
    memberships: await membershipsIn(http, users, results.slice(users.length, ofGroups)),
    groups: new Map(groups.map((id, index) => [id, foundIn(results[ofGroups + index], about(id, readGroup))])),
    skus: await listedIn(http, results.at(-1), queries.subscribedSkus(), readSku),
    ends: await membershipEndsIn(http, endsOf, results.slice(ofEnds, ofEnds + endsOf.length), users),
  };
}

/** The direct memberships of users, including those beyond the first page. */
export async function readMembershipsOf(
  http: GraphHttp,
  users: readonly Guid[],
): Promise<Map<Guid, Found<ReadonlySet<Guid>>>> {
  return membershipsIn(http, users, await sendInBatches(http, "read", users.map(queries.membershipsOf)));
}

async function membershipsIn(
  http: GraphHttp,
  users: readonly Guid[],
  results: readonly BatchResult[],
): Promise<Map<Guid, Found<ReadonlySet<Guid>>>> {
  const memberships = new Map<Guid, Found<ReadonlySet<Guid>>>();
  for (const [index, id] of users.entries()) {
    const ids = await listedIn(http, results[index], queries.membershipsOf(id), readId);
    memberships.set(id, isIds(ids) ? new Set(ids) : ids);
  }
  return memberships;
}

function isIds(found: Found<readonly Guid[]>): found is readonly Guid[] {
  return Array.isArray(found);
}
