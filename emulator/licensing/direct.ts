import type { Directory } from "../directory/directory";
import type { Assignment, Cause, Guid, Holdings, License, User } from "../directory/entities";
import { badRequest } from "../graph-error";
import { checkLicensesExist, type LicenseChange } from "./license-change";
import { hasPlanRules, newViolations, planRefusal } from "./plan-rules";

/** Changes a user's direct licences immediately and in one step; on an error nothing changes. */
export function changeDirectLicenses(directory: Directory, user: User, change: LicenseChange, cause: Cause): void {
  const { assignments, hidden } = user.holdings;
  for (const skuId of change.removeLicenses) checkRemovable(assignments, skuId);
  checkLicensesExist(directory, change.addLicenses, "user");
  for (const license of change.addLicenses) checkLocation(directory, user, license);

  const touched = new Set([...change.removeLicenses, ...change.addLicenses.map((license) => license.skuId)]);
  const next: Holdings = {
    hidden,
    assignments: [
      ...assignments.filter((entry) => entry.assignedByGroup !== null || !touched.has(entry.skuId)),
      ...change.addLicenses.map((license): Assignment => ({
        ...license,
        assignedByGroup: null,
        state: "Active",
        error: "None",
        updatedMs: directory.clock.nowMs(),
      })),
    ],
  };
  for (const { skuId } of change.addLicenses) {
    if (!directory.holdsSeat(user, skuId) && !directory.seatFree(skuId))
      throw badRequest(`Subscription with SKU ${skuId} does not have any available licenses.`);
  }
  checkPlans(directory, user.holdings, next);
  directory.changeHoldings(user, next, cause);
}

function checkRemovable(assignments: readonly Assignment[], skuId: Guid): void {
  const entries = assignments.filter((entry) => entry.skuId === skuId);
  if (entries.length === 0) throw badRequest("User does not have a corresponding license.");
  if (entries.every((entry) => entry.assignedByGroup !== null))
    throw badRequest(
      "User license is inherited from a group membership and it cannot be removed directly from the user.",
    );
}

function checkLocation(directory: Directory, user: User, license: License): void {
  const location = user.usageLocation;
  if (!location || directory.skus.get(license.skuId)?.prohibitedLocations.has(location))
    throw badRequest("License assignment cannot be done for user with invalid usage location.");
}

function checkPlans(directory: Directory, before: Holdings, after: Holdings): void {
  if (!hasPlanRules(directory.facts)) return;
  const [violation] = newViolations(
    directory.facts,
    new Set(directory.plansInForce(before)),
    new Set(directory.plansInForce(after)),
  );
  if (violation) throw planRefusal(violation);
}
