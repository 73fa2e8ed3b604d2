import { holdsDirectly, isMemberFor } from "./moved-users";
import type { StackRecord } from "../record/record";
import type { TenantSnapshot } from "../snapshot";
import { counted } from "../counts";

/**
 * Number of members that inherit a declared licence while the state has no record at all. Either a first run on a
 * tenant that used group licences, or the state was lost. Only an administrator can tell, so it is a warning and
 * does not stop the run.
 */
export function inheritingWithoutRecord(snapshot: TenantSnapshot, record: StackRecord): number {
  if (record.baseline.size + record.waves.size + record.groupLicenses.size > 0) return 0;
  const declared = new Set(snapshot.declared.map(({ groupId }) => groupId));
  return [...snapshot.users.values()].filter(({ id, assignments }) =>
    assignments.some(
      (entry) =>
        declared.has(entry.assignedByGroup ?? "") &&
        entry.state === "Active" &&
        // Checked first, because it is cheap and excludes most users on a first run.
        !holdsDirectly(snapshot, id, entry.skuId) &&
        isMemberFor(snapshot, id, entry, []),
    ),
  ).length;
}

export function formatLostRecord(users: number): string {
  return (
    `${counted(users, "member has", "members have")} a declared licence only through a group, and this stack has no record of moved users. ` +
    "That is right where they never held it directly. If this stack has run before, its state was lost: get it back " +
    "before the next up, or no user moved until now can be put back exactly (docs/lost-state.md)."
  );
}
