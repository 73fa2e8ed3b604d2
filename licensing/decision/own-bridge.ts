import type { Catalog } from "../catalog/catalog";
import { workingPlans } from "../effective-plans";
import { isDirect, type Guid, type License, type LicensedUser } from "../model";
import type { RemovedLicenses } from "./after-removal";

/** Not exported: only the functions below can create one, from what this stack did. */
class Bridge {
  readonly #isOwn = true;

  constructor(readonly skuIds: readonly Guid[]) {}

  /** Reads the private field, which makes the class nominal. */
  get isOwn(): boolean {
    return this.#isOwn;
  }
}

/**
 * Direct licences that a swap of this stack added to a user, and that may go in the call which puts the replaced licence
 * back: besides a `ReplacementProof` nothing else lets a direct licence be removed.
 */
export type OwnBridge = Bridge;

/** What a call of this run added, as far as the user holds it directly now and did not before. */
export function bridgeOfRun({ before, added = [] }: RemovedLicenses, now: LicensedUser): OwnBridge | undefined {
  const holds = (user: LicensedUser, skuId: Guid) =>
    user.assignments.some((entry) => entry.skuId === skuId && isDirect(entry));
  const skuIds = added.map(({ skuId }) => skuId).filter((skuId) => holds(now, skuId) && !holds(before, skuId));
  return skuIds.length === 0 ? undefined : new Bridge(skuIds);
}

/**
 * The service plans that SKUs had when swaps replaced them, each with its successors of that day, by SKU: Microsoft may
 * retire a plan since, and the user then has only what the swap added. It only grows.
 */
export type PlansBeforeSwap = ReadonlyMap<Guid, ReadonlyMap<Guid, ReadonlySet<Guid>>>;

/** What comes back to a user in the call that takes a bridge back. */
export interface WayBack {
  /** The licences of before, without plans that their SKUs no longer have. */
  readonly licenses: readonly License[];
  readonly plansBefore: PlansBeforeSwap;
  readonly catalog: Catalog;
  readonly goneGroups?: ReadonlySet<Guid>;
}

/**
 * True if a plan that the user had before the swap, and has now in the bridge alone, would not come back: Microsoft has
 * retired it since, and its successor in the bridge is all that is left of it.
 *
 * @param skuIds what the swap added
 */
export function losesWithBridge(skuIds: ReadonlySet<Guid>, user: LicensedUser, back: WayBack): boolean {
  const { licenses, plansBefore, catalog, goneGroups } = back;
  const staying = user.assignments.filter((entry) => !(isDirect(entry) && skuIds.has(entry.skuId)));
  const there = workingPlans(user, catalog, goneGroups);
  const after = new Set(workingPlans({ ...user, assignments: staying }, catalog, goneGroups));
  for (const license of licenses) for (const planId of catalog.enabledPlans(license)) after.add(planId);
  return licenses.some(({ skuId, disabledPlans }) =>
    [...(plansBefore.get(skuId) ?? [])].some(([planId, successors]) => {
      const isIn = (plans: ReadonlySet<Guid>) => [planId, ...successors].some((id) => plans.has(id));
      return !disabledPlans.includes(planId) && isIn(there) && !isIn(after);
    }),
  );
}

/**
 * What the state knows as added by this stack, as far as the user holds it directly now and loses nothing with it.
 *
 * @param onRecord from `StackRecord.bridges`
 */
export function bridgeOnRecord(onRecord: ReadonlySet<Guid>, now: LicensedUser, back: WayBack): OwnBridge | undefined {
  // check: a rollback takes back only what a swap on record added
  const skuIds = now.assignments
    .filter((entry) => isDirect(entry) && onRecord.has(entry.skuId))
    .map(({ skuId }) => skuId);
  if (skuIds.length === 0) return undefined;
  // check: what is left of a retired plan is not taken back
  return losesWithBridge(new Set(skuIds), now, back) ? undefined : new Bridge(skuIds);
}
