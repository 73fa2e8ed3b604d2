import type { Finding } from "../finding";
import { counted } from "../counts";
import type { Cohort } from "./cohort";

/** A note only: for group licences Entra uses the tenant's country if the user has no location. */
export function locationFindings(cohorts: readonly Cohort[], country: string | null): readonly Finding[] {
  const byGroup = new Map<string, { readonly displayName: string; readonly userIds: string[] }>();
  for (const { group, like, userIds } of cohorts) {
    if (like.usageLocation !== null) continue;
    const { name, displayName } = group.declared;
    const same = byGroup.get(name) ?? { displayName, userIds: [] };
    byGroup.set(name, same);
    same.userIds.push(...userIds);
  }
  const taken =
    country === null
      ? "the tenant's country, which may not be read here (it takes the permission Organization.Read.All)"
      : `the tenant's country, ${country}`;
  return [...byGroup].map(([name, { displayName, userIds }]) => ({
    code: "usage-location",
    severity: "note",
    about: name,
    count: userIds.length,
    message: `${displayName}: ${counted(userIds.length, "member has", "members have")} no usageLocation; for the group's licence Entra would use ${taken}.`,
    remedy: "Set usageLocation where that is not where they are.",
    userIds: userIds.sort(),
  }));
}
