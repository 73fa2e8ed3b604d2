import type { Directory } from "../directory/directory";
import type { Cause, Group } from "../directory/entities";
import type { AuditLog } from "../evidence/audit-log";
import { badRequest } from "../graph-error";
import { checkLicensesExist, type LicenseChange } from "./license-change";
import { newInGroup, planRefusal } from "./plan-rules";
import type { Processing } from "./processing";

/** Changes a group's licences. The call succeeds immediately; members' licences and errors follow in the background. */
export function changeGroupLicenses(
  directory: Directory,
  processing: Processing,
  group: Group,
  change: LicenseChange,
  cause: Cause,
): void {
  if (!group.securityEnabled)
    throw badRequest(`License cannot be assigned to group ${group.id} because it is not security-enabled.`);
  for (const skuId of change.removeLicenses) {
    if (!group.licenses.some((license) => license.skuId === skuId))
      throw badRequest("Group does not have a corresponding license.");
  }
  checkLicensesExist(directory, change.addLicenses, "group");
  const touched = new Set([...change.removeLicenses, ...change.addLicenses.map((license) => license.skuId)]);
  const before = group.licenses;
  const after = [...before.filter((license) => !touched.has(license.skuId)), ...change.addLicenses];
  const { facts, planSets } = directory;
  const [violation] = newInGroup(facts, planSets.union(before), planSets.union(after));
  if (violation) throw planRefusal(violation);
  group.licenses = after;
  processing.groupChanged(group, before, cause);
}

/** Deletes a group without licences. Like Entra, refuses a group with licences, because its members would lose them. */
export function deleteGroup(directory: Directory, audit: AuditLog, group: Group, cause: Cause): void {
  if (group.licenses.length > 0)
    throw badRequest(
      "Unable to delete the group because there is a product license assigned to the group. " +
        "To delete this group, remove any product licenses first.",
    );
  directory.removeGroup(group);
  audit.groupDeleted(group, cause);
}
