import type { PlanDocument } from "../../licensing/plan-document/schema";
import { formatLacking } from "../../licensing/drift/lacking";
import { withName } from "../../licensing/people";
import { counted } from "../../licensing/counts";

/** Further remarks for the reader of a plan, one sentence each. */
export function remarks(plan: PlanDocument): readonly string[] {
  const { acceptedLosses, acceptedSuccessors, debts, warnings, waves, inNoWave, departures } = plan;
  return [
    ...acceptedLosses.map(
      ({ group, plan: name, users }) =>
        `${counted(users, "member loses", "members lose")} ${name} of ${group}, as licensing:acceptLoss allows.`,
    ),
    ...acceptedSuccessors.map(
      ({ plan: name, by, users }) =>
        `${counted(users, "user keeps", "users keep")} ${name} as ${by}, as licensing:successors allows.`,
    ),
    ...warnings,
    ...(waves.length > 0 && inNoWave > 0
      ? [`${counted(inNoWave, "user is", "users are")} in no wave: add a last wave with percent: 100.`]
      : []),
    ...[...new Set(debts.map(({ sku, why }) => `${sku}: ${why}`))].map((words) => {
      const users = debts.filter(({ sku, why }) => `${sku}: ${why}` === words).length;
      return `${counted(users, "user is", "users are")} owed a direct ${words}. The next up gives it back before anything is removed.`;
    }),
    ...plan.lacking.map((each) => formatLacking(each, (userId) => withName(userId, plan.names?.[userId]))),
    ...(departures.length > 0
      ? [`${counted(departures.length, "user")} on record left their group since, and their licence ended with it.`]
      : []),
  ];
}
