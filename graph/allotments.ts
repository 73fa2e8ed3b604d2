import { GraphError, type GraphFailure } from "./failure";
import type { GraphHttp } from "./http";
import { allOf } from "./pages";
import * as queries from "./queries";

/**
 * Whether the tenant has licence allotments (a preview of Microsoft's), under which direct and inherited licences can no longer
 * be told apart. A tenant or cloud that does not know them, or does not show them, has none.
 */
export async function probeAllotments(http: GraphHttp): Promise<"none" | "some"> {
  try {
    return (await allOf(http, queries.allotments())).length === 0 ? "none" : "some";
  } catch (error) {
    if (error instanceof GraphError && isUnknownHere(error.failure)) return "none";
    throw error;
  }
}

/** A service without the preview says 404, or 400 "Resource not found for the segment"; nothing else in the request can be wrong. */
function isUnknownHere(failure: GraphFailure): boolean {
  if (failure.kind === "forbidden" || failure.kind === "notFound") return true;
  return failure.kind === "unexpected" && [400, 403, 501].includes(failure.status);
}
