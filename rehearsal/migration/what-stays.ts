import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { planDocumentSchema } from "../../licensing/plan-document/schema";
import type { Stays } from "./result";
import type { Stage } from "./stage";

/** One more preview, as the nightly check would make it: what stays directly assigned after the last wave, why, and what helps. */
export async function whatStays({ stack, environment }: Stage): Promise<readonly Stays[]> {
  const file = join(stack.folder, "plan.json");
  await stack.run(["preview"], { ...environment(), LICENSING_PLAN_FILE: file });
  if (!existsSync(file)) return [];
  const { blocked } = planDocumentSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  return blocked.reasons.map(({ sku, words, remedy, users }) => ({ sku, words, remedy, users }));
}
