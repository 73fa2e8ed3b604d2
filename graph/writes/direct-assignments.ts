import type { Guid, License } from "../../licensing/model";
import { sendInBatches, type BatchRequest, type BatchResult } from "../client/batch";
import type { GraphFailure } from "../client/failure";
import type { GraphHttp } from "../client/http";
import type { WriteReservation } from "../pacing/write-reservation";

export type WriteOutcome = { readonly kind: "done" } | { readonly kind: "failed"; readonly failure: GraphFailure };

/** One user's change of direct licences, in a single write, so that Entra leaves no gap. */
export interface DirectChange {
  readonly userId: Guid;
  readonly add: readonly License[];
  readonly removeSkuIds: readonly Guid[];
}

/**
 * One write for each user, with all its SKUs. Two writes for one user at the same time can end with 409: two in one
 * call are refused, and the caller must not have another call in progress for the same user.
 *
 * @throws {Error} if a user appears twice, which is a bug
 */
export async function changeDirectLicenses(
  http: GraphHttp,
  changes: readonly DirectChange[],
  kind: "write" | "provenWrite",
  room?: WriteReservation,
  isGood?: () => boolean,
): Promise<Map<Guid, WriteOutcome>> {
  const userIds = changes.map(({ userId }) => userId);
  // check: one write for a user at a time
  if (new Set(userIds.map((id) => id.toLowerCase())).size < userIds.length) {
    throw new Error("Two writes for one user in one call.");
  }
  const results = await sendInBatches(http, kind, changes.map(writeFor), room, isGood);
  return new Map(userIds.map((id, index) => [id, outcomeOf(results[index])]));
}

/** The body of `assignLicense` for users and for groups; both arrays are required, even if empty. */
export function assignLicenseBody(add: readonly License[], removeSkuIds: readonly Guid[]): object {
  return {
    addLicenses: add.map(({ skuId, disabledPlans }) => ({ skuId, disabledPlans })),
    removeLicenses: removeSkuIds,
  };
}

function writeFor({ userId, add, removeSkuIds }: DirectChange): BatchRequest {
  return {
    method: "POST",
    url: `/users/${userId}/assignLicense`,
    body: assignLicenseBody(add, removeSkuIds),
    purpose: { operation: "assignToUsers", id: userId },
  };
}

function outcomeOf(result: BatchResult | undefined): WriteOutcome {
  if (result === undefined) throw new Error("A write has no result.");
  return "failure" in result ? { kind: "failed", failure: result.failure } : { kind: "done" };
}
