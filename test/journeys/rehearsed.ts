import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import type { Rehearsal } from "../../rehearsal/migration/result";
import type { Journey } from "./journey";

const projectRoot = join(__dirname, "..", "..");

/**
 * What `entra-licensing rehearse` finds on a copy of the tenant of a journey, by this stack file. It fails where the
 * migration would. `null`: it was told to copy and no more.
 */
export async function rehearsed(
  { stack, emulator }: Journey,
  config: Readonly<Record<string, unknown>>,
  ...words: readonly string[]
): Promise<Rehearsal | null> {
  const folder = mkdtempSync(join(tmpdir(), "rehearsed-"));
  const cloud = { graph: emulator.url, authority: emulator.url };
  writeFileSync(
    join(folder, "Pulumi.contoso.yaml"),
    stringify({ config: { ...config, "licensing:tenant": emulator.tenant.id, "licensing:cloud": cloud } }),
  );
  try {
    const command = [
      "dev/run.cjs",
      "cli/main.ts",
      "rehearse",
      "--stack",
      "contoso",
      "--folder",
      folder,
      "--out",
      folder,
    ];
    await promisify(execFile)(process.execPath, [...command, ...words], {
      cwd: projectRoot,
      env: { ...stack.environment, PATH: process.env["PATH"] },
    });
    const result = join(folder, "rehearsal.json");
    return existsSync(result) ? (JSON.parse(readFileSync(result, "utf8")) as Rehearsal) : null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
