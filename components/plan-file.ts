import { writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { PlanDocument } from "../licensing/plan-document/schema";
import { refusedDocument } from "../licensing/plan-document/refused";

/** The file for the plan of a preview, set by `entra-licensing plan`. Without it no file is written. */
const VARIABLE = "LICENSING_PLAN_FILE";

/** @param document called only if the file is wanted: in a large tenant it takes a while */
export function writePlanFile(document: () => PlanDocument): void {
  const file = process.env[VARIABLE] ?? "";
  if (file === "" || !pulumi.runtime.isDryRun()) return;
  writeFileSync(file, `${JSON.stringify(document(), null, 1)}\n`, { mode: 0o600 });
}

/** Writes the reason of a run that was refused before it had a plan. */
export function writeRefusal(message: string): void {
  const tenant = pulumi.runtime.getConfig("licensing:tenant") ?? null;
  writePlanFile(() => refusedDocument({ stack: pulumi.getStack(), tenant, message, nowMs: Date.now() }));
}
