import type { DeclaredGroup } from "../declaration";
import type { Guid, License, LicensedGroup } from "../model";
import { oneCallOf } from "./one-call";

/** A change that brings a group to its declared licences. Undeclared SKUs stay as they are. */
export type LicenseChange =
  | { readonly kind: "add"; readonly license: License }
  | { readonly kind: "change-plans"; readonly license: License; readonly disabledNow: readonly Guid[] };

/** A change of plans is sent as an add: Graph replaces the disabled plans in place, so members have no gap. */
export function changesToGroup(declared: readonly License[], now: readonly License[]): readonly LicenseChange[] {
  return declared.flatMap((license): LicenseChange[] => {
    const there = now.find((each) => each.skuId === license.skuId);
    if (there === undefined) return [{ kind: "add", license }];
    return samePlans(license.disabledPlans, there.disabledPlans)
      ? []
      : [{ kind: "change-plans", license, disabledNow: there.disabledPlans }];
  });
}

/**
 * True if Entra has processed the group, it gives exactly the declared licences, and no SKU is left to take off.
 */
export function isConverged(group: DeclaredGroup, now: LicensedGroup): boolean {
  return (
    now.processingState === "ProcessingComplete" &&
    changesToGroup(group.licenses, now.licenses).length === 0 &&
    stillToTakeOff(group, now).size === 0
  );
}

/** SKUs listed under `removeLicenses` that are still on the group, and those of a swap in one call. */
export function stillToTakeOff(
  declared: DeclaredGroup,
  { licenses }: Pick<LicensedGroup, "licenses">,
): ReadonlySet<Guid> {
  const removed = (declared.removes ?? []).filter((skuId) => licenses.some((license) => license.skuId === skuId));
  return new Set([...removed, ...(oneCallOf(declared, licenses)?.off.map(({ skuId }) => skuId) ?? [])]);
}

export function samePlans(a: readonly Guid[], b: readonly Guid[]): boolean {
  const there = new Set(b);
  return new Set(a).size === there.size && a.every((plan) => there.has(plan));
}

/** The licences that both lists contain, with only those plans enabled that both enable. */
export function inBoth(a: readonly License[], b: readonly License[]): readonly License[] {
  return a.flatMap((license) => {
    const other = b.find(({ skuId }) => skuId === license.skuId);
    return other === undefined
      ? []
      : [
          {
            skuId: license.skuId,
            disabledPlans: [...new Set([...license.disabledPlans, ...other.disabledPlans])].sort(),
          },
        ];
  });
}
