import type { Catalog } from "../catalog/catalog";
import { counted } from "../counts";
import type { CoveredLicense } from "../decision/covered";
import type { Finding } from "../finding";

/** Notes on direct licences that the groups give already and that no wave takes: each is a seat paid for twice. */
export function coveredFindings(covered: readonly CoveredLicense[], catalog: Catalog): readonly Finding[] {
  return covered.map((each): Finding => {
    const { skuId, by, group, userIds, seats } = each;
    const sku = catalog.skuName(skuId);
    const whole = by.map((id) => catalog.skuName(id));
    const gives = whole.length === 1 ? `${whole.join("")} gives` : `${whole.join(" and ")} together give`;
    const freed = seats === 0 ? "no seat, because they inherit it as well" : counted(seats, "seat");
    return {
      code: "covered-licenses",
      severity: "note",
      about: `${group.name} ${sku}`,
      count: userIds.length,
      message:
        `${counted(userIds.length, "user holds", "users hold")} ${sku} directly, and ${gives} ` +
        `${userIds.length === 1 ? "the user" : "them"} all of it: ${freed}`,
      remedy: `The stack file does not take it up, so it stays. For the waves to remove it under the same proof, ${replacesLine(each, catalog)}.`,
      userIds,
    };
  });
}

/** `write replaces: [ENTERPRISEPACK] on SPE_E5, under licensing:groups.staff.licenses`. */
export function replacesLine({ skuId, by, group }: CoveredLicense, catalog: Catalog): string {
  const [first = skuId] = by;
  return `write replaces: [${catalog.skuName(skuId)}] on ${catalog.skuName(first)}, under licensing:groups.${group.name}.licenses`;
}
