import type { Catalog } from "../catalog/catalog";
import type { Guid, LicenseErrorCause } from "../model";
import type { BlockReason } from "./block-reason";

/** Why a user stays in the old group. */
export type MoveBlock =
  | { readonly kind: "plans-lost"; readonly planIds: readonly Guid[] }
  /** The membership does not work yet, or not in the time that the stack file gives. */
  | { readonly kind: "not-inherited" }
  | { readonly kind: "in-error"; readonly skuId: Guid; readonly error: LicenseErrorCause | (string & {}) }
  | { readonly kind: "no-seat"; readonly skuId: Guid }
  /** The new licence, or the membership, ends by itself. */
  | { readonly kind: "ends"; readonly reason: BlockReason }
  | { readonly kind: "no-usage-location" }
  /** In a restricted management administrative unit. */
  | { readonly kind: "restricted" }
  /** In Graph's words. */
  | { readonly kind: "refused"; readonly detail: string }
  | { readonly kind: "unreadable"; readonly detail: string };

/**
 * The reason in one clause, with the remedy. Names no user.
 *
 * @param to display name of the group that the user joins
 */
export function formatMoveBlock(reason: MoveBlock, to: string, catalog: Catalog): string {
  switch (reason.kind) {
    case "plans-lost":
      return `${reason.planIds
        .map((id) => catalog.planName(id))
        .sort()
        .join(", ")} would be lost: give it by ${to} or another declared group, or accept it with licensing:acceptLoss`;
    case "not-inherited":
      return `the licences of ${to} are not there yet: run pulumi up again later`;
    case "in-error":
      return `${to} cannot give ${catalog.skuName(reason.skuId)} (${reason.error}): mend the cause, and reprocess the user`;
    case "no-seat":
      return `no seat of ${catalog.skuName(reason.skuId)} is free: buy or free one`;
    case "ends":
      return ENDS[reason.reason.kind] ?? `what ${to} gives ends by itself: let it last`;
    case "no-usage-location":
      return "the user has no usage location, so nothing could be assigned directly if a plan were missing: set it, or accept that with licensing:acceptNoWayBack";
    case "restricted":
      return "the user is in a restricted management administrative unit, where no application may assign a licence: move the user by hand";
    case "refused":
      return `Graph refused: ${reason.detail}`;
    case "unreadable":
      return `the user could not be read: ${reason.detail}`;
  }
}

const ENDS: Readonly<Record<string, string>> = {
  "subscription-ended": "the subscription of the new licence has ended: renew it",
  "subscription-ending":
    "the subscription of the new licence is about to end: renew it, or accept that with licensing:acceptGrace",
  "membership-ends": "the membership in the new group has an end: make it permanent",
  "membership-end-unknown":
    "whether the membership in the new group ends could not be read: grant the permission that doctor names",
};
