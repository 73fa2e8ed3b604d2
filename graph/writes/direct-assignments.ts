import type { Guid, License } from "../../licensing/model";
import { sendInBatches, type BatchRequest, type BatchResult } from "../client/batch";
import type { GraphFailure } from "../client/failure";
import type { GraphHttp } from "../client/http";
import type { Room } from "../pacing/write-reservation";

export type WriteOutcome = { readonly kind: "done" } | { readonly kind: "failed"; readonly failure: GraphFailure };

/** One user's change of direct licences: one step, in which Entra leaves no gap. */
export interface DirectChange {
  readonly userId: Guid;
  readonly add: readonly License[];
  readonly removeSkuIds: readonly Guid[];
}

/**
 * One write for each user, with all its SKUs. Two writes for one user at a time can end as 409, so two in one call are refused;
 * that no other call is under way for a user is the caller's to see to.
 */
export async function changeDirectLicenses(
  http: GraphHttp,
  changes: readonly DirectChange[],
  kind: "write" | "provenWrite",
  room?: Room,
  isGood?: () => boolean,
): Promise<Map<Guid, WriteOutcome>> {
  const userIds = changes.map(({ userId }) => userId);
  if (new Set(userIds.map((id) => id.toLowerCase())).size < userIds.length) {
    throw new Error("Two writes for one user in one call.");
  }
  const results = await sendInBatches(http, kind, changes.map(writeFor), room, isGood);
  return new Map(userIds.map((id, index) => [id, outcomeOf(results[index])]));
}

/** The body of both calls named assignLicense: each array must be there, if only empty. */
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
