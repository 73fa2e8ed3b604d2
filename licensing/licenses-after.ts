import { declaredSkus, type DeclaredGroup } from "./declaration";
import type { Guid, License, LicensedGroup } from "./model";

/** What a group gives after the change: what is declared, and what others gave it besides. */
export function licensesAfter(
  declared: DeclaredGroup,
  now: Pick<LicensedGroup, "licenses">,
  givenBefore: readonly Guid[],
): readonly License[] {
  const skuIds = declaredSkus([declared]);
  const others = now.licenses.filter(({ skuId }) => !skuIds.has(skuId) && !givenBefore.includes(skuId));
  return [...declared.licenses, ...others];
}
