import { inForce, isDirectInForce } from "../effective-plans";
import { isFromGroup, type Guid, type License, type LicensedGroup } from "../model";
import { isTaken, ruleKey, rulesFor, type AttributeRule } from "./attributes";
import { keyOf } from "./add-ons";
import { byFit, hasToday, isExact, isNear, type Fit } from "./fit";
import { outcomeOf, type Amiss, type Members } from "./outcome";
import { largestFirst, Names, formatName } from "./names";
import { listed, patternsOf } from "./patterns";
import { kindOf } from "./people-kinds";
import type { Alternative, LeftDirect, MembersFrom, Proposal, SeatCost } from "./proposal";
import { type TenantToday, ATTRIBUTES, type Attribute } from "./tenant-today";
import type { WantedBundle } from "./variants";
import { byHolders, type Wanted } from "./wanted";

/** More alternatives would make the comment unreadable. */
const SHOWN_ALTERNATIVES = 3;

/**
 * Each round adds groups for users that the last one left out or gave too much. A third round has never found any.
 */
const MOST_ROUNDS = 4;

/**
 * Proposes licensing groups that reproduce today's state: present licensing groups, then for each pattern an
 * exactly matching group or rule, otherwise a new group. Near matches become alternatives, and gains are computed
 * by the rules of `up`.
 *
 * @param taken display names already in use in the tenant
 */
export function propose(today: TenantToday, wanted: Wanted, taken: ReadonlySet<string> = new Set()): Proposed {
  let { bundles } = wanted;
  const excepted = new Map<string, Set<Guid>>();
  for (let round = 1; ; round += 1) {
    const proposals = proposedFor(today, { ...wanted, bundles }, taken).map((each) => withExcept(each, excepted));
    const { proposals: counted, amiss } = outcomeOf(proposals, today, membersOf(today));
    const { more, others } = bundlesFor(amiss, today, bundles, wanted.fewest);
    const isLast = round === MOST_ROUNDS || (more.length === 0 && others.size === 0);
    if (isLast) return { proposals: counted, few: leftDirect(counted, today, wanted) };
    bundles = [...bundles, ...more].sort(byHolders);
    for (const [userId, groups] of others) {
      for (const key of groups.map(({ licenses }) => keyOf(licenses))) {
        excepted.set(key, (excepted.get(key) ?? new Set()).add(userId));
      }
    }
  }
}

/** The proposed groups, and the licences that stay direct. */
export interface Proposed {
  readonly proposals: readonly Proposal[];
  readonly few: readonly LeftDirect[];
}

/** @param excepted users by the key of the group's licences */
function withExcept(proposal: Proposal, excepted: ReadonlyMap<string, ReadonlySet<Guid>>): Proposal {
  const except = excepted.get(keyOf(proposal.licenses));
  if (except === undefined || proposal.from.kind !== "direct-holders") return proposal;
  return { ...proposal, except: [...except].sort() };
}

function proposedFor(
  today: TenantToday,
  { groups: giving, bundles }: Wanted,
  taken: ReadonlySet<string>,
): readonly Proposal[] {
  const index = usersByValue(today);
  const given = new Set(giving.map(({ group }) => group.id));
  const proposals = giving.map(({ group, licenses, holders }): Proposal => ({
    ...UNNAMED,
    displayName: group.displayName,
    from: { kind: "licensed", group },
    licenses,
    holders,
  }));
  const open = [...bundles];
  for (let bundle = open.shift(); bundle !== undefined; bundle = open.shift()) {
    const options = optionsFor(bundle, today, index, given, proposals);
    const { exact, own, rest } = exactFor(bundle, options, (only) => optionsFor(only, today, index, given, proposals));
    open.unshift(...rest);
    const from: MembersFrom = exact?.from ?? { kind: "direct-holders" };
    const same = proposals.findIndex((each) => isSameSource(each.from, from));
    const there = proposals[same];
    if (there !== undefined) proposals[same] = withLicenses(there, own);
    else {
      const alternatives =
        exact === undefined ? options.filter(({ fit }) => isNear(fit)).slice(0, SHOWN_ALTERNATIVES) : [];
      proposals.push({ ...UNNAMED, from, licenses: own.licenses, holders: own.holders, alternatives });
    }
  }
  return named(proposals, today, taken);
}

