import type { Catalog } from "../catalog/catalog";
import type { Finding } from "../finding";
import type { Guid } from "../model";
import { REPROCESS } from "../decision/remedy";
import { counted } from "../counts";
import { oneCallOf } from "../loss/one-call";
import type { Failure } from "./failure";
import { isPlannedWith } from "./foreseen";

/** One finding for each group, SKU and cause, except missing seats, which `seatFindings` reports. */
export function conflictFindings(failures: readonly Failure[], catalog: Catalog): readonly Finding[] {
  const told = failures.filter(({ cause, isSure }) => cause !== "seat" && (cause !== "location" || isSure));
  return groupedAlike(told).map(({ first, userIds }) => ({
    ...formatConflict(first, userIds.length, catalog),
    severity: "warning",
    count: userIds.length,
    userIds,
  }));
}

function formatConflict(
  failure: Failure,
  count: number,
  catalog: Catalog,
): Pick<Finding, "code" | "about" | "message" | "remedy"> {
  const { cohort, skuId, cause, detail, isSure, insteadOf, keepsOld } = failure;
  const { name, displayName } = cohort.group.declared;
  const sku = catalog.skuName(skuId);
  const about = `${name} ${sku}`;
  const start = `${displayName}: ${sku} ${isSure ? "would" : "may"} end in error for ${counted(count, "member")}`;
  const keep = whatFollows(failure);
  switch (cause) {
    case "exclusive":
      if (insteadOf !== undefined) {
        return {
          code: "exclusive-plans",
          about,
          message:
            `${start}, or what ${insteadOf} gives them would: plans exclude each other (${detail}), and Entra gives them what it ` +
            `comes to first. The plan counts on neither. ${keep}`,
          remedy: `Disable one of the two plans in one of the groups, or take these users out of one of them.`,
        };
      }
      return {
        code: "exclusive-plans",
        about,
        message: isSure
          ? `${start}: plans exclude each other (${detail}). ${keep}`
          : `${start}: Microsoft lists plans as excluding each other (${detail}), though this tenant has them together. ${keep}`,
        remedy: "Disable one of the two plans, in the group's licence or where the other one comes from.",
      };
    case "prerequisite":
      return {
        code: "missing-prerequisite",
        about,
        message: isSure
          ? `${start}: ${detail}. ${keep}`
          : `${start}: by Microsoft's documents ${detail}; whether Entra refuses it is not known. ${keep}`,
        remedy:
          keepsOld === true
            ? `${NEEDED_ELSEWHERE}.`
            : "Give both through the same group: Entra wants an add-on and what it needs in one group.",
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

/** For members with a plan, from another source, that needs one of the licence that goes. */
export const NEEDED_ELSEWHERE =
  "Give them what that plan needs by a licence that stays, or take the product with that plan from them";

/** A swap in one call is refused for all members as soon as one is known to fail. */
function whatFollows(failure: Failure): string {
  const { declared, now } = failure.cohort.group;
  if (oneCallOf(declared, now.licenses) === null) return "They keep what they have; the others go on.";
  if (isPlannedWith(failure))
    return "The group swaps in one call, which is refused for all of its members while that is so.";
  return failure.keepsOld === true
    ? "The group swaps in one call: a member in error keeps the old licence."
    : "The group swaps in one call: a member in error has neither licence until the read-back.";
}

/** A note for Exchange plans that Entra accepts together today, in case an old conflict remains. */
export function formerConflictFindings(conflicts: readonly Failure[], catalog: Catalog): readonly Finding[] {
  return groupedAlike(conflicts).map(({ first, userIds }) => {
    const { name, displayName } = first.cohort.group.declared;
    return {
      code: "formerly-exclusive-plans",
      severity: "note",
      about: `${name} ${catalog.skuName(first.skuId)}`,
      count: userIds.length,
      message:
        `${displayName}: ${counted(userIds.length, "member")} would have ${first.detail}, which Entra refused ` +
        "until 2023 and accepts today.",
      remedy: `Should members end in MutuallyExclusiveViolation, ${REPROCESS}, or disable one of the two plans.`,
      userIds,
    };
  });
}

function groupedAlike(
  failures: readonly Failure[],
): readonly { readonly first: Failure; readonly userIds: readonly Guid[] }[] {
  const alike = new Map<string, Failure[]>();
  for (const failure of failures) {
    const { cohort, skuId, cause, detail, isSure, insteadOf = "" } = failure;
    const key = [cohort.group.declared.name, skuId, cause, detail, isSure, insteadOf].join(" ");
    alike.set(key, [...(alike.get(key) ?? []), failure]);
  }
  return [...alike.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ first, userIds: same.flatMap(({ cohort }) => cohort.userIds).sort() }];
  });
}
