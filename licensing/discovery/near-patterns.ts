import type { Guid } from "../model";
import { grouped } from "../grouped";
import { type Pattern } from "./patterns";

/**
 * Two patterns of one SKU that differ in one plan. Most are accidents, but only an administrator knows which one.
 */
export interface NearPatterns {
  /** The pattern with the plan enabled. */
  readonly withPlan: Pattern;
  /** The pattern with the plan disabled. */
  readonly withoutPlan: Pattern;
  readonly planId: Guid;
}

/** All pairs of patterns that differ in one plan, those with the most holders first. */
export function nearPatterns(patterns: readonly Pattern[]): readonly NearPatterns[] {
  const bySku = grouped(patterns, ({ license }) => license.skuId);
  const near = [...bySku.values()].flatMap((alike) => {
    const byPlans = new Map(alike.map((pattern) => [keyOf(pattern.license.disabledPlans), pattern]));
    // Looks up each pattern without one of its disabled plans; comparing all pairs would be slow.
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
