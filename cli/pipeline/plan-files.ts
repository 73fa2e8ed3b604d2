import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { planDocumentSchema, type PlanDocument } from "../../licensing/plan-document/schema";
import { ownCommand } from "../engine/own-command";
import { projectRoot } from "../engine/project-root";

/** A stack and the engine options that select it. */
export interface Stack {
  readonly name: string;
  readonly words: readonly string[];
  /** Settings of the rules that every plan has to keep; absent: guardrails.json, where it is there. */
  readonly guardrails?: string;
}

/** The files of a plan: for readers, for tools and for the engine. */
export interface PlanFiles {
  readonly document: PlanDocument;
  /** `plan.md`. */
  readonly markdown: string;
  /** The file for `pulumi up --plan`; `null` if the preview was refused. */
  readonly updatePlan: string | null;
}

/** A plan that was just made; `code` is that of the preview. */
export interface MadePlan extends PlanFiles {
  readonly code: number;
}

/** Runs `entra-licensing plan` with its output on the terminal, and reads the files that it wrote into the folder. */
export async function makePlan(
  stack: Stack,
  folder: string,
  environment: NodeJS.ProcessEnv,
  words: readonly string[] = [],
): Promise<MadePlan> {
  const rules = stack.guardrails === undefined ? [] : ["--guardrails", stack.guardrails];
  const code = await npmRun(
    "plan",
    [...stack.words, "--out", folder, "--save-plan", updatePlanIn(folder), ...rules, ...words],
    environment,
  );
  return { ...readPlan(folder), code };
}

/** @throws where the folder holds no plan */
export function readPlan(folder: string): PlanFiles {
  const file = join(folder, "plan.json");
  if (!existsSync(file)) throw new Error(`There is no plan in ${folder}: plan.json is missing.`);
  const updatePlan = updatePlanIn(folder);
  return {
    document: planDocumentSchema.parse(JSON.parse(readFileSync(file, "utf8"))),
    markdown: readFileSync(join(folder, "plan.md"), "utf8"),
    updatePlan: existsSync(updatePlan) ? updatePlan : null,
  };
}

/** Runs an npm script of this project without npm's own output. */
export async function npmRun(
  script: "plan" | "pulumi",
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const options = { cwd: projectRoot, env, extendEnv: false, stdio: "inherit", reject: false } as const;
  const { exitCode } = await execa(process.execPath, [...ownCommand(script), ...words], options);
  return exitCode ?? 1;
}

function updatePlanIn(folder: string): string {
  return join(folder, "update-plan.json");
}
