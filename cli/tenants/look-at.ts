import { existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { formatDuration } from "../../licensing/duration";
import { Refusal } from "../../licensing/refusal";
import type { CtrlC } from "../ctrl-c";
import type { Check } from "../doctor/check";
import { typed } from "../render/command-line";
import { readPlan } from "../pipeline/plan-files";
import { writeOwnFile } from "../plan/own-file";
import { engineErrors } from "../plan/engine-errors";
import {
  failure,
  resultOfApplied,
  resultOfChecks,
  resultOfPlan,
  type About,
  type Look,
  type TenantResult,
} from "./result";
import type { runTool, ToolRun } from "./run-tool";
import type { TenantStack } from "./stacks";

/** Settings for a stack's run. */
export interface Surroundings {
  /** The output folder, with a subfolder for each stack. */
  readonly out: string;
  /** May throw a `Refusal`, which becomes that tenant's result. */
  readonly environmentOf: (stack: TenantStack) => NodeJS.ProcessEnv;
  readonly limitMs: number;
  /** Shows names of users in the plan of each. */
  readonly names: boolean;
  readonly ctrlC: CtrlC;
  /** Runs a tool of this project. */
  readonly run: typeof runTool;
}

/** Checks one tenant or applies its plan. Never throws: every failure is a result, so that the other tenants go on. */
export async function lookAt(stack: TenantStack, look: Look, around: Surroundings): Promise<TenantResult> {
  const folder = join(around.out, stack.name);
  const startedAt = performance.now();
  const about = (): About => ({
    stack: stack.name,
    tenant: stack.tenant,
    look,
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
  });
  const result = await resultOf().catch((error: unknown) =>
    failure(about(), error instanceof Error ? error.message : String(error)),
  );
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeOwnFile(join(folder, "result.json"), `${JSON.stringify(result, null, 1)}\n`);
  return result;

  async function resultOf(): Promise<TenantResult> {
    const env = around.environmentOf(stack);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (look === "apply" && !existsSync(join(folder, "plan.json"))) {
      throw new Refusal(
        `There is no plan of ${stack.name} in ${folder}: make one and read it first (${typed(`tenants plan ${stack.name}`)}).`,
      );
    }
    // Remove the files of an earlier run, so that they are not mistaken for this run's.
    for (const name of ["result.json", ...(look === "apply" ? [] : ["plan.json", "update-plan.json"])]) {
      rmSync(join(folder, name), { force: true });
    }
    const logFile = join(folder, `${look}.log`);
    const run = await around.run(
      wordsFor(stack, look, folder, around.names),
      env,
      logFile,
      around.limitMs,
      around.ctrlC,
    );
    if (run.isLate) {
      return failure(
        about(),
        `It was not done after ${formatDuration(around.limitMs)} and was ended.`,
        `Its output is in ${logFile}; --limit-minutes gives it longer.`,
      );
    }
    if (look === "apply" && around.ctrlC.isPressed && run.code !== 0) {
      return failure(
        about(),
        `Ctrl-C stopped it: ${lastWords(run)}`,
        `What was done until then is in the state. Make a new plan and apply that (${typed(`tenants plan ${stack.name}`)}). All that it said: ${logFile}`,
      );
    }
    if (look === "doctor") return resultOfChecks(about(), checksIn(run));
    if (look === "apply")
      return run.code === 0
        ? resultOfApplied(about())
        : failure(about(), lastWords(run), `All that it said: ${logFile}`);
    if (!existsSync(join(folder, "plan.json"))) return failure(about(), lastWords(run), `All that it said: ${logFile}`);
    return resultOfPlan(about(), readPlan(folder).document, run.code !== 0);
  }
}

function wordsFor({ name, file }: TenantStack, look: Look, folder: string, names: boolean): readonly string[] {
  const stack = ["--stack", name, "--config-file", file];
  const shown = names ? ["--names"] : [];
  switch (look) {
    case "doctor":
      return ["doctor", "--stack", name, "--folder", dirname(file), "--json"];
    case "apply":
      return ["pipeline", "apply", ...stack, "--reviewed", folder];
    case "plan":
      return ["plan", ...stack, ...shown, "--out", folder, "--save-plan", join(folder, "update-plan.json")];
    case "drift":
      return ["plan", ...stack, ...shown, "--out", folder, "--expect-no-changes"];
  }
}

function checksIn({ said }: ToolRun): readonly Check[] {
  const line = said.split("\n").find((each) => each.startsWith("["));
  if (line === undefined) throw new Error(said.trim().split("\n").at(-1) ?? "doctor said nothing");
  return JSON.parse(line) as readonly Check[];
}

/** The engine's errors, or the end of the output if there are none. */
function lastWords({ said, code }: ToolRun): string {
  const errors = engineErrors(said);
  const end = said.trim().split("\n").slice(-3).join("\n");
  return errors.length > 0 ? errors.join("\n") : end === "" ? `It ended with ${code ?? "a signal"}.` : end;
}
