import type { Catalog } from "../catalog/catalog";
import type { Finding } from "../finding";
import { counted } from "../counts";
import type { GroupState } from "./cohort";

/**
 * Warns about direct holders that are not added to a `members: direct-holders` group, because it does not give all
 * of their enabled plans.
 */
export function uncoveredFindings(groups: readonly GroupState[], catalog: Catalog): readonly Finding[] {
  return groups.flatMap(({ declared, joining }): Finding[] => {
    const userIds = [...(joining?.uncovered ?? [])].sort();
    if (userIds.length === 0) return [];
    const skus = declared.licenses.map(({ skuId }) => catalog.skuName(skuId)).join(" and ");
    return [
      {
        code: "uncovered-holders",
        severity: "warning",
        about: declared.name,
        count: userIds.length,
        message:
          `${counted(userIds.length, "user holds", "users hold")} ${skus} directly with service plans on that ${declared.displayName} ` +
          `does not give: they are not added to it and keep what they have.`,
        remedy: "Give those plans, or declare a further group for these users.",
        userIds,
      },
    ];
  });
}
