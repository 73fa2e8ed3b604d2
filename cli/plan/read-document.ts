import { existsSync, readFileSync } from "node:fs";
import { refusedDocument, withRefusal } from "../../licensing/plan-document/refused";
import { planDocumentSchema, type PlanDocument } from "../../licensing/plan-document/schema";
import { engineErrors } from "./engine-errors";
import type { Preview } from "./preview";

const CHANGES_FOUND = "no changes were expected";

/**
 * Reads the plan that a preview wrote and adds the engine's errors if it stopped. A successful preview without a plan must have
 * run another program; that is an error.
 */
export function readDocument(file: string, { code, said }: Preview, stack: string, nowMs: number): PlanDocument {
  const written = existsSync(file) ? planDocumentSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : null;
  if (code === 0) {
    if (written === null) throw new Error(`the preview went through and wrote no plan to ${file}`);
    return written;
  }
  if (written !== null && written.refusals.length > 0) return written;
  const errors = engineErrors(said);
  // The error of --expect-no-changes is a result, not a refusal.
  if (written !== null && errors.length > 0 && errors.every((error) => error.startsWith(CHANGES_FOUND))) return written;
  const message = errors.length > 0 ? errors.join("\n") : `The preview ended with ${code ?? "a signal"}.`;
  return written === null ? refusedDocument({ stack, tenant: null, message, nowMs }) : withRefusal(written, message);
}
