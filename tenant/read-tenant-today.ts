import { isFailure } from "../graph/client/failure";
import type { DiscoveredUserPage, TenantReads } from "../graph/tenant-graph";
import { GraphError } from "../graph/client/failure";
import { Catalog } from "../licensing/catalog/catalog";
import type { Bundle } from "../licensing/discovery/add-ons";
import { ruleKey, rulesFor } from "../licensing/discovery/attributes";
import { askedHolders, bundlesToAsk, nearInSize, votedFor } from "../licensing/discovery/candidates";
import { wantedOf, type Wanted, type Wishes } from "../licensing/discovery/wanted";
import type { DiscoveredUser, TenantToday } from "../licensing/discovery/tenant-today";
import { isFromGroup, type Guid, type LicensedGroup } from "../licensing/model";
import { counted } from "../licensing/counts";
import type { KeptPages } from "./kept-pages";
import { SharedLicenses } from "./shared-licenses";

/** The tenant, and the bundles of licences that need a group. */
export interface TodayRead {
  readonly today: TenantToday;
  readonly wanted: Wanted;
  /** Users without licence data, each with the reason. No group is proposed on their account. */
  readonly unreadable: ReadonlyMap<Guid, string>;
}

/**
 * Reads a tenant for discovery: all licensed users once, then only the groups that may fit. Pages of users come one
 * after the other; all other reads run in parallel.
 *
 * @throws {GraphError} if a listing cannot be read
 */
export async function readTenantToday(
  graph: TenantReads,
  kept: KeptPages,
  say: (progress: string) => void,
  wishes?: Wishes,
): Promise<TodayRead> {
  const [skus, { users, unreadable }] = await Promise.all([graph.subscribedSkus(), readUsers(graph, kept, say)]);
  const catalog = new Catalog(skus);
  const giving = await presentGroups(graph, givingGroups(users.values()));
  const wanted = wantedOf({ catalog, users, groups: giving }, wishes);

  const asked = bundlesToAsk(wanted.bundles);
  say(
    `Users: ${counted(users.size, "user")} with a licence. Looking for groups that fit ${counted(asked.length, "pattern")}`,
  );
  const [candidates, taken] = await Promise.all([
    candidateGroups(graph, asked),
    countRules(graph, wanted.bundles, users),
  ]);
  say(`Groups: reading the members of ${counted(candidates.length, "group")}`);
  const [groups, members] = await Promise.all([presentGroups(graph, candidates), graph.memberIds(candidates)]);
  return { today: { catalog, users, groups: new Map([...giving, ...groups]), members, taken }, wanted, unreadable };
}

async function readUsers(
  graph: TenantReads,
  kept: KeptPages,
  say: (progress: string) => void,
): Promise<{ readonly users: ReadonlyMap<Guid, DiscoveredUser>; readonly unreadable: ReadonlyMap<Guid, string> }> {
  const shared = new SharedLicenses("none");
  const users = new Map<Guid, DiscoveredUser>();
  const unreadable = new Map<Guid, string>();
  let next: string | null | undefined;
  const take = (page: DiscoveredUserPage) => {
    // If a user comes twice, the later page counts.
    for (const user of page.users) {
      users.set(user.id, shared.in(user));
      unreadable.delete(user.id);
    }
    for (const [userId, why] of Object.entries(page.unreadable ?? {})) {
      unreadable.set(userId, why);
      users.delete(userId);
    }
    next = page.next;
  };
  for (const page of kept.earlier()) take(page);
  if (next === null) return { users, unreadable };
  if (next !== undefined) say(`Users: going on after ${counted(users.size, "user")} that an earlier run has read`);
  for await (const page of graph.licensedUserPages(next ?? null)) {
    kept.add(page);
    take(page);
    say(`Users: ${counted(users.size, "user")} read`);
  }
  return { users, unreadable };
}

function givingGroups(users: Iterable<DiscoveredUser>): ReadonlySet<Guid> {
  const ids = new Set<Guid>();
  for (const { assignments } of users) {
    for (const entry of assignments) if (isFromGroup(entry)) ids.add(entry.assignedByGroup);
  }
  return ids;
}

/** Groups with enough of the sampled holders as members, and of a similar size. */
async function candidateGroups(graph: TenantReads, bundles: readonly Bundle[]): Promise<readonly Guid[]> {
  const memberships = await graph.memberships(bundles.flatMap(askedHolders));
  const voted = new Map(bundles.map((bundle) => [bundle, votedFor(bundle, memberships)]));
  const sizes = await graph.memberCounts([...voted.values()].flat());
  return [...new Set([...voted].flatMap(([bundle, groups]) => nearInSize(bundle, groups, sizes)))];
}

async function countRules(
  graph: TenantReads,
  bundles: readonly Bundle[],
  users: ReadonlyMap<Guid, DiscoveredUser>,
): Promise<ReadonlyMap<string, number>> {
  const rules = bundles.flatMap(({ holders }) => rulesFor(holders, users));
  return graph.userCounts(
    new Map(
      rules.map((rule) => [ruleKey(rule), rule.map(({ attribute, values }) => ({ property: attribute, values }))]),
    ),
  );
}

/** Groups that were deleted meanwhile are left out. */
async function presentGroups(graph: TenantReads, ids: Iterable<Guid>): Promise<Map<Guid, LicensedGroup>> {
  const there = new Map<Guid, LicensedGroup>();
  for (const [id, found] of await graph.groups(ids)) {
    if (!isFailure(found)) there.set(id, found);
    else if (found.kind !== "notFound") throw new GraphError(found);
  }
  return there;
}
