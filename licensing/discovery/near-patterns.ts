import type { Guid } from "../model";
import { groupedBy, type Pattern } from "./patterns";

/** Two patterns of one SKU that differ in a single plan. Most are accidents; which of them is one, only a person knows. */
export interface NearPatterns {
  /** With the plan on. */
  readonly withPlan: Pattern;
  /** With the plan off. */
  readonly withoutPlan: Pattern;
  readonly planId: Guid;
}

/** Every pair of patterns that are one plan apart, those with the most holders first. */
export function nearPatterns(patterns: readonly Pattern[]): readonly NearPatterns[] {
  const bySku = groupedBy(patterns, ({ license }) => license.skuId);
  const near = [...bySku.values()].flatMap((alike) => {
    const byPlans = new Map(alike.map((pattern) => [keyOf(pattern.license.disabledPlans), pattern]));
    // Each pattern without one of its disabled plans is looked up, so that many patterns are not compared pair by pair.
    return alike.flatMap((withoutPlan) =>
      withoutPlan.license.disabledPlans.flatMap((planId): NearPatterns[] => {
        const withPlan = byPlans.get(keyOf(withoutPlan.license.disabledPlans.filter((other) => other !== planId)));
        return withPlan === undefined ? [] : [{ withPlan, withoutPlan, planId }];
      }),
    );
  });
  return near.sort((a, b) => holders(b) - holders(a));
}

function keyOf(plans: readonly Guid[]): string {
  return [...plans].sort().join(" ");
}

function holders({ withPlan, withoutPlan }: NearPatterns): number {
  return withPlan.holders.length + withoutPlan.holders.length;
}