const UNNAMED = { name: "", displayName: "", alternatives: [], gains: [], except: [], kinds: {} } as const;

/** Assigns names last, because a group may have got further licences meanwhile. */
function named(
  proposals: readonly Proposal[],
  { catalog, groups }: TenantToday,
  taken: ReadonlySet<string>,
): readonly Proposal[] {
  const names = new Names([...taken, ...[...groups.values()].map(({ displayName }) => displayName)]);
  return proposals.map((proposal) => {
    const { from } = proposal;
    const licenses = largestFirst(proposal.licenses, catalog);
    const isThere = "group" in from;
    return {
      ...proposal,
      licenses,
      name: names.logical(isThere ? from.group.displayName : formatName(licenses, catalog)),
      displayName: isThere ? from.group.displayName : names.display(licenses, catalog),
    };
  });
}

interface Choice {
  readonly exact: Alternative | undefined;
  readonly own: WantedBundle;
  /** Variants that the group would not take; only a direct-holder group takes them by itself. */
  readonly rest: readonly WantedBundle[];
}

/**
 * An exact match for the whole bundle, or for the bundle without its variants, which are then matched one by one.
 */
function exactFor(
  bundle: WantedBundle,
  options: readonly Alternative[],
  optionsOf: (bundle: WantedBundle) => readonly Alternative[],
): Choice {
  const exactIn = (all: readonly Alternative[]) => all.find(({ fit, otherwise }) => isExact(fit) && otherwise === null);
  const exact = exactIn(options);
  if (exact !== undefined || bundle.variants.length === 0) return { exact, own: bundle, rest: [] };
  const varied = new Set(bundle.variants.flatMap(({ holders }) => holders));
  const own = { ...bundle, holders: bundle.holders.filter((id) => !varied.has(id)), variants: [] };
  const forOwn = exactIn(optionsOf(own));
  if (forOwn === undefined) return { exact, own: bundle, rest: [] };
  return { exact: forOwn, own, rest: bundle.variants.map((variant) => ({ ...variant, variants: [] })) };
}

/** Proposals with the same group or rule become one group. */
function isSameSource(there: MembersFrom, from: MembersFrom): boolean {
  if (there.kind === "existing" && from.kind === "existing") return there.group.id === from.group.id;
  return there.kind === "rule" && from.kind === "rule" && ruleKey(there.rule) === ruleKey(from.rule);
}

function withLicenses(there: Proposal, { licenses, holders }: WantedBundle): Proposal {
  const all = new Map([...there.licenses, ...licenses].map((each) => [each.skuId, each]));
  return { ...there, licenses: [...all.values()], holders: [...new Set([...there.holders, ...holders])].sort() };
}

function optionsFor(
  bundle: WantedBundle,
  today: TenantToday,
  index: UsersByValue,
  given: ReadonlySet<Guid>,
  proposals: readonly Proposal[],
): readonly Alternative[] {
  return [...groupsFor(bundle, today, given, proposals), ...rulesOf(bundle, today, index, proposals)];
}

/** Groups that were read, best match first. */
function groupsFor(
  bundle: WantedBundle,
  today: TenantToday,
  given: ReadonlySet<Guid>,
  proposals: readonly Proposal[],
): Alternative[] {
  const options = [...today.members].flatMap(([id, members]): Alternative[] => {
    const group = today.groups.get(id);
    if (group === undefined || members.size < bundle.holders.length / 2) return [];
    const { fit, seats } = fitOf(bundle, today, members, members.size);
    const taken = proposals.find(({ from }) => from.kind === "existing" && from.group.id === id);
    const otherwise = otherwiseOf(group, bundle, given, taken) ?? (isForFew(fit) ? "fits-others" : null);
    return [{ from: { kind: "existing", group }, fit, seats, otherwise }];
  });
  return options.sort((a, b) => byFit(a.fit, b.fit) || (idOf(a) < idOf(b) ? -1 : 1));
}

/** True if most members have more plans enabled: the group belongs to them. */
function isForFew({ covered, members }: Fit): boolean {
  return covered * 2 < members;
}

