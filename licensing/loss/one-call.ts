import type { Catalog } from "../catalog/catalog";
import type { DeclaredGroup } from "../declaration";
import type { Guid, License } from "../model";

/** A group's single call that adds licences and removes those whose plans exclude them. */
export interface OneCall {
  readonly add: readonly License[];
  readonly off: readonly License[];
}

/**
 * What `swapInOneCall` of the group makes of its licences: all that are declared and not on it come in the call that
 * takes the named SKUs off. See docs/decisions/0027-plans-that-exclude-each-other-are-swapped-in-one-call.md.
 *
 * @returns `null` if nothing comes or nothing goes: then a named SKU stays
 */
export function oneCallOf(
  { licenses, swaps = [], deleted }: Pick<DeclaredGroup, "licenses" | "swaps" | "deleted">,
  now: readonly License[],
): OneCall | null {
  const isOn = (skuId: Guid) => now.some((license) => license.skuId === skuId);
  const off = deleted === undefined ? now.filter(({ skuId }) => swaps.includes(skuId)) : [];
  const add = licenses.filter(({ skuId }) => !isOn(skuId));
  return off.length === 0 || add.length === 0 ? null : { add, off };
}

/**
 * What to write where a licence of the group that the stack file does not declare excludes one that comes to it.
 *
 * @returns `null` if none does, or if one call is written already
 */
export function oneCallInstead(
  declared: Pick<DeclaredGroup, "name" | "licenses" | "swaps" | "deleted">,
  now: readonly License[],
  excludes: (off: License, add: License) => boolean,
  catalog: Catalog,
): string | null {
  if (oneCallOf(declared, now) !== null) return null;
  const isIn = (licenses: readonly License[], { skuId }: License) => licenses.some((each) => each.skuId === skuId);
  const add = declared.licenses.filter((license) => !isIn(now, license));
  const off = now.filter(
    (license) => !isIn(declared.licenses, license) && add.some((coming) => excludes(license, coming)),
  );
  if (off.length === 0) return null;
  const names = off.map(({ skuId }) => catalog.skuName(skuId)).sort();
  return (
    `write swapInOneCall: [${names.join(", ")}] under licensing:groups.${declared.name}, in place of removeLicenses, because plans of ` +
    `${names.join(" and ")} exclude the new licence and no member can have both: that swaps them in one call`
  );
}
