import type { Guid } from "../../licensing/model";
import { sendInBatches } from "../client/batch";
import type { WriteOutcome } from "./direct-assignments";
import type { GraphHttp } from "../client/http";

/**
 * Asks Entra to process all inherited licences of these users again; harmless to repeat.
 * https://learn.microsoft.com/graph/api/user-reprocesslicenseassignment
 */
export async function reprocessLicenses(http: GraphHttp, userIds: readonly Guid[]): Promise<Map<Guid, WriteOutcome>> {
  const results = await sendInBatches(
    http,
    "write",
    userIds.map((id) => ({
      method: "POST" as const,
      url: `/users/${id}/reprocessLicenseAssignment`,
      // The action has no parameters, but a batch requires a body for each write.
      body: {},
      purpose: { operation: "reprocess" as const, id },
    })),
  );
  return new Map(
    userIds.map((id, index) => {
      const result = results[index];
      if (result === undefined) throw new Error("A write has no result.");
      return [id, "failure" in result ? { kind: "failed", failure: result.failure } : { kind: "done" }];
    }),
  );
}
