import type { Catalog } from "../catalog/catalog";
import { digestOf } from "../digest";
import type { InheritanceProblem } from "./inheritance";
import type { Guid, LicensedUser } from "../model";
import type { Blocked } from "../decision/block-reason";

/** Where the errors of a group's members are listed. */
export const MEMBERS_IN_ERROR = "GET /groups/{id}/membersWithLicenseErrors";

/** A licence of a group that fails for a member. */
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
 * Stands for errors that Entra may be asked to try again: who, which, why, and whether the SKU has seats left. As long as none of it changes,
 * to ask once is enough. Empty: there are none.
 */
export function failingDigest(failing: readonly FailingLicense[], catalog: Catalog): string {
  if (failing.length === 0) return "";
  const seats = new Set(
    catalog.skus.filter(({ prepaidUnits, consumedUnits }) => prepaidUnits.enabled > consumedUnits).map(({ id }) => id),
  );
  return digestOf(
    failing.map(({ userId, skuId, cause }) => `${userId} ${skuId} ${cause} ${seats.has(skuId) ? "seats" : "full"}`),
  );
}

/**
 * Whether Entra may be asked to look again at all that a user inherits. A licence may be there only because Entra has not ended it yet, so the user
 * must be in each of the groups that it comes from.
 */
export function mayReprocess({ assignments }: LicensedUser, memberOf: ReadonlySet<Guid>): boolean {
  const inherited = assignments.filter(({ assignedByGroup }) => assignedByGroup !== null);
  return (
    inherited.some(({ state, error }) => state === "Error" || error !== null) &&
    inherited.every(({ assignedByGroup }) => memberOf.has(assignedByGroup ?? ""))
  );
}
