import { isDirectInForce } from "../effective-plans";
import type { Guid, License } from "../model";
import { keyOf } from "./add-ons";
import { isSameSource, optionsFor } from "./alternatives";
import { isExact, isNear } from "./fit";
import { isLate, lateRules, type LateRule } from "./late-rules";
import { outcomeOf, type Amiss } from "./outcome";
import { largestFirst, Names, formatName } from "./names";
import { listed, patternsOf } from "./patterns";
import { kindOf } from "./people-kinds";
import { membersOf, usersByValue } from "./present-members";
import type { Alternative, LeftDirect, MembersFrom, Proposal } from "./proposal";
import type { TenantToday } from "./tenant-today";
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
  const late: LateRule[] = [];
  for (let round = 1; ; round += 1) {
    const proposals = proposedFor(today, { ...wanted, bundles }, taken, late).map((each) => withExcept(each, excepted));
    const { proposals: counted, amiss } = outcomeOf(proposals, today, membersOf(today));
    const tooLate = lateRules(counted, amiss, membersOf(today));
    if (tooLate.length > 0 && round < MOST_ROUNDS) {
      late.push(...tooLate);
      continue;
    }
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
  late: readonly LateRule[],
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
    const optionsOf = (each: WantedBundle) =>
      optionsFor(each, today, index, given, proposals).filter(
        ({ from }) => from.kind !== "rule" || !isLate(each, late),
      );
    const options = optionsOf(bundle);
    const { exact, own, rest } = exactFor(bundle, options, optionsOf);
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

function withLicenses(there: Proposal, { licenses, holders }: WantedBundle): Proposal {
  const all = new Map([...there.licenses, ...licenses].map((each) => [each.skuId, each]));
  return { ...there, licenses: [...all.values()], holders: [...new Set([...there.holders, ...holders])].sort() };
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
