import type { Catalog } from "../catalog/catalog";
import { packIds, unpackIds } from "../record/compact-ids";
import type { DeclaredGroup } from "../declaration";
import type { Guid, LicensedGroup } from "../model";
import type { PlansOnRecord, StackRecord } from "../record/record";
import { counted } from "../counts";

/** A plan that Microsoft added to a SKU since the last `up` and that is enabled in a group's licence. */
export interface AddedPlan {
  /** The logical name of the group. */
  readonly group: string;
  readonly skuId: Guid;
  readonly planId: Guid;
  /** Number of first-level members, all of which get the plan. */
  readonly members: number;
}

/** The plans to record for a group. SKUs that the tenant does not list now have no known plans and are skipped. */
export function plansToRecord({ licenses }: DeclaredGroup, catalog: Catalog): PlansOnRecord {
  const listed = licenses.filter(({ skuId }) => catalog.has(skuId));
  return Object.fromEntries(
    listed.map(({ skuId }) => [skuId, packIds(catalog.enabledPlans({ skuId, disabledPlans: [] }))]),
  );
}

/**
 * Compares the groups' SKUs with those on record. SKUs without a record are skipped (newly declared, or not
 * listed at that time), because their earlier plans are unknown.
 *
 * @throws DamagedRecord if a list of ids is incomplete
 */
export function addedPlans(
  groups: readonly { readonly declared: DeclaredGroup; readonly now: LicensedGroup; readonly members: number }[],
  record: StackRecord,
  catalog: Catalog,
): readonly AddedPlan[] {
  return groups.flatMap(({ declared, now, members }) => {
    const before = record.groupLicenses.get(declared.name);
    if (before?.groupId !== declared.groupId) return [];
    return declared.licenses.flatMap((license): AddedPlan[] => {
      const { skuId } = license;
      const onGroup = now.licenses.find((each) => each.skuId === skuId);
      const packed = before.plans[skuId];
      if (onGroup === undefined || packed === undefined) return [];
      const known = new Set(unpackIds(packed));
      const declaredOn = catalog.enabledPlans(license);
      // A plan that is disabled on the group or in the declaration was decided already.
      const added = [...catalog.enabledPlans(onGroup)].filter((id) => declaredOn.has(id) && !known.has(id));
      return added.sort().map((planId) => ({ group: declared.name, skuId, planId, members }));
    });
  });
}

/** `ENTERPRISEPACK: MICROSOFT_X`, shown in a group's row. */
export function addedPlanName({ skuId, planId }: AddedPlan, catalog: Catalog): string {
  return `${catalog.skuName(skuId)}: ${catalog.planName(planId)}`;
}

export function formatAddedPlan(added: AddedPlan, { displayName }: DeclaredGroup, catalog: Catalog): string {
  const sku = catalog.skuName(added.skuId);
  const plan = catalog.planName(added.planId);
  return (
    `Microsoft added ${plan} to ${sku}: it is on for ${counted(added.members, "member")} of ${displayName} through ` +
    "the group. If they shall have it, nothing is left to do: the next up takes note of it. If they shall not, put it " +
    `into disabledPlans of ${sku} under licensing:groups.${added.group}, with ` +
    `{group: ${added.group}, sku: ${sku}, plan: ${plan}} in licensing:acceptLoss, because they can use it now. ` +
    "Direct licences have it on, too: users that still hold one keep the plan."
  );
}
