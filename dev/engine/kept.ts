import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isOwnFolder } from "../../cli/engine/own-folder.mjs";
import { withLock } from "../setup/lock.mjs";
import { cacheFolder } from "../../cli/engine/cache-folder.mjs";
import { isCompleteEngine, programFile } from "../../cli/engine/parts";
import type { Engine } from "../../cli/engine/record.mjs";
import type { Refusal } from "./sources";
import { builtLanguageHost, oldestEngine } from "../../cli/engine/versions.mjs";

/** How set-up itself came by an engine. */
export type KeptSource = "download" | "build";

/** An engine that an earlier set-up got, for this checkout or another. */
export function findKeptEngine(env: NodeJS.ProcessEnv): Engine | undefined {
  return (["download", "build"] as const)
    .filter((source) => isOwnEngine(engineFolder(source, env)))
    .map((source) => keptEngine(source, env))[0];
}

/** An engine in a folder that other users can write to may be theirs: it is not run. */
function isOwnEngine(folder: string): boolean {
  return isOwnFolder(folder) && isCompleteEngine(binFolder(folder));
}

/**
 * Lets `fill` make an engine and keeps it. It is made in a folder beside and renamed into place whole, so that an
 * interrupted set-up leaves nothing that looks like an engine.
 */
export async function keepEngine(
  source: KeptSource,
  env: NodeJS.ProcessEnv,
  fill: (folder: string) => Promise<Refusal | undefined>,
): Promise<Engine | Refusal> {
  const folder = engineFolder(source, env);
  return withLock(`${folder}.lock`, `Pulumi ${oldestEngine}`, async () => {
    const kept = findKeptEngine(env);
    if (kept !== undefined) return kept;
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(binFolder(partial), { recursive: true, mode: 0o700 });
    if (!isOwnFolder(partial))
      return { why: `${partial} belongs to another user`, remedy: "set XDG_CACHE_HOME to a folder of your own" };
    try {
      const refusal = await fill(partial);
      if (refusal !== undefined) return refusal;
      rmSync(folder, { recursive: true, force: true });
      renameSync(partial, folder);
      return keptEngine(source, env);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  });
}

/** The programs lie in `bin`, as the official installer puts them and the Automation API looks for them. */
export function binFolder(folder: string): string {
  return join(folder, "bin");
}

function engineFolder(source: KeptSource, env: NodeJS.ProcessEnv): string {
  const name = { download: `pulumi-${oldestEngine}`, build: `pulumi-${oldestEngine}-host-${builtLanguageHost}` };
  return join(cacheFolder(env), name[source]);
}

function keptEngine(source: KeptSource, env: NodeJS.ProcessEnv): Engine {
  const bin = binFolder(engineFolder(source, env));
  return { binary: programFile(bin, "pulumi"), pathFolders: [bin], version: oldestEngine, source };
}
