import type { Finding } from "../finding";
import { counted } from "../counts";
import { remedyOf } from "../decision/remedy";
import type { TenantSnapshot } from "../snapshot";
import { allOrNothingFindings } from "./all-or-nothing";
import type { GroupState } from "./cohort";
import { conflictFindings, formerConflictFindings } from "./conflict-findings";
import { exclusionsIn } from "./exclusive-plans";
import { isPlannedWith, type Foreseen } from "./foreseen";
import { hiddenMembershipFindings, delicensingFindings, membershipFindings, restrictedFindings } from "./group-facts";
import { groupPrerequisiteFindings } from "./group-prerequisites";
import { takenOffFindings } from "./taken-off";
import { errorFindings } from "./members-in-error";
import { nestedFindings } from "./nested-groups";
import { noWayBackFindings, type MovesOfSlice } from "./no-way-back";
import { notRestorableFindings } from "./not-restorable";
import { oneCallFindings } from "./one-call-findings";
import { planChangeFindings } from "./plan-changes";
import { seatFailures, seatFindings } from "./seats";
import { subscriptionFindings, type MovedOntoEnded } from "./subscriptions";
import { relationsIn } from "./tenant-relations";
import { uncoveredFindings } from "./uncovered-holders";
import { locationFindings, unprovenLocationFindings } from "./usage-location";

const ORDER = ["error", "warning", "note"] as const;

/**
 * The findings before licences change, worst first. Predictions concern only groups that this run changes; present
 * problems are always reported.
 *
 * @param country the tenant's country, two letters; `null`: unknown
 * @param slices of all waves, including held ones
 */
export function preflight(
  groups: readonly GroupState[],
  snapshot: TenantSnapshot,
  country: string | null,
  { cohorts, conflicts, formerConflicts, failing, seats, relations }: Foreseen,
  slices: readonly MovesOfSlice[],
  moved: MovedOntoEnded,
): readonly Finding[] {
  const { catalog, members } = snapshot;
  const written = groups.filter(({ changes, takenOff = [] }) => changes.length + takenOff.length > 0);
  const known = () => relations ?? relationsIn(catalog, snapshot.users.values());
  const needs = written.length === 0 ? [] : known().prerequisites;
  const isRolledBack = slices.some(({ restores }) => restores.length > 0);
  const findings = [
    ...subscriptionFindings(groups, catalog, moved, snapshot.accepts?.grace ?? new Set()),
    ...restrictedFindings(groups),
    ...groupPrerequisiteFindings(written, needs, snapshot),
    ...allOrNothingFindings(
      [...conflicts.filter(isPlannedWith), ...seatFailures(seats)],
      exclusionsIn(snapshot),
      catalog,
    ),
    ...errorFindings(groups, snapshot),
    ...unreadableFindings(snapshot),
    ...unreadEnds(snapshot),
    ...seatFindings(seats, catalog),
    ...conflictFindings(conflicts, catalog),
    ...hiddenMembershipFindings(groups, members),
    ...nestedFindings(groups, members),
    ...planChangeFindings(cohorts, failing, snapshot),
    ...noWayBackFindings(slices, snapshot),
    ...(isRolledBack ? notRestorableFindings(slices, snapshot, known().exclusive) : []),
    ...locationFindings(cohorts, country),
    ...unprovenLocationFindings(conflicts, catalog),
    ...formerConflictFindings(formerConflicts, catalog),
    ...uncoveredFindings(groups, catalog),
    ...oneCallFindings(groups, snapshot),
    ...takenOffFindings(groups, catalog),
    ...membershipFindings(groups),
    ...uncheckedEnds(snapshot),
    ...delicensingFindings(groups, catalog),
  ];
  return ORDER.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}

/** Users without readable licences; nothing is planned for them. */
function unreadableFindings({ unreadable = new Map() }: TenantSnapshot): readonly Finding[] {
  if (unreadable.size === 0) return [];
  const userIds = [...unreadable.keys()].sort();
  return [
    {
      code: "unreadable-users",
      severity: "warning",
      about: "",
      count: userIds.length,
      message: `${counted(userIds.length, "user")} could not be read, and nothing is planned for them: ${[...unreadable.values()][0] ?? ""}.`,
      remedy: "Look at GET /users/{id}?$select=licenseAssignmentStates; they are planned for when it comes.",
      userIds,
    },
  ];
}

/** The members of these groups are blocked. */
function unreadEnds({ membershipEnds, declared }: TenantSnapshot): readonly Finding[] {
  if (membershipEnds?.kind !== "checked") return [];
  return declared.flatMap(({ groupId, displayName }): Finding[] => {
    const found = membershipEnds.ends.get(groupId);
    if (found === undefined || !("unread" in found)) return [];
    const reason = {
      kind: "membership-end-unknown",
      groupId,
      detail: found.unread,
      isForbidden: found.isForbidden,
    } as const;
    return [
      {
        code: "membership-ends-unread",
        severity: "warning",
        about: displayName,
        count: 0,
        message: `Whether memberships of ${displayName} end by themselves could not be read: ${found.unread}`,
        remedy: remedyOf(reason),
        userIds: [],
      },
    ];
  });
}

/** If ends are not checked, time-limited memberships look permanent, so administrators must know. */
function uncheckedEnds({ membershipEnds }: TenantSnapshot): readonly Finding[] {
  if (membershipEnds?.kind !== "unchecked") return [];
  return [
    {
      code: "membership-ends-unchecked",
      severity: "note",
      about: "",
      count: 0,
      message: `Whether a membership ends by itself (Privileged Identity Management) is not checked: ${membershipEnds.why}.`,
      remedy: "Where licensing groups have time-bound members, see to it that they keep their direct licences.",
      userIds: [],
    },
  ];
}
