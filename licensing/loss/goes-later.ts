import type { Catalog } from "../catalog/catalog";
import { inForce } from "../effective-plans";
import type { Guid, License, LicensedUser } from "../model";

/**
 * Of the SKUs to take off a group, those that the group's own licences replace: members have them, and a declared
 * licence has one of their plans. They go only after every member has been verified. See
 * docs/decisions/0022-a-group-changes-its-licence-in-two-steps.md.
 */
export function goesLater(
  takenOff: readonly License[],
  { groupId, licenses }: { readonly groupId: Guid; readonly licenses: readonly License[] },
  members: readonly LicensedUser[],
  catalog: Catalog,
): readonly License[] {
  const given = new Set(licenses.flatMap((license) => [...catalog.enabledPlans(license)]));
  const isReplaced = (license: License) =>
    [...catalog.enabledPlans(license)].some((planId) => catalog.keptAs(planId, given) !== null);
  const isHeld = ({ skuId }: License) =>
    members.some(({ assignments }) =>
      assignments.some((entry) => entry.skuId === skuId && entry.assignedByGroup === groupId && inForce(entry)),
    );
  return takenOff.filter((license) => isReplaced(license) && isHeld(license));
}
