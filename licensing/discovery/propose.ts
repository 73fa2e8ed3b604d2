import type { Guid, LicensedGroup } from "../model";
import { bundlesOf, type Bundle } from "./add-ons";
import { ATTRIBUTES, isTaken, ruleKey, rulesFor, type Attribute, type AttributeRule } from "./attributes";
import { byFit, hasToday, isExact, isNear, type Fit } from "./fit";
import { inheritedAlready, uncovered, type InheritedAlready } from "./inherited-already";
import { Names, nameWords } from "./names";
import { patternsOf } from "./patterns";
import type { Alternative, MembersFrom, Proposal } from "./proposal";
import type { LicensedToday, TenantToday } from "./tenant-today";

/** A person reads them: the best few. */
const SHOWN_ALTERNATIVES = 3;

/** What is to be found groups for: the direct licences that no group covers yet. */
export interface Wanted extends InheritedAlready {
  readonly bundles: readonly Bundle[];
}

export function wantedOf(today: LicensedToday): Wanted {
  const { users, catalog } = today;
  const inherited = inheritedAlready(today);
  const bundles = uncovered(bundlesOf(patternsOf(users.values(), catalog), users, catalog), inherited.covered);
  return { ...inherited, bundles: [...bundles].sort((a, b) => b.holders.length - a.holders.length) };
}

/**
 * Licensing groups that reproduce today's state exactly: the groups that give a licence today, then for each pattern a group
 * whose members are exactly its holders, or a rule that takes exactly them, or else a new group for the direct holders. Whatever fits
 * only nearly is an alternative beside them, for a person to judge.
 */
export function propose(today: TenantToday, { groups: giving, bundles }: Wanted): readonly Proposal[] {
  const names = new Names();
  const index = usersByValue(today);
  const taken = new Set(giving.map(({ group }) => group.id));
  const licensed = giving.map(({ group, licenses, holders }): Proposal => {
    const from = { kind: "licensed", group } as const;
    return {
      name: names.logical(group.displayName),
      displayName: group.displayName,
      from,
      licenses,
      holders,
      alternatives: [],
      lacksPrerequisite: false,
    };
  });
  const wanted = bundles.map((bundle): Proposal => {
    const options = [...groupsFor(bundle, today, taken), ...rulesOf(bundle, today, index)];
    const exact = options.find(({ fit, otherwise }) => isExact(fit) && otherwise === null);
    const from: MembersFrom = exact?.from ?? { kind: "direct-holders" };
    if (from.kind === "existing") taken.add(from.group.id);
    const isMade = from.kind === "rule" || from.kind === "direct-holders";
    const words = from.kind === "existing" ? from.group.displayName : nameWords(bundle.licenses, today.catalog);
    return {
      name: names.logical(words),
      displayName: isMade ? names.display(bundle.licenses, today.catalog) : words,
      from,
      licenses: bundle.licenses,
      holders: bundle.holders,
      alternatives: exact === undefined ? options.filter(({ fit }) => isNear(fit)).slice(0, SHOWN_ALTERNATIVES) : [],
      lacksPrerequisite: bundle.lacksPrerequisite,
    };
  });
  return [...licensed, ...wanted];
}

/** The groups that were read, best fit first. */
function groupsFor(bundle: Bundle, today: TenantToday, taken: ReadonlySet<Guid>): Alternative[] {
  const options = [...today.members].flatMap(([id, members]): Alternative[] => {
    const group = today.groups.get(id);
    if (group === undefined || members.size < bundle.holders.length / 2) return [];
    const fit = fitOf(bundle, today, members, members.size);
    return [{ from: { kind: "existing", group }, fit, otherwise: otherwiseOf(group, bundle, taken) }];
  });
  return options.sort((a, b) => byFit(a.fit, b.fit) || (idOf(a) < idOf(b) ? -1 : 1));
}

function idOf({ from }: Alternative): Guid {
  return from.kind === "existing" ? from.group.id : "";
}

/** Entra gives a member all SKUs of a group or none, so a group has one SKU; and what a group gives already is not ours to change. */
function otherwiseOf(group: LicensedGroup, { licenses }: Bundle, taken: ReadonlySet<Guid>): Alternative["otherwise"] {
  if (!group.securityEnabled) return "not-security-enabled";
  if (group.licenses.some(({ skuId }) => licenses.some((license) => license.skuId === skuId))) {
    return "gives-this-sku-otherwise";
  }
  return taken.has(group.id) || group.licenses.length > 0 ? "gives-another-sku" : null;
}

function rulesOf(bundle: Bundle, today: TenantToday, index: UsersByValue): Alternative[] {
  const options = rulesFor(bundle.holders, today.users).flatMap((rule): Alternative[] => {
    const count = today.taken.get(ruleKey(rule));
    // Without a count of all users that it takes, nobody knows whom else a rule gives the licence.
    if (count === undefined) return [];
    const fit = fitOf(bundle, today, takenBy(rule, today, index), count);
    return [{ from: { kind: "rule", rule }, fit, otherwise: null }];
  });
  return options.sort((a, b) => byFit(a.fit, b.fit));
}

/** @param size how many users are in it, those without any licence too; `members` may hold only the licensed ones */
function fitOf({ licenses, holders }: Bundle, today: TenantToday, members: ReadonlySet<Guid>, size: number): Fit {
  let have = 0;
  for (const id of members) {
    const user = today.users.get(id);
    if (licenses.every((license) => hasToday(user, license, today.catalog))) have += 1;
  }
  const covered = holders.reduce((sum, id) => (members.has(id) ? sum + 1 : sum), 0);
  const all = Math.max(size, members.size);
  return { covered, holders: holders.length, extra: all - have, members: all };
}

type UsersByValue = Readonly<Record<Attribute, ReadonlyMap<string, readonly Guid[]>>>;

/** The licensed users that each value of an attribute takes. */
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
