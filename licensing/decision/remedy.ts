import type { Guid, LicenseErrorCause } from "../model";
import type { Names, Membership } from "./block-names";
import type { BlockReason } from "./block-reason";

/**
 * How an administrator makes Entra process a user's licences again. The Entra admin center no longer offers it; the
 * request and the cmdlet work: https://learn.microsoft.com/graph/api/user-reprocesslicenseassignment
 */
export const REPROCESS =
  "reprocess them (Invoke-MgLicenseUser -UserId ID, or POST /users/{id}/reprocessLicenseAssignment)";

/** The program never sets a user's country itself; only an administrator knows it. */
export const SET_USAGE_LOCATION =
  "Set usageLocation (Entra admin center: Users, the user, Edit properties, Settings; Graph: PATCH /users/{id} with usageLocation, the " +
  "country in two letters)";

/** Follows "assign the licence" or "remove the licence". */
export const BY_ASSIGN_LICENSE = "(Set-MgUserLicense, or POST /users/{id}/assignLicense)";

/**
 * An unevaluated rule may still add the user, so it comes first. Then one group with assigned members is enough,
 * because an administrator can add the user there.
 */
const MOST_HELPFUL_FIRST = [
  "unevaluated",
  "assigned",
  "direct-holders",
  "rule",
] as const satisfies readonly Membership[];

function membershipOf(groupIds: readonly Guid[], names: Names | undefined): Membership {
  const all = new Set(groupIds.map((id) => names?.membership?.(id) ?? "assigned"));
  return MOST_HELPFUL_FIRST.find((each) => all.has(each)) ?? "assigned";
}

const NOT_A_MEMBER = {
  assigned: "Add them to the group as first-level members, or leave their direct licence as it is.",
  "direct-holders":
    "The group takes users that hold all its SKUs directly with no plan more than it gives, and are not in its create.except: change the group in " +
    "the stack file, or leave their direct licence as it is.",
  rule:
    "No user can be added to a dynamic group by hand: change what its rule goes by (the user's attributes, or the rule), or leave their direct " +
    "licence as it is.",
  unevaluated:
    "Entra has not evaluated the rule yet: run pulumi up again when it has. Users that it leaves out keep the direct licence.",
} as const satisfies Readonly<Record<Membership, string>>;

/** Only a person can say that another edition is enough, so the entries are there to copy and never assumed. */
function successorsToJudge(planIds: readonly Guid[], names?: Names): string {
  const entries = planIds.flatMap((id) => {
    const by = names?.nextEdition?.(id) ?? null;
    return by === null ? [] : [`{plan: ${names?.plan(id) ?? id}, by: ${by}}`];
  });
  if (entries.length === 0) return "";
  return ` Where the plan of the other edition is enough, say so in the stack file: licensing:successors: [${entries.sort().join(", ")}].`;
}

/** The step that an administrator can take. */
export function remedyOf(reason: BlockReason, names?: Names): string {
  switch (reason.kind) {
    case "not-a-member":
      return NOT_A_MEMBER[membershipOf(reason.groupIds, names)];
    case "nested-only":
      return "Group-based licensing does not reach users of nested groups: add them to the licensing group itself.";
    case "not-yet-inherited":
      return `Entra is still working: wait and run again. After a day, ${REPROCESS}.`;
    case "inherited-in-error":
      return ERROR_REMEDIES[reason.cause] ?? ERROR_REMEDIES.Other;
    case "inherited-active-with-error":
      return `The entry names no sure source until the error is gone: ${REPROCESS}.`;
    case "plans-missing":
      return `Enable these plans in the group's licence, or give them by another licensing group.${successorsToJudge(reason.planIds, names)}`;
    case "subscription-ended":
      return "Renew the subscription, or give these plans by a SKU with a subscription in force.";
    case "subscription-ending":
      return "Renew the subscription; or, where it may end for these users, list the SKU under licensing:acceptGrace.";
    case "membership-ends":
      return "Make the membership permanent in Privileged Identity Management, or leave the direct licence as it is.";
    case "membership-end-unknown":
      return reason.isForbidden
        ? "Grant the app PrivilegedAssignmentSchedule.Read.AzureADGroup, and run again."
        : "Run again. If it stays so, follow Graph's message, or open a case with Microsoft: until it can be read, nothing is removed from the members.";
    case "no-usage-location":
      return `${SET_USAGE_LOCATION}, or let them go without a way back by licensing:acceptNoWayBack: true.`;
    case "not-assignable-again":
      return "Renew the subscription, or let them go without a way back by licensing:acceptNoWayBack: true.";
    case "trial":
      return `Let them go without a way back by licensing:acceptNoWayBack: [${names?.sku(reason.skuId) ?? "SKU"}].`;
    case "no-seat-to-swap":
      return "Buy seats or free some: the swap takes one for each user, until the old SKU is gone.";
    case "sku-not-listed":
      return (
        "It stays, even with licensing:acceptNoWayBack: unknown plans cannot be proven to be replaced. Renew the subscription, so that " +
        `the tenant lists the SKU again, or remove the direct licence ${BY_ASSIGN_LICENSE} where it gives nothing any more.`
      );
    case "source-unknown":
      return `The licence shows no assignment behind it: ${REPROCESS}, then run again.`;
    case "state-unknown":
      return "Look at GET /users/{id}?$select=licenseAssignmentStates; nothing is removed while the state is not understood.";
    case "dependent-plan":
      return "Give the licence that depends on it through the same group, or remove that one first. It is tried again when the user's licences have changed.";
    case "user-locked":
      return "Something else writes to this user right now: run again.";
    case "unreadable":
      return "Nothing is removed from a user that cannot be read. See the message, and run again.";
    case "management-restricted":
      return (
        "Only an application with a role in that unit may write to these users: have an administrator of the unit remove the direct " +
        `licence ${BY_ASSIGN_LICENSE}, or take the user out of the unit.`
      );
    case "refused":
      return "See the message; nothing was removed from this user. It is tried again when the user's licences have changed.";
  }
}

const ERROR_REMEDIES: Readonly<Record<string, string>> & Readonly<Record<LicenseErrorCause, string>> = {
  CountViolation: `There is no seat left: buy seats or free some, then ${REPROCESS}.`,
  MutuallyExclusiveViolation: `Another licence holds, or held, a plan that excludes one of these: where both are still there, disable one of the two; then ${REPROCESS}.`,
  DependencyViolation: `A plan needs another one that the user does not have: give both through the same group, then ${REPROCESS}.`,
  ProhibitedInUsageLocationViolation:
    "The licence is not sold in the user's location: correct usageLocation, or take these users out of the group.",
  UniquenessViolation: `Another object has the same proxy address: correct it, then ${REPROCESS}.`,
  Other: `Another licence of the same group fails for these users: mend that one first (the findings name it), then ${REPROCESS}.`,
};
