import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import type { Journey } from "./journey";

const projectRoot = join(__dirname, "..", "..");

/** What a stack file says, as `entra-licensing discover` writes it about the tenant of a journey. */
export async function discovered(
  { stack, emulator }: Journey,
  ...words: readonly string[]
): Promise<Readonly<Record<string, unknown>>> {
  const folder = mkdtempSync(join(tmpdir(), "discovered-"));
  const cloud = JSON.stringify({ graph: emulator.url, authority: emulator.url });
  const command = ["cli/main.ts", "discover", "--stack", "contoso", "--tenant", emulator.tenant.id, "--cloud", cloud];
  await promisify(execFile)(process.execPath, ["dev/run.cjs", ...command, "--folder", folder, ...words], {
    cwd: projectRoot,
    // With a cache of its own set-up would take the engine on the stack's PATH for one that a person installed.
    env: { ...stack.environment, PATH: process.env["PATH"], XDG_CACHE_HOME: join(folder, "cache") },
  });
  const text = readFileSync(join(folder, "Pulumi.contoso.yaml"), "utf8");
  rmSync(folder, { recursive: true });
  return (parse(text) as { config: Record<string, unknown> }).config;
}
