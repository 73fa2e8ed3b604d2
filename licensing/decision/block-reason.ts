import type { Guid, LicenseErrorCause, Removal } from "../model";

/**
 * How an administrator makes Entra process a user's licences again. The Entra admin center no longer offers it; the
 * request and the cmdlet work: https://learn.microsoft.com/graph/api/user-reprocesslicenseassignment
 */
export const REPROCESS =
  "reprocess them (Invoke-MgLicenseUser -UserId ID, or POST /users/{id}/reprocessLicenseAssignment)";

/**
 * Why a direct assignment stays. The list is closed: every assignment without a proof has one of these reasons.
 * Plans and groups are ids here; `wordsOf` and `remedyOf` turn them into names.
 */
export type BlockReason =
  | { readonly kind: "not-a-member"; readonly groupIds: readonly Guid[] }
  | { readonly kind: "nested-only"; readonly groupIds: readonly Guid[] }
  | { readonly kind: "not-yet-inherited"; readonly groupIds: readonly Guid[] }
  | { readonly kind: "inherited-in-error"; readonly groupId: Guid; readonly cause: LicenseErrorCause | (string & {}) }
  | { readonly kind: "inherited-active-with-error"; readonly groupId: Guid; readonly cause: string }
  | { readonly kind: "plans-missing"; readonly planIds: readonly Guid[] }
  /** The subscription behind the group's licence has ended. */
  | { readonly kind: "subscription-ended"; readonly skuId: Guid; readonly status: string }
  /** The subscription behind the group's licence is in its grace period, and the direct licence's is not. */
  | { readonly kind: "subscription-ending"; readonly skuId: Guid; readonly status: string }
  /** `on` is a day, such as `2026-12-31`. */
  | { readonly kind: "membership-ends"; readonly groupId: Guid; readonly on: string }
  | {
      readonly kind: "membership-end-unknown";
      readonly groupId: Guid;
      readonly detail: string;
      readonly isForbidden: boolean;
    }
  /** The licence could not be assigned again, by a put-back or by a rollback. */
  | { readonly kind: "no-usage-location" }
  | { readonly kind: "not-assignable-again"; readonly skuId: Guid; readonly status: string }
  /** The replaced SKU is a trial: when it has ended, nothing could give it back. */
  | { readonly kind: "trial"; readonly skuId: Guid }
  /** The direct licence excludes this SKU, and swapping the two in one call takes a free seat. */
  | { readonly kind: "no-seat-to-swap"; readonly skuId: Guid }
  /** The direct licence's plans are unknown, so a replacement cannot be proven. */
  | { readonly kind: "sku-not-listed"; readonly skuId: Guid }
  | { readonly kind: "source-unknown" }
  | { readonly kind: "state-unknown"; readonly state: string }
  | { readonly kind: "dependent-plan"; readonly detail: string }
  | { readonly kind: "user-locked" }
  | { readonly kind: "unreadable"; readonly detail: string }
  | { readonly kind: "management-restricted" }
  | { readonly kind: "refused"; readonly detail: string };

/** The program never sets a user's country itself; only an administrator knows it. */
export const SET_USAGE_LOCATION =
  "Set usageLocation (Entra admin center: Users, the user, Edit properties, Settings; Graph: PATCH /users/{id} with usageLocation, the " +
  "country in two letters)";

/** Follows "assign the licence" or "remove the licence". */
export const BY_ASSIGN_LICENSE = "(Set-MgUserLicense, or POST /users/{id}/assignLicense)";

export type BlockKind = BlockReason["kind"];

/** Resolves ids to the names shown in output. */
export interface Names {
  group(id: Guid): string;
  plan(id: Guid): string;
  /** Adds the name beside each SKU or plan id in a text of Graph. */
  inText(text: string): string;
  sku(id: Guid): string;
  /** A declared group's plan that looks like the next edition of this one, by its name. Absent or `null`: none is known. */
  nextEdition?(planId: Guid): string | null;
  /** How users join the group. Absent: unknown, treated as `assigned`. */
  membership?(id: Guid): Membership;
}

/** By group id; groups that are absent have members assigned, or a rule that Entra has evaluated. */
export type Memberships = ReadonlyMap<Guid, Membership>;

