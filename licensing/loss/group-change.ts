import type { DeclaredGroup } from "../declaration";
import type { Guid, License, LicensedGroup } from "../model";

/** What has to be done to a group so that it gives what is declared. SKUs that nobody declared are left alone. */
export type LicenseChange =
  | { readonly kind: "add"; readonly license: License }
  | { readonly kind: "change-plans"; readonly license: License; readonly disabledNow: readonly Guid[] };

/** Adding a SKU that is there replaces its disabled plans in place: a change of plans never leaves a gap. */
export function changesToGroup(declared: readonly License[], now: readonly License[]): readonly LicenseChange[] {
  return declared.flatMap((license): LicenseChange[] => {
    const there = now.find((each) => each.skuId === license.skuId);
    if (there === undefined) return [{ kind: "add", license }];
    return samePlans(license.disabledPlans, there.disabledPlans)
      ? []
      : [{ kind: "change-plans", license, disabledNow: there.disabledPlans }];
  });
}

/** Whether members already get exactly what is declared, and no longer what is to be taken off the group. */
export function isConverged(group: DeclaredGroup, now: LicensedGroup): boolean {
  return (
    now.processingState === "ProcessingComplete" &&
    changesToGroup(group.licenses, now.licenses).length === 0 &&
    stillToTakeOff(group, now).size === 0
  );
}

/** SKUs that the stack file takes off the group and that are on it. */
export function stillToTakeOff(
  { removes = [] }: DeclaredGroup,
  { licenses }: Pick<LicensedGroup, "licenses">,
): ReadonlySet<Guid> {
  return new Set(removes.filter((skuId) => licenses.some((license) => license.skuId === skuId)));
}

export function samePlans(a: readonly Guid[], b: readonly Guid[]): boolean {
  const there = new Set(b);
  return new Set(a).size === there.size && a.every((plan) => there.has(plan));
}

/** What two views of a group agree on that it gives: a plan is on where both have it on. */
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
