import type { Emulator } from "../../emulator";
import type { Catalog } from "../../licensing/catalog/catalog";
import type { Guid } from "../../licensing/model";
import type { StackFile } from "../../licensing/stack-file/stack-file";

/** Direct licences: disabled plans by user and SKU. */
export type DirectLicenses = ReadonlyMap<string, string>;

/** A direct licence by user and SKU. */
export interface Removal {
  readonly userId: Guid;
  readonly skuId: Guid;
}

/** The SKUs whose direct licences the stack file moves: those that its groups give, and those that these replace. */
export function movedSkus({ groups }: Pick<StackFile, "groups">, catalog: Catalog): ReadonlySet<Guid> {
  const words = groups.flatMap(({ licenses }) => licenses.flatMap(({ sku, replaces = [] }) => [sku, ...replaces]));
  return new Set(
    words.flatMap((sku) => {
      const lookup = catalog.resolve({ sku, disabledPlans: [] });
      return "found" in lookup ? [lookup.found.skuId] : [];
    }),
  );
}

/**
 * Reads all direct licences. Retired plans are left out: they can be neither enabled nor restored.
 *
 * @param skuIds from `movedSkus`
 */
export function directLicenses({ tenant }: Emulator, skuIds: ReadonlySet<Guid>, catalog: Catalog): DirectLicenses {
  const held = tenant.directAssignments().filter(({ skuId }) => skuIds.has(skuId));
  return new Map(
    held.map((each) => {
      const { userId, skuId, disabledPlans } = catalog.asOfToday(each);
      return [`${userId} ${skuId}`, [...disabledPlans].sort().join()];
    }),
  );
}

/** Direct licences that are missing now or have other plans than before. */
export function notAsBefore(before: DirectLicenses, now: DirectLicenses): readonly Removal[] {
  return [...before].filter(([key, plans]) => now.get(key) !== plans).map(([key]) => removalOf(key));
}

/** Direct licences that are there now and were not before: what swaps added. */
export function addedSince(before: DirectLicenses, now: DirectLicenses): readonly Removal[] {
  return [...now.keys()].filter((key) => !before.has(key)).map(removalOf);
}

function removalOf(key: string): Removal {
  const [userId = "", skuId = ""] = key.split(" ");
  return { userId, skuId };
}
