import { freeSeats } from "../catalog/subscription";
import { inForce } from "../effective-plans";
import type { Guid, License, LicensedGroup } from "../model";
import { ruleKey, rulesFor } from "./attributes";
import { byFit, hasToday, type Fit } from "./fit";
import { takenBy, type UsersByValue } from "./present-members";
import type { Alternative, MembersFrom, Proposal, SeatCost } from "./proposal";
import type { TenantToday } from "./tenant-today";
import type { WantedBundle } from "./variants";

/** The existing groups and the rules with most of the users of a bundle, best match first. */
export function optionsFor(
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

export function isOtherwise(there: readonly License[], licenses: readonly License[]): boolean {
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
      const more = all - count;
      return more === 0 ? [] : [{ skuId, more, left: freeSeats(sku, "all") }];
    }),
  };
}

/** Proposals with the same group or rule become one group. */
export function isSameSource(there: MembersFrom, from: MembersFrom): boolean {
  if (there.kind === "existing" && from.kind === "existing") return there.group.id === from.group.id;
  return there.kind === "rule" && from.kind === "rule" && ruleKey(there.rule) === ruleKey(from.rule);
}
