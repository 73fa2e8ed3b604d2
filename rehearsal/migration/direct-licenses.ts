import type { Emulator } from "../../emulator";
import type { Catalog } from "../../licensing/catalog/catalog";
import type { Guid } from "../../licensing/model";

/** Direct licences: disabled plans by user and SKU. */
export type DirectLicenses = ReadonlyMap<string, string>;

export interface Removal {
  readonly userId: Guid;
  readonly skuId: Guid;
}

/**
 * Reads all direct licences. Retired plans are left out: they can be neither enabled nor restored.
 *
 * @param skuIds the SKUs that the stack file declares
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

function removalOf(key: string): Removal {
  const [userId = "", skuId = ""] = key.split(" ");
  return { userId, skuId };
}
