import { z } from "zod";
import type { PlanDocument } from "../../licensing/plan-document/schema";
import { counted, thousands, total } from "../../licensing/counts";
import { verdictOf, type Verdict } from "../../licensing/verdict";
import type { Check } from "../doctor/check";

/** The kinds of check, and `apply`. */
export const LOOKS = ["plan", "drift", "doctor", "apply"] as const;

export type Look = (typeof LOOKS)[number];

/**
 * Worst first. `failed`: the tenant's state is unknown. `stops`: the next `up` would be refused. `person`: an administrator has to
 * act. `work`: the next `up` has something to do. `well`: nothing to do.
 */
export const WORDS = ["failed", "stops", "person", "work", "well"] as const;

export type TenantWord = (typeof WORDS)[number];

/** The result for one tenant, written to `result.json` in its folder. */
export const tenantResultSchema = z.strictObject({
  stack: z.string(),
  tenant: z.string().nullable(),
  look: z.enum(LOOKS),
  verdict: z.enum(WORDS),
  /** Progress of the migration. */
  state: z.string(),
  /** Changes that the next `up` would make. */
  next: z.string(),
  blocked: z.int().min(0),
  drift: z.string(),
  troubles: z.array(z.strictObject({ what: z.string(), remedy: z.string() })),
  seconds: z.number(),
});

export type TenantResult = z.infer<typeof tenantResultSchema>;

/** Which tenant, what was asked, and how long it took. */
export type About = Pick<TenantResult, "stack" | "tenant" | "look" | "seconds">;

/** True if an administrator has to act. */
export function needsPerson(result: TenantResult): boolean {
  return verdictOfTenant(result) !== "pass";
}

/** In a drift check pending work does not pass, because nothing should have changed. */
export function verdictOfTenant({ verdict: word, look }: TenantResult): Verdict {
  return word === "work" && look === "drift" ? "wait" : verdictOf(word);
}

/** @param hasChanges true if the engine found changes with --expect-no-changes */
export function resultOfPlan(about: About, plan: PlanDocument, hasChanges: boolean): TenantResult {
  const { refusals, blocked, findings, warnings } = plan;
  return {
    ...about,
    verdict: wordOfPlan(plan, hasChanges),
    state: stateOf(plan),
    next: plan.verdict.summary,
    blocked: blocked.users,
    drift: driftOf(plan),
    troubles: [
      ...refusals.map(({ about: what, message }) => ({
        what: what === "" ? message : `${what}: ${message}`,
        remedy: "",
      })),
      ...blocked.reasons.map(({ sku, users, words, remedy }) => ({
        what: `${counted(users, "user is", "users are")} blocked (${sku}): ${words}`,
        remedy,
      })),
      ...findings
        .filter(({ severity }) => severity === "warning")
        .map(({ about: what, message, remedy }) => ({ what: `${what}: ${message}`, remedy })),
      ...warnings.map((what) => ({ what, remedy: "" })),
    ],
  };
}

function wordOfPlan({ verdict: { word }, blocked }: PlanDocument, hasChanges: boolean): TenantWord {
  switch (verdictOf(word)) {
    case "fail":
      return "stops";
    case "wait":
      return "person";
    case "pass":
      // A plan with nothing to do may still have blocked users.
      if (blocked.users > 0) return "person";
      return word === "safe" || hasChanges ? "work" : "well";
  }
}

/** `1 of 3 waves done, tenth waits: …; 1,200 of 2,400 direct assignments moved`. */
function stateOf({ waves, groups }: PlanDocument): string {
  if (groups.length === 0) return "unknown";
  if (waves.length === 0) return "groups and verification, no waves";
  const moved = waves.reduce((sum, { movedBefore }) => sum + total(movedBefore), 0);
  const left = waves.reduce((sum, { planned }) => sum + total(planned), 0);
  if (moved + left === 0) return "nothing to move";
  const done = waves.filter(({ state }) => state === "done").length;
  const next = waves.find(({ state }) => state !== "done");
  const words =
    done === waves.length ? `all ${counted(done, "wave")} done` : `${done} of ${counted(waves.length, "wave")} done`;
  const waits = next === undefined || next.hold === null ? "" : `, ${next.name} waits: ${next.hold}`;
  return `${words}${waits}; ${thousands(moved)} of ${counted(moved + left, "direct assignment")} moved`;
}

function driftOf({ drift, addedPlans }: PlanDocument): string {
  const came = drift.returned.length;
  return [
    ...(came === 0 ? [] : [`${thousands(came)} came back`]),
    ...(addedPlans.length === 0 ? [] : [counted(addedPlans.length, "added plan")]),
  ].join(", ");
}

export function resultOfChecks(about: About, checks: readonly Check[]): TenantResult {
  const failed = checks.filter(({ verdict }) => verdict === "fail");
  const warned = checks.filter(({ verdict }) => verdict === "wait");
  const fixes = checks.filter(({ kind }) => kind === "fix");
  const summary = [
    ...(failed.length === 0 ? [] : [`${thousands(failed.length)} to mend`]),
    ...(warned.length === 0 ? [] : [counted(warned.length, "warning")]),
  ];
  return {
    ...unknown(about),
    // A warning does not stop a run.
    verdict: failed.length > 0 ? "stops" : "well",
    next: summary.length === 0 ? "has all that it needs" : summary.join(", "),
    troubles: [...failed, ...(failed.length === 0 ? [] : fixes), ...warned].map(({ words, remedy }) => ({
      what: words,
      remedy: remedy.join("\n"),
    })),
  };
}

/** The result after exactly the reviewed plan was applied. */
export function resultOfApplied(about: About): TenantResult {
  return { ...unknown(about), verdict: "well", next: "the plan was applied" };
}

export function failure(about: About, what: string, remedy = ""): TenantResult {
  return { ...unknown(about), verdict: "failed", troubles: [{ what, remedy }] };
}

function unknown(about: About): TenantResult {
  return { ...about, verdict: "failed", state: "unknown", next: "unknown", blocked: 0, drift: "", troubles: [] };
}
