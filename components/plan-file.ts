import { writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { PlanDocument } from "../licensing/plan-document/schema";
import { refusedDocument } from "../licensing/plan-document/refused";

/** Where a preview writes its plan as data; `npm run plan` sets it. Without it nothing is written. */
const VARIABLE = "LICENSING_PLAN_FILE";

/** @param document is made only where somebody wants it: it takes a while in a large tenant */
export function writePlanFile(document: () => PlanDocument): void {
  const file = process.env[VARIABLE] ?? "";
  if (file === "" || !pulumi.runtime.isDryRun()) return;
  writeFileSync(file, `${JSON.stringify(document(), null, 1)}\n`, { mode: 0o600 });
}

/** A run that is refused before it has a plan still says why. */
export function writeRefusal(message: string): void {
  const tenant = pulumi.runtime.getConfig("licensing:tenant") ?? null;
  writePlanFile(() => refusedDocument({ stack: pulumi.getStack(), tenant, message, nowMs: Date.now() }));
}
