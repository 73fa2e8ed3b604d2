import type { Guid } from "../../licensing/model";
import { sendInBatches } from "../client/batch";
import type { WriteOutcome } from "./direct-assignments";
import type { GraphHttp } from "../client/http";

/**
 * Has Entra look again at all licences that these users inherit. May be sent twice: it only makes Entra look.
 * https://learn.microsoft.com/graph/api/user-reprocesslicenseassignment
 */
export async function reprocessLicenses(http: GraphHttp, userIds: readonly Guid[]): Promise<Map<Guid, WriteOutcome>> {
  const results = await sendInBatches(
    http,
    "write",
    userIds.map((id) => ({
      method: "POST" as const,
      url: `/users/${id}/reprocessLicenseAssignment`,
      // The action has no parameters, and a batch takes no write without a body.
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
