import { freeSeats } from "../catalog/subscription";
import type { Catalog } from "../catalog/catalog";
import { digestOf } from "../digest";
import type { InheritanceProblem } from "./inheritance";
import { isFromGroup, type Guid, type LicensedUser } from "../model";
import type { Blocked } from "../decision/block-reason";

/** Graph request that lists a group's members in error. */
export const MEMBERS_IN_ERROR = "GET /groups/{id}/membersWithLicenseErrors";

/** A group's licence that fails for a member. */
export interface FailingLicense {
  readonly userId: Guid;
  readonly skuId: Guid;
  readonly cause: string;
}

export function failingAmong(problems: readonly InheritanceProblem[]): readonly FailingLicense[] {
  return problems
    .filter(({ kind }) => kind === "error" || kind === "active-with-error")
    .map(({ userId, skuId, detail }) => ({ userId, skuId, cause: detail }));
}

export function failingOf(blocked: readonly Blocked[]): readonly FailingLicense[] {
  return blocked.flatMap(({ userId, skuId, reason }) =>
    reason.kind === "inherited-in-error" || reason.kind === "inherited-active-with-error"
      ? [{ userId, skuId, cause: reason.cause }]
      : [],
  );
}

/**
 * Digest of the failing licences, their causes and whether the SKU has free seats. Entra is asked to reprocess only
 * when it changes. Empty if nothing fails.
 */
export function failingDigest(failing: readonly FailingLicense[], catalog: Catalog): string {
  if (failing.length === 0) return "";
  const seats = new Set(catalog.skus.filter((sku) => freeSeats(sku, "enabled") > 0).map(({ id }) => id));
  return digestOf(
    failing.map(({ userId, skuId, cause }) => `${userId} ${skuId} ${cause} ${seats.has(skuId) ? "seats" : "full"}`),
  );
}

/**
 * True if Entra may be asked to reprocess the user. Reprocessing ends licences of groups that the user has left, so
 * the user must still be in every group that an inherited licence comes from.
 */
export function mayReprocess({ assignments }: LicensedUser, memberOf: ReadonlySet<Guid>): boolean {
  const inherited = assignments.filter(isFromGroup);
  // check: no user is reprocessed that has left a group and still inherits from it
  return (
    inherited.some(({ state, error }) => state === "Error" || error !== null) &&
    inherited.every(({ assignedByGroup }) => memberOf.has(assignedByGroup))
  );
}
