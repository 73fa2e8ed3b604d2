import type { Guid, Sku } from "../model";
import { SUPERSEDING } from "./superseding-plans";

/** A service plan that counts as kept while its successor is there, by `licensing:successors`. */
export interface Successor {
  readonly planId: Guid;
  readonly byId: Guid;
}

/** The same with names, for output and policies. */
export interface NamedSuccessor extends Successor {
  readonly plan: string;
  readonly by: string;
}

/** The successors of each plan: those that Microsoft's pages name, among the plans of these SKUs, and the stack file's. */
export function successorsAmong(
  skus: readonly Sku[],
  accepted: readonly Successor[],
): ReadonlyMap<Guid, ReadonlySet<Guid>> {
  const ids = new Map<string, Set<Guid>>();
  for (const { servicePlans } of skus) {
    for (const { id, name } of servicePlans) ids.set(name, (ids.get(name) ?? new Set()).add(id));
  }
  const successors = new Map<Guid, Set<Guid>>();
  const add = (planId: Guid, byId: Guid) => successors.set(planId, (successors.get(planId) ?? new Set()).add(byId));
  for (const { lesser, by } of SUPERSEDING) {
    for (const planId of ids.get(lesser) ?? []) {
      for (const name of by) for (const byId of ids.get(name) ?? []) add(planId, byId);
    }
  }
  for (const { planId, byId } of accepted) add(planId, byId);
  return successors;
}

/** `EXCHANGE_S_ENTERPRISE in place of EXCHANGE_S_STANDARD`. */
export function formatSuccession(
  { planId, byId }: Successor,
  names: { readonly planName: (planId: Guid) => string },
): string {
  return `${names.planName(byId)} in place of ${names.planName(planId)}`;
}
