import type { Guid } from "../model";
import type { Names } from "./block-names";
import type { BlockReason } from "./block-reason";

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

export function list(words: readonly string[], joint: "and" | "or"): string {
  if (words.length <= 1) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${joint} ${words.at(-1) ?? ""}`;
}
