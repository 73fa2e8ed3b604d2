import type { Finding } from "../finding";
import type { TenantSnapshot } from "../snapshot";
import { allOrNothingFindings } from "./all-or-nothing";
import { cohortsOf, type GroupState } from "./cohort";
import { conflictFindings, formerConflictFindings } from "./conflict-findings";
import { conflictsOf } from "./conflicts";
import { delicensingFindings, membershipFindings, subscriptionFindings } from "./group-facts";
import { errorFindings } from "./members-in-error";
import { nestedFindings } from "./nested-groups";
import { observe } from "./observed";
import { planChangeFindings } from "./plan-changes";
import { seatFindings } from "./seats";
import { uncoveredFindings } from "./uncovered-holders";
import { locationFindings } from "./usage-location";

const ORDER = ["error", "warning", "note"] as const;

/**
 * What a person should know before licences are put on groups, from the tenant as it is: the worst first. What would happen is only
 * said of groups that this run changes; what is wrong now is said always.
 */
export function preflight(
  groups: readonly GroupState[],
  snapshot: TenantSnapshot,
  country: string | null,
): readonly Finding[] {
  const { catalog, members } = snapshot;
  const cohorts = cohortsOf(groups, snapshot, country);
  const seats = seatFindings(cohorts, catalog);
  // With nothing to come there is nothing to compare with what is seen elsewhere.
  const conflicts = cohorts.length === 0 ? [] : conflictsOf(cohorts, observe(snapshot, country), catalog);
  const findings = [
    ...subscriptionFindings(groups, catalog),
    ...allOrNothingFindings([...conflicts, ...seats.failures], catalog),
    ...errorFindings(groups, snapshot),
    ...seats.findings,
    ...conflictFindings(conflicts, catalog),
    ...nestedFindings(groups, members),
    ...planChangeFindings(cohorts, snapshot),
    ...locationFindings(cohorts, country),
    ...formerConflictFindings(cohorts, catalog),
    ...uncoveredFindings(groups, catalog),
    ...membershipFindings(groups),
    ...delicensingFindings(groups, catalog),
  ];
  return ORDER.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}