/** `unevaluated`: by a rule that Entra has not evaluated yet. `direct-holders`: added by this program. */
export type Membership = "assigned" | "rule" | "unevaluated" | "direct-holders";

/** The reason as a phrase that can follow a count: "2 not a member of All users". */
export function formatBlockReason(reason: BlockReason, names: Names): string {
  switch (reason.kind) {
    case "not-a-member":
      return notAMember(reason.groupIds, names);
    case "nested-only":
      return `member of ${list(
        reason.groupIds.map((id) => names.group(id)),
        "and",
      )} only through a nested group`;
    case "not-yet-inherited":
      return `not yet inherited from ${list(
        reason.groupIds.map((id) => names.group(id)),
        "or",
      )}`;
    case "inherited-in-error":
      return `inherited from ${names.group(reason.groupId)} in error: ${reason.cause}`;
    case "inherited-active-with-error":
      return `inherited from ${names.group(reason.groupId)} with an error: ${reason.cause}`;
    case "plans-missing":
      return `would lose ${list(
        reason.planIds.map((id) => names.plan(id)),
        "and",
      )}`;
    case "subscription-ended":
      return `the subscription of ${names.sku(reason.skuId)} is ${reason.status}`;
    case "subscription-ending":
      return `the subscription of ${names.sku(reason.skuId)} is in its grace period (${reason.status})`;
    case "membership-ends":
      return `membership of ${names.group(reason.groupId)} ends on ${reason.on}`;
    case "membership-end-unknown":
      return `whether membership of ${names.group(reason.groupId)} ends could not be read: ${reason.detail.replace(/\.$/, "")}`;
    case "no-usage-location":
      return "no usageLocation: nothing could give the licence back";
    case "not-assignable-again":
      return `the subscription of the direct licence ${names.sku(reason.skuId)} is ${reason.status}: nothing could give it back`;
    case "trial":
      return `the direct licence ${names.sku(reason.skuId)} is a trial: once it has ended, nothing could give it back`;
    case "no-seat-to-swap":
      return `excludes ${names.sku(reason.skuId)}, and no seat is free to swap the two in one call`;
    case "sku-not-listed":
      return `the tenant no longer lists the SKU of the direct licence (${names.sku(reason.skuId)}): its plans are unknown`;
    case "source-unknown":
      return "held from an unknown source";
    case "state-unknown":
      return `inherited in a state this program does not know: ${reason.state}`;
    case "dependent-plan":
      return `another plan depends on it: ${names.inText(reason.detail)}`;
    case "user-locked":
      return "user is locked by another write";
    case "unreadable":
      return `could not be read: ${reason.detail}`;
    case "management-restricted":
      return "in a restricted management administrative unit";
    case "refused":
      return `Entra refused the removal: ${names.inText(reason.detail)}`;
  }
}

function notAMember(groupIds: readonly Guid[], names: Names): string {
  const named = (ids: readonly Guid[]) =>
    list(
      ids.map((id) => names.group(id)),
      "or",
    );
  const waiting = groupIds.filter((id) => names.membership?.(id) === "unevaluated");
  return waiting.length > 0
    ? `not yet evaluated by the rule of ${named(waiting)}`
    : `not a member of ${named(groupIds)}`;
}

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
  MutuallyExclusiveViolation: `Another licence holds a plan that excludes one of these: disable one of the two, then ${REPROCESS}.`,
  DependencyViolation: `A plan needs another one that the user does not have: give both through the same group, then ${REPROCESS}.`,
  ProhibitedInUsageLocationViolation:
    "The licence is not sold in the user's location: correct usageLocation, or take these users out of the group.",
  UniquenessViolation: `Another object has the same proxy address: correct it, then ${REPROCESS}.`,
  Other: `Another licence of the same group fails for these users: mend that one first (the findings name it), then ${REPROCESS}.`,
};

function list(words: readonly string[], joint: "and" | "or"): string {
  if (words.length <= 1) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${joint} ${words.at(-1) ?? ""}`;
}

export interface Blocked extends Removal {
  readonly reason: BlockReason;
}
