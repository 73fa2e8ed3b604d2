import { log } from "../setup/progress.mjs";
import { buildEngine } from "./build";
import { officialSite, downloadEngine } from "./download";
import { findKeptEngine, keepEngine } from "./kept";
import { engineOnPath } from "./on-path";
import { writeEngineRecord } from "../../cli/engine/record.mjs";
import { chooseEngine, type EngineSource } from "./sources";
import { oldestEngine } from "../../cli/engine/versions.mjs";

/** Finds or gets a Pulumi engine, and writes down which one this checkout uses. */
export async function setUpEngine(root: string, env: NodeJS.ProcessEnv): Promise<void> {
  const engine = await chooseEngine(engineSources(root, env));
  writeEngineRecord(root, engine, env);
  log(`using Pulumi ${engine.version}, ${engine.binary}`);
}

/**
 * The user's own engine comes first, because they keep it up to date and use it elsewhere. Then an engine that an earlier set-up
 * got for any checkout, so that nothing is downloaded twice.
 */
export function engineSources(root: string, env: NodeJS.ProcessEnv, site = officialSite): EngineSource[] {
  return [
    { name: "`pulumi` on the PATH", get: () => engineOnPath(env) },
    {
      name: `the official download of Pulumi ${oldestEngine}`,
      get: async () =>
        findKeptEngine(env) ?? (await keepEngine("download", env, (to) => downloadEngine(to, env, site))),
    },
    {
      name: `a build of Pulumi ${oldestEngine} with Go`,
      get: () => keepEngine("build", env, (to) => buildEngine(to, root, env)),
    },
  ];
}
