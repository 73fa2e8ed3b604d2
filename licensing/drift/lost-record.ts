import { holdsDirectly, isMemberFor } from "./moved-users";
import type { StackRecord } from "../record/record";
import type { TenantSnapshot } from "../snapshot";
import { counted } from "../tally";

/**
 * How many members have a declared licence through their group alone, where this stack remembers nothing at all. On a
 * first run they are people who never held it directly; or this is no first run, and the state was lost: only a person
 * can tell. So it is said once, and stops nothing.
 */
export function inheritingWithoutRecord(snapshot: TenantSnapshot, record: StackRecord): number {
  if (record.baseline.size + record.waves.size + record.groupLicenses.size > 0) return 0;
  const declared = new Set(snapshot.declared.map(({ groupId }) => groupId));
  return [...snapshot.users.values()].filter(({ id, assignments }) =>
    assignments.some(
      (entry) =>
        declared.has(entry.assignedByGroup ?? "") &&
        entry.state === "Active" &&
        // On a first run most people hold it directly, and the question that costs more need not be asked.
        !holdsDirectly(snapshot, id, entry.skuId) &&
        isMemberFor(snapshot, id, entry, []),
    ),
  ).length;
}

export function lostRecordWords(users: number): string {
  return (
    `${counted(users, "member has", "members have")} a declared licence only through a group, and this stack has no record of moving anybody. ` +
    "That is right where they never held it directly. If this stack has run before, its state was lost: get it back " +
    "before the next up, or nobody moved until now can be put back exactly (docs/lost-state.md)."
  );
}
