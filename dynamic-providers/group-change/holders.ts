import { inForce } from "../../licensing/effective-plans";
import type { Guid, License, LicensedUser } from "../../licensing/model";
import { unpackLeaving, type LeavingState } from "../../licensing/record/leaving-on-record";

/** The licences that users have from a group and that go off it, by user. */
export type Holders = ReadonlyMap<Guid, readonly License[]>;

/** The members that have these SKUs from the group, in force. */
export function holdersAmong(members: readonly LicensedUser[], groupId: Guid, skuIds: readonly Guid[]): Holders {
  return new Map(
    members.flatMap(({ id, assignments }): [Guid, readonly License[]][] => {
      const mine = assignments.filter(
        (entry) => entry.assignedByGroup === groupId && skuIds.includes(entry.skuId) && inForce(entry),
      );
      return mine.length === 0 ? [] : [[id, mine]];
    }),
  );
}

/**
 * All licences to be read back: those read right before the write of this run, and for SKUs that were off before it,
 * those on record.
 */
export function holdersIn(recorded: readonly LeavingState[], read: Holders): Holders {
  const all = new Map<Guid, readonly License[]>(read);
  const fresh = new Set([...read.values()].flatMap((licenses) => licenses.map(({ skuId }) => skuId)));
  for (const leaving of recorded) {
    // check: after a killed take-off, the members on record are read back
    if (fresh.has(leaving.skuId)) continue;
    const { skuId, disabledPlans, users } = unpackLeaving(leaving);
    for (const userId of users) all.set(userId, [...(all.get(userId) ?? []), { skuId, disabledPlans }]);
  }
  return all;
}
