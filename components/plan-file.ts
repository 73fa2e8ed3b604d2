import { writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { PlanDocument } from "../licensing/plan-document/schema";
import { refusedDocument } from "../licensing/plan-document/refused";

/** The file for the plan of a preview, set by `entra-licensing plan`. Without it no file is written. */
const VARIABLE = "LICENSING_PLAN_FILE";

/** @param document called only if the file is wanted: in a large tenant it takes a while */
export function writePlanFile(document: () => PlanDocument): void {
  if (!isPlanFileWanted()) return;
  writeFileSync(process.env[VARIABLE] ?? "", `${JSON.stringify(document(), null, 1)}\n`, { mode: 0o600 });
}

export function isPlanFileWanted(): boolean {
  return (process.env[VARIABLE] ?? "") !== "" && pulumi.runtime.isDryRun();
}

/**
 * Writes the reason of a run that was refused before it had a plan.
 *
 * @param declared the tenant as written, which may be the mistake
 */
export function writeRefusal(message: string, declared: unknown): void {
  const tenant = typeof declared === "string" ? declared : null;
  writePlanFile(() => refusedDocument({ stack: pulumi.getStack(), tenant, message, nowMs: Date.now() }));
}
