import { idOf, type Catalog } from "../licensing/catalog/catalog";
import { plansCalled } from "../licensing/catalog/published-names";
import type { Successor } from "../licensing/catalog/successors";
import type { Guid } from "../licensing/model";
import { didYouMean } from "../licensing/nearest";
import { Refusal } from "../licensing/refusal";
import type { AcceptedSuccessor, StackFileMistake } from "../licensing/stack-file/stack-file";

/**
 * Resolves accepted successors to ids. A plan that the tenant lacks is looked up in Microsoft's list: an old SKU may
 * leave the tenant while its users are still on record.
 *
 * @throws {Refusal} with all mistakes
 */
export function resolveSuccessors(successors: readonly AcceptedSuccessor[], { skus }: Catalog): readonly Successor[] {
  const plans = skus.flatMap(({ servicePlans }) => servicePlans);
  const mistakes: StackFileMistake[] = [];
  const resolved = successors.flatMap(({ plan, by }, index): Successor[] => {
    const planId = find(plan, `[${index}].plan`);
    const byId = find(by, `[${index}].by`);
    if (planId === null || byId === null) return [];
    if (planId !== byId) return [{ planId, byId }];
    complain(`[${index}].by`, `is ${by} itself: a plan cannot succeed itself`);
    return [];
  });
  if (mistakes.length > 0) throw Refusal.ofMistakes(mistakes);
  return resolved;

  function find(word: string, path: string): Guid | null {
    const id = idOf(word);
    if (id !== undefined) return id;
    const isIt = ({ name }: { readonly name: string }) => name.toLowerCase() === word.toLowerCase();
    const here = new Set(plans.filter(isIt).map((plan) => plan.id));
    const found = here.size > 0 ? [...here] : plansCalled(word);
    const [only] = found;
    if (only !== undefined && found.length === 1) return only;
    complain(
      path,
      only === undefined
        ? `no SKU of the tenant has a service plan "${word}".${didYouMean(word, [...new Set(plans.map(({ name }) => name))])}`
        : `${found.length} service plans are called "${word}": write the id of one of them: ${[...found].sort().join(", ")}`,
    );
    return null;
  }

  function complain(path: string, message: string): void {
    mistakes.push({ path: `licensing:successors${path}`, message });
  }
}
