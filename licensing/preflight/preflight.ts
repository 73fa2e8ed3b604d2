import type { Finding } from "../finding";
import type { SlicePlan } from "../plan";
import type { TenantSnapshot } from "../snapshot";
import { allOrNothingFindings } from "./all-or-nothing";
import type { GroupState } from "./cohort";
import { conflictFindings, formerConflictFindings } from "./conflict-findings";
import type { Foreseen } from "./foreseen";
import { delicensingFindings, membershipFindings, subscriptionFindings } from "./group-facts";
import { takenOffFindings } from "./taken-off";
import { errorFindings } from "./members-in-error";
import { nestedFindings } from "./nested-groups";
import { noWayBackFindings } from "./no-way-back";
import { planChangeFindings } from "./plan-changes";
import { seatFailures, seatFindings } from "./seats";
import { uncoveredFindings } from "./uncovered-holders";
import { locationFindings } from "./usage-location";

const ORDER = ["error", "warning", "note"] as const;

/**
 * What a person should know before licences are put on groups, from the tenant as it is: the worst first. What would happen is only
 * said of groups that this run changes; what is wrong now is said always.
 *
 * @param slices of all waves, those too that wait
 */
export function preflight(
  groups: readonly GroupState[],
  snapshot: TenantSnapshot,
  country: string | null,
  { cohorts, conflicts, formerConflicts, failing, seats }: Foreseen,
  slices: readonly SlicePlan[],
): readonly Finding[] {
  const { catalog, members } = snapshot;
  const findings = [
    ...subscriptionFindings(groups, catalog),
    ...allOrNothingFindings([...conflicts.filter(({ isSure }) => isSure), ...seatFailures(seats)], catalog),
    ...errorFindings(groups, snapshot),
    ...seatFindings(seats),
    ...conflictFindings(conflicts, catalog),
    ...nestedFindings(groups, members),
    ...planChangeFindings(cohorts, failing, snapshot),
    ...noWayBackFindings(slices, snapshot),
    ...locationFindings(cohorts, country),
    ...formerConflictFindings(formerConflicts, catalog),
    ...uncoveredFindings(groups, catalog),
    ...takenOffFindings(groups, catalog),
    ...membershipFindings(groups),
    ...delicensingFindings(groups, catalog),
  ];
  return ORDER.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}
