import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PlanDocument } from "../../licensing/plan-document/schema";
import type { Journey } from "./journey";

const projectRoot = join(__dirname, "..", "..");

/** What `entra-licensing plan` wrote, and what it said meanwhile. */
export interface PlanFiles {
  readonly code: number | null;
  readonly said: string;
  readonly document: PlanDocument;
  readonly markdown: string;
  readonly page: string;
}

/** Runs `entra-licensing plan` for the stack of a journey. @param out a folder within the stack's */
export async function planFiles({ stack }: Journey, out: string, words: readonly string[] = []): Promise<PlanFiles> {
  const folder = join(stack.folder, out);
  const given = ["--stack", stack.name, "--config-file", stack.configFile, "--out", folder, ...words];
  const child = spawn(process.execPath, ["dev/run.cjs", "cli/main.ts", "plan", ...given], {
    cwd: projectRoot,
    env: stack.environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const document = JSON.parse(read("plan.json")) as PlanDocument;
  return { code, said, document, markdown: read("plan.md"), page: read("plan.html") };
}
