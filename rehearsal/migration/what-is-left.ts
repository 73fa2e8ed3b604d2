import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { planDocumentSchema } from "../../licensing/plan-document/schema";
import type { Stays } from "./result";
import type { Stage } from "./stage";

/** Runs a preview after the last wave, like the nightly check, and reads the remaining direct licences, their reasons and remedies. */
export async function whatIsLeft({ stack, environment }: Stage): Promise<{
  readonly stays: readonly Stays[];
  readonly held: string | null;
}> {
  const file = join(stack.folder, "plan.json");
  await stack.run(["preview"], { ...environment(), LICENSING_PLAN_FILE: file });
  if (!existsSync(file)) return { stays: [], held: null };
  const { blocked, waves } = planDocumentSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  const waiting = waves.find(({ hold, plannedUsers }) => hold !== null && plannedUsers > 0);
  return {
    stays: blocked.reasons.map(({ sku, words, remedy, users }) => ({ sku, words, remedy, users })),
    held: waiting === undefined ? null : `wave ${waiting.name}, ${waiting.hold ?? ""}`,
  };
}
