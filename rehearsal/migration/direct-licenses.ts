import type { Emulator } from "../../emulator";
import type { Catalog } from "../../licensing/catalog/catalog";
import type { Guid } from "../../licensing/model";

/** Who holds what directly: by user and SKU, with the plans that are off. */
export type DirectLicenses = ReadonlyMap<string, string>;

export interface Removal {
  readonly userId: Guid;
  readonly skuId: Guid;
}

/**
 * Of plans, those that the SKU has today: a retired one can be neither on nor put back.
 *
 * @param skuIds those that the stack file declares
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

/** What was held before, and is not held now with the same plans. */
export function notAsBefore(before: DirectLicenses, now: DirectLicenses): readonly Removal[] {
  return [...before].filter(([key, plans]) => now.get(key) !== plans).map(([key]) => removalOf(key));
}

function removalOf(key: string): Removal {
  const [userId = "", skuId = ""] = key.split(" ");
  return { userId, skuId };
}
