import { existsSync, readFileSync } from "node:fs";
import { refusedDocument, withRefusal, withWarning } from "../../licensing/plan-document/refused";
import { planDocumentSchema, type PlanDocument } from "../../licensing/plan-document/schema";
import type { BrokenRule } from "../engine/policy-events";
import { engineErrors } from "./engine-errors";
import type { Preview } from "./preview";

const CHANGES_FOUND = "no changes were expected";

/**
 * Reads the plan that a preview wrote and adds the rules that it breaks, and the engine's errors if it stopped. A successful
 * preview without a plan must have run another program; that is an error.
 */
export function readDocument(file: string, { code, said, rules }: Preview, stack: string, nowMs: number): PlanDocument {
  const written = existsSync(file) ? planDocumentSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : null;
  const judged = written === null ? null : rules.reduce(withRule, written);
  if (code === 0) {
    if (judged === null) throw new Error(`the preview went through and wrote no plan to ${file}`);
    return judged;
  }
  if (judged !== null && judged.refusals.length > 0) return judged;
  const errors = engineErrors(said);
  // The error of --expect-no-changes is a result, not a refusal.
  if (judged !== null && errors.length > 0 && errors.every((error) => error.startsWith(CHANGES_FOUND))) return judged;
  const message = errors.length > 0 ? errors.join("\n") : `The preview ended with ${code ?? "a signal"}.`;
  return judged === null
    ? refusedDocument({ stack, tenant: null, message: `${NO_PLAN}\n${message}`, nowMs })
    : withRefusal(judged, message);
}

/** A tool that fails says nothing about the plan. */
const NO_PLAN =
  "There is no plan: the engine stopped before this program could make one. That is no finding about the stack file or the tenant. The engine says:";

function withRule(document: PlanDocument, { about, message, isMandatory }: BrokenRule): PlanDocument {
  return isMandatory ? withRefusal(document, message, about) : withWarning(document, `${about}: ${message}`);
}
