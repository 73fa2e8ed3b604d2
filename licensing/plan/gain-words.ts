import { counted, type CountsByName } from "../counts";

export const SHOWN_PLANS = 5;

/** Plans that users gain from the groups, with the number of users. */
export function formatGain(gains: CountsByName): readonly string[] {
  const plans = Object.entries(gains).map(([plan, users]) => `${counted(users, "user gains", "users gain")} ${plan}`);
  if (plans.length === 0) return [];
  const more = plans.length > SHOWN_PLANS ? [`and ${counted(plans.length - SHOWN_PLANS, "more plan")}`] : [];
  return [[...plans.slice(0, SHOWN_PLANS), ...more].join(", ")];
}

/** Plans that users keep only as their successors, with the number of users. */
export function formatSuccessions(successions: CountsByName): readonly string[] {
  const each = Object.entries(successions).map(
    ([words, users]) => `${counted(users, "user has", "users have")} ${words}`,
  );
  if (each.length === 0) return [];
  const more = each.length > SHOWN_PLANS ? [`and ${counted(each.length - SHOWN_PLANS, "more successor")}`] : [];
  return [[...each.slice(0, SHOWN_PLANS), ...more].join(", ")];
}
