import type { Catalog } from "../licensing/catalog/catalog";
import type { ResolvedLoss } from "../licensing/loss/loss";
import type { Guid } from "../licensing/model";
import type { AcceptedRisks } from "../licensing/snapshot";
import type { AcceptedLoss, StackFile, StackFileMistake } from "../licensing/stack-file/stack-file";
import { NO_NAMES, type RecordedNames } from "../licensing/catalog/recorded-names";
import { Refusal } from "../licensing/refusal";

/**
 * Resolves accepted losses to ids. An unknown SKU or plan is a mistake, so that a typing error accepts nothing.
 *
 * @throws {Refusal} with all mistakes
 */
export function resolveAcceptedLosses(
  losses: readonly AcceptedLoss[],
  catalog: Catalog,
  known: RecordedNames = NO_NAMES,
): readonly ResolvedLoss[] {
  const mistakes: StackFileMistake[] = [];
  const resolved = losses.flatMap(({ group, sku, plans }, index): ResolvedLoss[] => {
    const lookup = catalog.resolve({ sku, disabledPlans: plans }, known);
    if ("problem" in lookup) {
      mistakes.push({ path: `licensing:acceptLoss[${index}]`, message: lookup.problem });
      return [];
    }
    const { skuId, disabledPlans } = lookup.found;
    return disabledPlans.map((planId) => ({ group, skuId, planId }));
  });
  if (mistakes.length > 0) throw Refusal.ofMistakes(mistakes);
  return resolved;
}

/**
 * Resolves the accepted risks to ids.
 *
 * @throws {Refusal} with all mistakes
 */
export function resolveAcceptedRisks(
  { acceptGrace, acceptNoWayBack }: Pick<StackFile, "acceptGrace" | "acceptNoWayBack">,
  catalog: Catalog,
  known: RecordedNames = NO_NAMES,
): AcceptedRisks {
  const mistakes: StackFileMistake[] = [];
  const skusOf = (key: string, words: readonly string[]) =>
    new Set(
      words.flatMap((word, index): Guid[] => {
        const lookup = catalog.resolve({ sku: word, disabledPlans: [] }, known);
        if ("found" in lookup) return [lookup.found.skuId];
        mistakes.push({ path: `licensing:${key}[${index}]`, message: lookup.problem });
        return [];
      }),
    );
  const grace = skusOf("acceptGrace", acceptGrace);
  const noWayBack = typeof acceptNoWayBack === "boolean" ? acceptNoWayBack : skusOf("acceptNoWayBack", acceptNoWayBack);
  if (mistakes.length > 0) throw Refusal.ofMistakes(mistakes);
  return { grace, noWayBack };
}
