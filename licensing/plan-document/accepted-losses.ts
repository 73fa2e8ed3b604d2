import { lossOfGroupChanges } from "../loss/loss";
import type { PlanInput } from "../plan/plan";
import type { PlanDocument } from "./schema";

/** The accepted losses that happen in this run, with the number of users. Entries without effect are left out. */
export function acceptedLosses({ accepted, after, record, snapshot }: PlanInput): PlanDocument["acceptedLosses"] {
  if (accepted.length === 0) return [];
  const losses = lossOfGroupChanges(snapshot.users.values(), after, snapshot.catalog);
  return accepted.flatMap(({ group, skuId, planId }) => {
    const groupId =
      snapshot.declared.find(({ name }) => name === group)?.groupId ?? record.groupLicenses.get(group)?.groupId;
    const isIt = (plan: (typeof losses)[number]["plans"][number]) =>
      plan.groupId === groupId && plan.skuId === skuId && plan.planId === planId;
    const users = losses.filter(({ plans }) => plans.some(isIt)).length;
    return users === 0 ? [] : [{ group, plan: snapshot.catalog.planName(planId), users }];
  });
}
