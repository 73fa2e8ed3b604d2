import type { BlockReason } from "./block-reason";
import { freeSeats, type Standing } from "../catalog/subscription";
import type { DeclaredGroup } from "../declaration";
import { isDirect, type Assignment, type Guid, type License } from "../model";
import type { LicensingWorld, UserEvidence } from "../snapshot";
import { endOf } from "./staying";

/** What one call adds directly while it removes the licence that excludes it; or why that cannot be. */
export type Bridge =
  | { readonly kind: "add"; readonly licenses: readonly License[] }
  | { readonly kind: "blocked"; readonly reason: BlockReason };

/**
 * Where a plan of the direct licence excludes one of the licence that replaces it, the group's licence stays in error
 * until the direct one is gone. Then one call of `assignLicense` adds the new SKU directly and removes the old one, and
 * the group's licence can follow: https://learn.microsoft.com/graph/api/user-assignlicense
 *
 * @param lost plans that the inherited licences do not give
 * @returns `null` if something else is the problem, or the plans of the group's licences would not be enough
 */
export function bridgeFor(
  skuId: Guid,
  lost: readonly Guid[],
  standing: Standing,
  evidence: UserEvidence,
  world: LicensingWorld,
): Bridge | null {
  const { user, memberOf } = evidence;
  for (const group of world.declared) {
    const replacing = new Set((group.replaces ?? []).filter((each) => each.skuId === skuId).map(({ by }) => by));
    if (replacing.size === 0 || !memberOf.has(group.groupId)) continue;
    const entries = user.assignments.filter(({ assignedByGroup }) => assignedByGroup === group.groupId);
    // check: a swap is made only where the group's licence is excluded
    if (!isExcluded(entries)) continue;
    const offered = group.licenses.flatMap((license) => {
      const inError = entries.some((entry) => entry.skuId === license.skuId && entry.state === "Error");
      const isHeld = user.assignments.some((entry) => entry.skuId === license.skuId && isDirect(entry));
      return inError && !isHeld ? (asGiven(license, group, standing, evidence, world) ?? []) : [];
    });
    const first = offered.filter((license) => replacing.has(license.skuId));
    const licenses = enough(lost, first, offered, world);
    if (licenses === null) continue;
    const full = licenses.find((license) => !hasSeat(license.skuId, evidence, world));
    return full === undefined
      ? { kind: "add", licenses }
      : { kind: "blocked", reason: { kind: "no-seat-to-swap", skuId: full.skuId } };
  }
  return null;
}

/** A group gives all of its licences or none, so one that is excluded keeps the others in error, too. */
function isExcluded(entries: readonly Assignment[]): boolean {
  return entries.some(({ state, error }) => state === "Error" && error === "MutuallyExclusiveViolation");
}

/** The licence with what both the group and the declaration have off; `null`: the group does not surely give it. */
function asGiven(
  license: License,
  group: DeclaredGroup,
  standing: Standing,
  evidence: UserEvidence,
  world: LicensingWorld,
): License | null {
  const now = world.groups.get(group.groupId);
  const onGroup = now?.licenses.find(({ skuId }) => skuId === license.skuId);
  if (onGroup === undefined || now?.processingState !== "ProcessingComplete") return null;
  if (!world.catalog.has(license.skuId) || endOf(group, license.skuId, standing, evidence, world) !== null) return null;
  const disabledPlans = [...new Set([...license.disabledPlans, ...onGroup.disabledPlans])].sort();
  return world.catalog.asOfToday({ skuId: license.skuId, disabledPlans });
}

/** The replacing licences, with as few others of the group as are needed; `null`: all together are not enough. */
function enough(
  lost: readonly Guid[],
  first: readonly License[],
  offered: readonly License[],
  { catalog }: LicensingWorld,
): readonly License[] | null {
  if (first.length === 0) return null;
  const chosen = [...first];
  const left = () => {
    const given = new Set(chosen.flatMap((license) => [...catalog.enabledPlans(license)]));
    return catalog.uncovered(new Set(lost), given);
  };
  for (const license of offered) {
    if (chosen.includes(license)) continue;
    if (left().some((planId) => catalog.keptAs(planId, catalog.enabledPlans(license)) !== null)) chosen.push(license);
  }
  return left().length === 0 ? chosen : null;
}

/** A user that holds the SKU in any way has a seat already. */
function hasSeat(skuId: Guid, { user }: UserEvidence, { catalog, seatsTaken }: LicensingWorld): boolean {
  if (user.assignedLicenses.some((license) => license.skuId === skuId)) return true;
  const sku = catalog.skus.find(({ id }) => id === skuId);
  // check: a swap needs a free seat
  return freeSeats(sku, "all") - (seatsTaken?.get(skuId) ?? 0) > 0;
}
