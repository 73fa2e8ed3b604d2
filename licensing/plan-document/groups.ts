import { formatProblem } from "../inheritance/inheritance";
import type { Guid, License } from "../model";
import { interrupted, type GroupPlan } from "../plan/group-plan";
import { isUnmade } from "../stack-file/own-group";
import type { TenantSnapshot } from "../snapshot";
import { countByName } from "../counts";
import type { PlanDocument } from "./schema";

type Group = PlanDocument["groups"][number];

/** A declared group: its licences, this run's changes and its members in error. */
export function documentedGroup(plan: GroupPlan, snapshot: TenantSnapshot): Group {
  const { declared, changes, members, nested, problems } = plan;
  const { catalog } = snapshot;
  const joining = plan.joining?.userIds.size ?? 0;
  // A licence that the group does not give yet is missing for each member; that is no error.
  const isGiven = (skuId: Guid) => changes.every(({ license }) => license.skuId !== skuId);
  const troubles = problems.filter(({ kind, skuId }) => kind === "error" || isGiven(skuId));
  return {
    name: declared.name,
    id: isUnmade(declared.groupId) ? null : declared.groupId,
    displayName: declared.displayName,
    members: members + joining,
    joining,
    gives: declared.licenses.map((license) => ({
      sku: catalog.skuName(license.skuId),
      disabledPlans: license.disabledPlans.map((planId) => catalog.planName(planId)),
      replaces: (declared.replaces ?? []).flatMap(({ skuId, by }) =>
        by === license.skuId ? [catalog.skuName(skuId)] : [],
      ),
      change: changeOf(license, plan),
      newHolders: newHolders(license.skuId, plan, snapshot),
    })),
    takenOff: plan.takenOff.map(({ skuId, disabledPlans }) => ({
      sku: catalog.skuName(skuId),
      disabledPlans: disabledPlans.map((planId) => catalog.planName(planId)),
      afterGate: plan.call === null && plan.later.some((each) => each.skuId === skuId),
      inOneCall: plan.call?.off.some((each) => each.skuId === skuId) === true,
    })),
    readsBack: interrupted(plan).map(({ skuId }) => catalog.skuName(skuId)),
    nested: [...nested]
      .sort((a, b) => a.displayName.localeCompare(b.displayName) || a.id.localeCompare(b.id))
      .map(({ id, displayName, userIds }) => ({
        id,
        displayName,
        users: userIds.length,
      })),
    errors: Object.entries(countByName(troubles.map((problem) => formatProblem(problem, catalog)))).map(
      ([words, users]) => ({
        words,
        users,
      }),
    ),
  };
}

function changeOf({ skuId }: License, { changes }: GroupPlan): Group["gives"][number]["change"] {
  const change = changes.find(({ license }) => license.skuId === skuId);
  if (change === undefined) return null;
  return change.kind === "add" ? "assign" : "change-plans";
}

function newHolders(skuId: Guid, { declared, joining }: GroupPlan, { members, users }: TenantSnapshot): number {
  const holds = (userId: Guid) => users.get(userId)?.assignedLicenses.some((license) => license.skuId === skuId);
  const all = [...(members.get(declared.groupId) ?? []), ...(joining?.userIds ?? [])];
  return all.filter((userId) => holds(userId) !== true).length;
}
