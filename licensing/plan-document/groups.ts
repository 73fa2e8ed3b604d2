import { problemWords } from "../inheritance";
import type { Guid, License } from "../model";
import type { GroupPlan } from "../group-plan";
import type { TenantSnapshot } from "../snapshot";
import { tally } from "../tally";
import type { PlanDocument } from "./schema";

type Group = PlanDocument["groups"][number];

/** What a declared group gives, what this run does to it, and who stands in its way. */
export function documentedGroup(plan: GroupPlan, snapshot: TenantSnapshot): Group {
  const { declared, changes, members, nested, problems } = plan;
  const { catalog } = snapshot;
  // Before a group gives anything, every member lacks it: that is what this run is for, and no trouble.
  const isGiven = (skuId: Guid) => changes.every(({ license }) => license.skuId !== skuId);
  const troubles = problems.filter(({ kind, skuId }) => kind === "error" || isGiven(skuId));
  return {
    name: declared.name,
    id: declared.groupId,
    displayName: declared.displayName,
    members,
    gives: declared.licenses.map((license) => ({
      sku: catalog.skuName(license.skuId),
      disabledPlans: license.disabledPlans.map((planId) => catalog.planName(planId)),
      change: changeOf(license, plan),
      newHolders: newHolders(license.skuId, declared.groupId, snapshot),
    })),
    nested: nested.map(({ id, displayName, userIds }) => ({ id, displayName, users: userIds.length })),
    errors: Object.entries(tally(troubles.map((problem) => problemWords(problem, catalog)))).map(([words, users]) => ({
      words,
      users,
    })),
  };
}

function changeOf({ skuId }: License, { changes }: GroupPlan): Group["gives"][number]["change"] {
  const change = changes.find(({ license }) => license.skuId === skuId);
  if (change === undefined) return null;
  return change.kind === "add" ? "assign" : "change-plans";
}

function newHolders(skuId: Guid, groupId: Guid, { members, users }: TenantSnapshot): number {
  const holds = (userId: Guid) => users.get(userId)?.assignedLicenses.some((license) => license.skuId === skuId);
  return [...(members.get(groupId) ?? [])].filter((userId) => holds(userId) !== true).length;
}
