import type { Catalog } from "../catalog/catalog";
import type { DeclaredGroup } from "../declaration";
import type { Finding } from "../finding";
import type { Guid, License } from "../model";
import { licensesAfter } from "../record/licenses-after";
import type { TenantSnapshot } from "../snapshot";
import type { GroupState } from "./cohort";
import type { Need } from "./tenant-relations";

/**
 * Finds licences that need a plan which their own group does not give. Entra looks only at the group's licences,
 * not at the members', and refuses the whole change.
 * https://learn.microsoft.com/entra/identity/users/licensing-groups-resolve-problems#manage-licenses-for-products-with-prerequisites
 */
export function groupPrerequisiteFindings(
  groups: readonly GroupState[],
  needs: readonly Need[],
  snapshot: TenantSnapshot,
): readonly Finding[] {
  const { catalog } = snapshot;
  return groups.flatMap((group) => {
    const after = licensesThen(group);
    const before = new Set(lackingIn(group.now.licenses, needs, catalog));
    const lacking = lackingIn(after, needs, catalog).filter(
      // If another group of this tenant gives the plan alone, Entra accepts it.
      (need) => !before.has(need) && need.isSure === need.isSureInGroup,
    );
    return after.flatMap((license) => {
      const own = lacking.filter(({ plan }) => catalog.enabledPlans(license).has(plan));
      const sure = own.filter(({ isSureInGroup }) => isSureInGroup);
      if (own.length === 0) return [];
      return [finding({ group, license, lacking: sure.length > 0 ? sure : own, isSure: sure.length > 0 }, snapshot)];
    });
  });
}

/** A group's licence that lacks a prerequisite in that group. */
interface Alone {
  readonly group: GroupState;
  readonly license: License;
  readonly lacking: readonly Need[];
  readonly isSure: boolean;
}

function finding(alone: Alone, snapshot: TenantSnapshot): Finding {
  const { group, license, lacking, isSure } = alone;
  const { name, displayName } = group.declared;
  const sku = snapshot.catalog.skuName(license.skuId);
  const what = lacking.map(({ words }) => words).join(", ");
  return {
    code: "prerequisite-not-in-group",
    severity: isSure ? "error" : "note",
    about: `${name} ${sku}`,
    count: 1,
    message: isSure
      ? `Entra refuses ${sku} on ${displayName}: ${what}, and the same group has to give what an add-on needs, even to members that hold it from elsewhere.`
      : `${displayName} gives ${sku} without what Microsoft's product terms ask for (${what}). Whether Entra refuses such a group is not known.`,
    remedy: isSure ? remedy(alone, snapshot) : `If Entra refuses it: ${remedy(alone, snapshot)}`,
    userIds: [],
  };
}

/** The change to make in the stack file. */
function remedy({ group, license, lacking }: Alone, { catalog, declared, users, members }: TenantSnapshot): string {
  const { name, groupId } = group.declared;
  const sku = catalog.skuName(license.skuId);
  const needed = [...new Set(lacking.flatMap(({ others }) => others))];
  const plansOf = (ids: readonly Guid[]) => ids.map((id) => catalog.planName(id)).join(", ");
  const giving = catalog.skus.filter(({ id }) => {
    const plans = catalog.enabledPlans({ skuId: id, disabledPlans: [] });
    return id !== license.skuId && needed.some((plan) => plans.has(plan));
  });
  const there = licensesThen(group).find(({ skuId }) => giving.some(({ id }) => id === skuId));
  const plans = new Set(lacking.map(({ plan }) => plan));
  const isWhole = [...catalog.enabledPlans(license)].every((plan) => plans.has(plan));
  const without = isWhole
    ? `or take ${sku} out of licensing:groups.${name}`
    : `or switch off ${plansOf([...plans])} with disabledPlans of ${sku}`;
  if (there !== undefined) {
    const off = there.disabledPlans.filter((plan) => needed.includes(plan));
    return `Take ${plansOf(off)} out of the disabledPlans of ${catalog.skuName(there.skuId)} in licensing:groups.${name}, ${without}.`;
  }
  const sizeOf = (each: DeclaredGroup) => members.get(each.groupId)?.size ?? 0;
  const held = (skuId: Guid) =>
    [...(members.get(groupId) ?? [])].filter((userId) =>
      users.get(userId)?.assignments.some((entry) => entry.skuId === skuId),
    ).length;
  const [best, ...others] = giving
    .map(({ id }) => ({ id, held: held(id) }))
    .sort((a, b) => b.held - a.held || catalog.skuName(a.id).localeCompare(catalog.skuName(b.id)));
  if (best === undefined) return `The tenant has no other SKU with such a plan: ${without.slice("or ".length)}.`;
  const [usual] = declared
    .filter((each) => each.name !== name && each.licenses.some(({ skuId }) => skuId === best.id))
    .sort((a, b) => sizeOf(b) - sizeOf(a));
  const isCut = usual?.licenses.some(({ skuId, disabledPlans }) => skuId === best.id && disabledPlans.length > 0);
  const alike = isCut === true ? ` with the disabledPlans that it has in licensing:groups.${usual?.name ?? ""}` : "";
  const choice = best.held > 0 || others.length === 0 ? "" : ` (or another SKU with ${plansOf(needed)})`;
  return (
    `Add ${catalog.skuName(best.id)} to licensing:groups.${name}.licenses${alike}${choice}: members that hold it already take no second seat; ` +
    `${without}.`
  );
}

function licensesThen({ declared, now, takenOff = [] }: GroupState): readonly License[] {
  return licensesAfter(
    declared,
    now,
    takenOff.map(({ skuId }) => skuId),
  );
}

function lackingIn(licenses: readonly License[], needs: readonly Need[], catalog: Catalog): readonly Need[] {
  const plans = new Set(licenses.flatMap((license) => [...catalog.enabledPlans(license)]));
  return needs.filter(({ plan, others }) => plans.has(plan) && !others.some((each) => plans.has(each)));
}
