import type { Catalog } from "../catalog/catalog";
import type { Finding } from "../finding";
import type { GroupState } from "./cohort";

/**
 * Notes `removeLicenses` entries that are already done. They would take the SKU off again if another administrator
 * added it.
 */
export function takenOffFindings(groups: readonly GroupState[], catalog: Catalog): readonly Finding[] {
  return groups.flatMap(({ declared, now }) => {
    const gone = (declared.removes ?? []).filter((id) => now.licenses.every(({ skuId }) => skuId !== id));
    return gone.map((skuId): Finding => {
      const sku = catalog.skuName(skuId);
      return {
        code: "taken-off-already",
        severity: "note",
        about: `${declared.name} ${sku}`,
        count: 1,
        message: `${declared.displayName} does not give ${sku}, which licensing:groups.${declared.name}.removeLicenses is to take off it: that is done.`,
        remedy: `Take ${sku} out of removeLicenses.`,
        userIds: [],
      };
    });
  });
}
