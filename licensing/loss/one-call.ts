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