function idOf({ from }: Alternative): Guid {
  return from.kind === "existing" ? from.group.id : "";
}

/**
 * Why the group cannot be used: its present licences must not change, and it can have one set of plans for each
 * SKU.
 */
function otherwiseOf(
  group: LicensedGroup,
  { licenses }: WantedBundle,
  given: ReadonlySet<Guid>,
  taken: Proposal | undefined,
): Alternative["otherwise"] {
  if (!group.securityEnabled) return "not-security-enabled";
  if (isOtherwise([...group.licenses, ...(taken?.licenses ?? [])], licenses)) return "gives-this-sku-otherwise";
  return given.has(group.id) || group.licenses.length > 0 ? "gives-another-sku" : null;
}

function isOtherwise(there: readonly License[], licenses: readonly License[]): boolean {
  return there.some(({ skuId }) => licenses.some((license) => license.skuId === skuId));
}

function rulesOf(
  bundle: WantedBundle,
  today: TenantToday,
  index: UsersByValue,
  proposals: readonly Proposal[],
): Alternative[] {
  const options = rulesFor(bundle.holders, today.users).flatMap((rule): Alternative[] => {
    const count = today.taken.get(ruleKey(rule));
    // Without the total count it is unknown how many other users the rule takes.
    if (count === undefined) return [];
    const { fit, seats } = fitOf(bundle, today, takenBy(rule, today, index), count);
    const from = { kind: "rule", rule } as const;
    const there = proposals.find((each) => isSameSource(each.from, from));
    const otherwise =
      there !== undefined && isOtherwise(there.licenses, bundle.licenses)
        ? "gives-this-sku-otherwise"
        : isForFew(fit)
          ? "fits-others"
          : null;
    return [{ from, fit, seats, otherwise }];
  });
  return options.sort((a, b) => byFit(a.fit, b.fit));
}

interface Fitting {
  readonly fit: Fit;
  readonly seats: readonly SeatCost[];
}

/** @param size number of all users in it; `members` may contain only licensed users */
function fitOf(
  { licenses, holders }: WantedBundle,
  today: TenantToday,
  members: ReadonlySet<Guid>,
  size: number,
): Fitting {
  const { users, catalog } = today;
  const own = new Set(holders);
  const all = Math.max(size, members.size);
  let have = 0;
  const seated = new Map(licenses.map(({ skuId }) => [skuId, 0]));
  for (const id of members) {
    const user = users.get(id);
    if (own.has(id) || licenses.every((license) => hasToday(user, license, catalog))) have += 1;
    const held = new Set(user?.assignments.filter(inForce).map(({ skuId }) => skuId));
    for (const [skuId, count] of seated) if (held.has(skuId)) seated.set(skuId, count + 1);
  }
  const covered = holders.reduce((sum, id) => (members.has(id) ? sum + 1 : sum), 0);
  return {
    fit: { covered, holders: holders.length, extra: all - have, members: all },
    seats: [...seated].flatMap(([skuId, count]) => {
      const sku = catalog.skus.find(({ id }) => id === skuId);
      const { enabled = 0, warning = 0 } = sku?.prepaidUnits ?? {};
      const more = all - count;
      return more === 0 ? [] : [{ skuId, more, left: Math.max(0, enabled + warning - (sku?.consumedUnits ?? 0)) }];
    }),
  };
}

/**
 * Bundles for users that the proposed groups would leave out or give too much. `others`: users to except instead,
 * because they are few or of a special kind.
 */
