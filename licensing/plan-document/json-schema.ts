import { z } from "zod";
import { planDocumentSchema } from "./schema";

/** The JSON Schema of `plan.json`, for tools in other languages. Stored as docs/plan.schema.json. */
export function planJsonSchema(): unknown {
  return z.toJSONSchema(planDocumentSchema, { target: "draft-7" });
}
