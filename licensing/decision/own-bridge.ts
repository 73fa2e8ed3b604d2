import { isDirect, type Guid, type LicensedUser } from "../model";
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
 * What the state knows as added by this stack, as far as the user holds it directly now.
 *
 * @param onRecord from `StackRecord.bridges`
 */
export function bridgeOnRecord(onRecord: ReadonlySet<Guid>, now: LicensedUser): OwnBridge | undefined {
  // check: a rollback takes back only what a swap on record added
  const skuIds = now.assignments
    .filter((entry) => isDirect(entry) && onRecord.has(entry.skuId))
    .map(({ skuId }) => skuId);
  return skuIds.length === 0 ? undefined : new Bridge(skuIds);
}