function bundlesFor(
  amiss: ReadonlyMap<Guid, Amiss>,
  { users, catalog }: TenantToday,
  there: readonly WantedBundle[],
  fewest: number,
): { readonly more: readonly WantedBundle[]; readonly others: ReadonlyMap<Guid, readonly Proposal[]> } {
  const others = new Map<Guid, readonly Proposal[]>();
  const known = new Set(there.map(({ licenses }) => keyOf(licenses)));
  const found = new Map<string, { readonly licenses: readonly License[]; readonly holders: Guid[] }>();
  for (const [userId, { skuIds, groups }] of amiss) {
    const licenses = (users.get(userId)?.assignments ?? [])
      .filter((entry) => isDirectInForce(entry) && skuIds.has(entry.skuId))
      .flatMap((entry) => {
        const sku = catalog.skus.find(({ id }) => id === entry.skuId);
        return sku === undefined ? [] : [listed(entry, sku)];
      });
    const key = keyOf(licenses);
    const user = users.get(userId);
    if (user !== undefined && kindOf(user, catalog) !== null) others.set(userId, groups);
    if (licenses.length === 0 || known.has(key) || others.has(userId)) continue;
    const alike = found.get(key) ?? { licenses, holders: [] };
    found.set(key, alike);
    alike.holders.push(userId);
  }
  const few = [...found.values()].filter(({ holders }) => holders.length < fewest);
  for (const userId of few.flatMap(({ holders }) => holders)) others.set(userId, amiss.get(userId)?.groups ?? []);
  const more = [...found.values()]
    .filter(({ holders }) => holders.length >= fewest)
    .map(({ licenses, holders }): WantedBundle => ({
      licenses,
      holders: holders.sort(),
      leads: licenses.map(({ skuId }) => skuId),
      lacksPrerequisite: false,
      variants: [],
    }));
  return { more, others };
}

/**
 * Direct licences of ordinary users that no proposed group takes and that are not left alone for another reason.
 */
function leftDirect(
  proposals: readonly Proposal[],
  { users, catalog }: TenantToday,
  { covered, leftAlone }: Wanted,
): readonly LeftDirect[] {
  const taken = new Set<string>();
  const take = (userId: Guid, skuId: Guid) => taken.add(`${userId} ${skuId}`);
  for (const { holders, licenses } of proposals) {
    for (const { skuId } of licenses) for (const userId of holders) take(userId, skuId);
  }
  for (const [userId, skuIds] of covered) for (const skuId of skuIds) take(userId, skuId);
  for (const { skuId, userIds } of leftAlone) for (const userId of userIds) take(userId, skuId);
  const ordinary = [...users.values()].filter((user) => kindOf(user, catalog) === null);
  return patternsOf(ordinary, catalog)
    .map(({ license, holders }) => ({
      license,
      userIds: holders.filter((userId) => !taken.has(`${userId} ${license.skuId}`)),
    }))
    .filter(({ userIds }) => userIds.length > 0);
}

/** The users that are members of a proposed group before `up`. */
export function membersOf(today: TenantToday): Members {
  const index = usersByValue(today);
  const inheriting = new Map<Guid, Set<Guid>>();
  for (const { id, assignments } of today.users.values()) {
    for (const { assignedByGroup } of assignments.filter(isFromGroup)) {
      inheriting.set(assignedByGroup, (inheriting.get(assignedByGroup) ?? new Set()).add(id));
    }
  }
  return ({ from }) => {
    switch (from.kind) {
      case "licensed":
        return inheriting.get(from.group.id) ?? new Set();
      case "existing":
        return today.members.get(from.group.id) ?? new Set();
      case "rule":
        return takenBy(from.rule, today, index);
      case "direct-holders":
        return new Set();
    }
  };
}

type UsersByValue = Readonly<Record<Attribute, ReadonlyMap<string, readonly Guid[]>>>;

/** Licensed users by attribute and value. */
function usersByValue({ users }: TenantToday): UsersByValue {
  const index: Record<Attribute, Map<string, Guid[]>> = {
    department: new Map(),
    companyName: new Map(),
    country: new Map(),
  };
  for (const user of users.values()) {
    for (const attribute of ATTRIBUTES) {
      const value = user[attribute]?.toLowerCase();
      if (value === undefined) continue;
      const alike = index[attribute].get(value);
      if (alike === undefined) index[attribute].set(value, [user.id]);
      else alike.push(user.id);
    }
  }
  return index;
}

function takenBy(rule: AttributeRule, { users }: TenantToday, index: UsersByValue): ReadonlySet<Guid> {
  const [first] = rule;
  const candidates = first?.values.flatMap((value) => index[first.attribute].get(value.toLowerCase()) ?? []) ?? [];
  return new Set(
    candidates.filter((id) => {
      const user = users.get(id);
      return user !== undefined && isTaken(user, rule);
    }),
  );
}
