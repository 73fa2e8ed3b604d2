import type { Emulator, Transition } from "../../emulator";
import type { Catalog } from "../../licensing/catalog/catalog";
import type { Guid } from "../../licensing/model";
import type { LostServices } from "./result";

/**
 * All losses of services in the tenant's history, including short ones between two runs. A plan is kept while its successor is
 * there, as in the rule for removals.
 *
 * @param catalog with the successors that the stack file accepts
 */
export function lossesOf({ history, tenant }: Emulator, catalog: Catalog) {
  const found = tenant.users().flatMap(({ id }) => lossesIn(id, history.of(id), catalog));
  return {
    lost: found.flatMap(({ isByPeople, loss }) =>
      isByPeople ? [] : [{ ...loss, cause: `${loss.cause}, by the migration` }],
    ),
    lostByPeople: found.flatMap(({ isByPeople, loss }) => (isByPeople ? [loss] : [])),
  };
}

/**
 * Compares each state of a user's plans with the one before. The migration owes a user the plans of the start: a rollback takes
 * back what a swap had added. Other people's changes are also reported where they end what the migration gave.
 */
function lossesIn(userId: Guid, transitions: readonly Transition[], catalog: Catalog) {
  const start = transitions[0]?.planIds ?? [];
  return transitions.slice(1).flatMap(({ planIds, at, cause }, index) => {
    const before = transitions[index]?.planIds ?? [];
    const isByPeople = cause.by === "people";
    const owed = new Set(isByPeople ? [...start, ...before] : start);
    const lostBefore = new Set(catalog.uncovered(owed, new Set(before)));
    const lost = catalog.uncovered(owed, new Set(planIds)).filter((planId) => !lostBefore.has(planId));
    if (lost.length === 0) return [];
    const plans = lost.map((planId) => catalog.planName(planId)).sort();
    return [{ isByPeople, loss: { userId, plans, at: at.toISOString(), cause: cause.what } satisfies LostServices }];
  });
}
