import type { Catalog } from "../catalog";
import type { Finding } from "../finding";
import { counted } from "../tally";
import type { Cohort } from "./cohort";
import { formerConflict } from "./conflicts";
import type { Failure } from "./failure";

/** One finding for each group, SKU and reason; seats have findings of their own. */
export function conflictFindings(failures: readonly Failure[], catalog: Catalog): readonly Finding[] {
  const alike = new Map<string, Failure[]>();
  for (const failure of failures) {
    if (failure.cause === "seat") continue;
    const { cohort, skuId, cause, detail } = failure;
    const key = [cohort.group.declared.name, skuId, cause, detail].join(" ");
    const others = alike.get(key) ?? [];
    alike.set(key, others);
    others.push(failure);
  }
  return [...alike.values()].flatMap((same): Finding[] => {
    const [first] = same;
    if (first === undefined) return [];
    const userIds = same.flatMap(({ cohort }) => cohort.userIds).sort();
    return [{ ...wordsOf(first, userIds.length, catalog), severity: "warning", count: userIds.length, userIds }];
  });
}

function wordsOf(
  { cohort, skuId, cause, detail }: Failure,
  count: number,
  catalog: Catalog,
): Pick<Finding, "code" | "about" | "message" | "remedy"> {
  const { name, displayName } = cohort.group.declared;
  const sku = catalog.skuName(skuId);
  const about = `${name} ${sku}`;
  const start = `${displayName}: ${counted(count, "member")} would not get ${sku}`;
  const keep = "They keep what they have; the others go on.";
  switch (cause) {
    case "exclusive":
      return {
        code: "exclusive-plans",
        about,
        message: `${start}: plans exclude each other (${detail}). ${keep}`,
        remedy: "Disable one of the two plans, in the group's licence or where the other one comes from.",
      };
    case "prerequisite":
      return {
        code: "missing-prerequisite",
        about,
        message: `${start}: ${detail}. ${keep}`,
        remedy: "Give both through the same group: Entra wants an add-on and what it needs in one group.",
      };
    default:
      return {
        code: "prohibited-location",
        about,
        message: `${start}: it is not sold in ${detail}, as others there are in error by it now. ${keep}`,
        remedy: "Correct usageLocation where it is wrong, or take these users out of the group.",
      };
  }
}

/** Good to know where an old conflict is still around: Entra takes these plans together today. */
export function formerConflictFindings(cohorts: readonly Cohort[], catalog: Catalog): readonly Finding[] {
  const alike = new Map<string, { readonly about: string; readonly displayName: string; readonly userIds: string[] }>();
  for (const cohort of cohorts) {
    const { name, displayName } = cohort.group.declared;
    for (const { license } of cohort.group.changes) {
      const pair = formerConflict(cohort, catalog.enabledPlans(license), catalog);
      if (pair === null) continue;
      const about = `${name} ${catalog.skuName(license.skuId)}`;
      const same = alike.get(`${about} ${pair}`) ?? { about, displayName, userIds: [] };
      alike.set(`${about} ${pair}`, same);
      same.userIds.push(...cohort.userIds);
    }
  }
  return [...alike].map(([key, { about, displayName, userIds }]) => ({
    code: "formerly-exclusive-plans",
    severity: "note",
    about,
    count: userIds.length,
    message:
      `${displayName}: ${counted(userIds.length, "member")} would have ${key.slice(about.length + 1)}, which Entra refused ` +
      "until 2023 and accepts today.",
    remedy: "Should somebody end in MutuallyExclusiveViolation, reprocess them, or disable one of the two plans.",
    userIds: userIds.sort(),
  }));
}
