import type { Guid, LicenseErrorCause, Removal } from "../model";

/**
 * Why a direct assignment stays. The list is closed: every assignment without a proof has one of these reasons.
 * Plans and groups are ids here; `formatBlockReason` and `remedyOf` turn them into names.
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

export type BlockKind = BlockReason["kind"];

export interface Blocked extends Removal {
  readonly reason: BlockReason;
}
