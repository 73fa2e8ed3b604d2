import { dirname } from "node:path";
import { realpathSync } from "node:fs";
import { gte } from "semver";
import { findInFolder, findOnPath } from "../../cli/engine/find-on-path.mjs";
import { engineParts, engineVersion } from "../../cli/engine/parts";
import type { Engine } from "../../cli/engine/record.mjs";
import type { Refusal } from "./sources";
import { oldestEngine } from "../../cli/engine/versions.mjs";

/** The engine that a person installed, when it is new enough and whole. */
export async function engineOnPath(env: NodeJS.ProcessEnv): Promise<Engine | Refusal> {
  const binary = findOnPath("pulumi", env);
  const remedy = `install Pulumi ${oldestEngine} or newer with its Node.js language host: https://www.pulumi.com/docs/install/`;
  if (binary === undefined) return { why: "there is none", remedy };

  const version = await engineVersion(binary, env);
  if (version === undefined) return { why: `${binary} does not say its version`, remedy };
  if (!gte(version, oldestEngine))
    return { why: `${binary} is ${version.version}, older than ${oldestEngine}`, remedy };

  const missing = Object.values(engineParts).filter((part) => !isReachable(part, binary, env));
  if (missing.length > 0) {
    return { why: `${binary} has no ${missing.join(" and no ")} beside it or on the PATH`, remedy };
  }
  // No folder of it goes first on the PATH: it is there already, and so are others' programs that must keep their order.
  return { binary, pathFolders: [], version: version.version, source: "path" };
}

/** Where the engine itself looks: on the PATH, and beside its program once links are followed. */
function isReachable(part: string, binary: string, env: NodeJS.ProcessEnv): boolean {
  const folders = [dirname(binary), dirname(realpathSync(binary))];
  return findOnPath(part, env) !== undefined || folders.some((folder) => findInFolder(part, folder) !== undefined);
}
