import { inForce, isDirectInForce, missing } from "../effective-plans";
import type { Guid, License } from "../model";
import { grouped } from "../grouped";
import { patternKey } from "./patterns";
import { kindOf, type PeopleKind } from "./people-kinds";
import type { Gain, Proposal } from "./proposal";
import { excludedBy, gained, isSmall } from "./small-gain";
import type { DiscoveredUser, TenantToday } from "./tenant-today";
import { groupIdOf, joinersOf } from "./who-joins";

export type Members = (proposal: Proposal) => ReadonlySet<Guid>;

export interface Outcome {
  /** The proposals with their joining users and what these gain. */
  readonly proposals: readonly Proposal[];
  /** Users that would gain too much or would be left out with a warning, by id. */
  readonly amiss: ReadonlyMap<Guid, Amiss>;
}

export interface Amiss {
  /** The SKUs concerned. */
  readonly skuIds: ReadonlySet<Guid>;
  /** The groups that would have to except the user. */
  readonly groups: readonly Proposal[];
}

/** Computes what the proposed groups would do, with the rules that `up` uses. */
export function outcomeOf(proposals: readonly Proposal[], today: TenantToday, membersOf: Members): Outcome {
  const joining = joinersOf(proposals, today, today.users, membersOf);
  const amiss = new Map<Guid, { readonly skuIds: Set<Guid>; readonly groups: Proposal[] }>();
  const note = (userId: Guid, proposal: Proposal, isJoining: boolean) => {
    const { skuIds, groups } = amiss.get(userId) ?? { skuIds: new Set(), groups: [] };
    amiss.set(userId, { skuIds, groups });
    // One group that leaves the user out is enough: a user excepted once is not reported as uncovered.
    const isNew = proposal.licenses.some(({ skuId }) => !skuIds.has(skuId));
    if (isJoining || isNew) groups.push(proposal);
    for (const { skuId } of proposal.licenses) skuIds.add(skuId);
  };
  const counted = proposals.map((proposal): Proposal => {
    const joined = joining.get(groupIdOf(proposal));
    for (const userId of joined?.uncovered ?? []) note(userId, proposal, false);
    const users = [...(joined?.userIds ?? membersHolding(proposal, today, membersOf))]
      .sort()
      .flatMap((id) => today.users.get(id) ?? []);
    const gains = gainsOf(proposal, users, today);
    for (const { userIds, isLarge } of gains) if (isLarge) for (const userId of userIds) note(userId, proposal, true);
    return { ...proposal, holders: users.map(({ id }) => id), gains, kinds: kindsOf(users, today) };
  });
  return { proposals: counted, amiss };
}

/**
 * Members of a group or rule that directly hold its licences or less. For `licensed` groups, the holders are known
 * already.
 */
function membersHolding(proposal: Proposal, { users, catalog }: TenantToday, membersOf: Members): readonly Guid[] {
  if (proposal.from.kind === "licensed") return proposal.holders;
  const given = new Map(proposal.licenses.map((license) => [license.skuId, catalog.enabledPlans(license)]));
  return [...membersOf(proposal)].filter((id) => {
    const own = users.get(id)?.assignments.filter((entry) => isDirectInForce(entry) && given.has(entry.skuId)) ?? [];
    const isCovered = (entry: License) =>
      missing(catalog.enabledPlans(entry), given.get(entry.skuId) ?? new Set()).length === 0;
    return own.length > 0 && own.every(isCovered);
  });
}

/** Plans that users would gain beyond all that they have of these SKUs, direct or inherited. */
function gainsOf({ licenses }: Proposal, users: readonly DiscoveredUser[], { catalog }: TenantToday): readonly Gain[] {
  const skuIds = new Set(licenses.map(({ skuId }) => skuId));
  // Cached by licences, because users share few distinct ones.
  const known = new Map<string, readonly Guid[]>();
  const gaining = users.flatMap((user) => {
    const own = user.assignments.filter((entry) => inForce(entry) && skuIds.has(entry.skuId));
    const key = own.map(patternKey).sort().join("|");
    const planIds = known.get(key) ?? gained(licenses, own, catalog);
    known.set(key, planIds);
    return planIds.length === 0 ? [] : [{ user, planIds, key: planIds.join(" ") }];
  });
  return [...grouped(gaining, ({ key }) => key).values()]
    .map((alike): Gain => {
      const planIds = alike[0]?.planIds ?? [];
      const isExcluded = alike.some(
        ({ user }) => excludedBy(planIds, user.assignments.filter(inForce), catalog) !== null,
      );
      const isLarge = isExcluded || !isSmall(planIds, catalog);
      return { planIds, userIds: alike.map(({ user }) => user.id), isLarge, isExcluded };
    })
    .sort((a, b) => b.userIds.length - a.userIds.length);
}

function kindsOf(users: readonly DiscoveredUser[], { catalog }: TenantToday): Proposal["kinds"] {
  const counts: Partial<Record<PeopleKind, number>> = {};
  for (const user of users) {
    const kind = kindOf(user, catalog);
    if (kind !== null) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/**
 * The group that all users of this group would join without it, and what they would gain; `null`: there is no such
 * group.
 */
export function withoutGroup(
  proposal: Proposal,
  proposals: readonly Proposal[],
  today: TenantToday,
  membersOf: Members,
): { readonly to: Proposal; readonly gains: readonly Gain[] } | null {
  const gives = ({ licenses }: Proposal, skuId: Guid) => licenses.some((license) => license.skuId === skuId);
  const others = proposals.filter(
    (each) => each.name !== proposal.name && proposal.licenses.some(({ skuId }) => gives(each, skuId)),
  );
  const whole = others.filter((each) => proposal.licenses.every(({ skuId }) => gives(each, skuId)));
  if (whole.length === 0) return null;
  const users = new Map(
    proposal.holders.flatMap((id) => {
      const user = today.users.get(id);
      return user === undefined ? [] : [[id, user] as const];
    }),
  );
  const joining = joinersOf(others, today, users, membersOf);
  const to = whole.find((each) => joining.get(groupIdOf(each))?.userIds.size === users.size);
  if (to === undefined) return null;
  return { to, gains: gainsOf(to, [...users.values()], today) };
}
