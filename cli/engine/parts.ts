import { join } from "node:path";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { parse, type SemVer } from "semver";
import { commandFiles, findInFolder } from "./find-on-path.mjs";

/** Programs that a TypeScript project with dynamic providers needs beside the CLI. */
export const engineParts = {
  languageHost: "pulumi-language-nodejs",
  dynamicProviders: "pulumi-resource-pulumi-nodejs",
} as const;

/** True when the folder holds the CLI and all that this project needs beside it. */
export function isCompleteEngine(folder: string): boolean {
  return ["pulumi", ...Object.values(engineParts)].every((part) => findInFolder(part, folder) !== undefined);
}

/** The file name that a compiled program gets on this platform. */
export function programFile(folder: string, name: string): string {
  return join(folder, commandFiles(name)[0] ?? name);
}

/** The version that the CLI reports, or undefined if it can't be run or reports none. */
export async function engineVersion(binary: string, env: NodeJS.ProcessEnv): Promise<SemVer | undefined> {
  try {
    const { stdout } = await promisify(execFile)(binary, ["version"], {
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeout: 30_000,
    });
    return parse(stdout.trim()) ?? undefined;
  } catch {
    return undefined;
  }
}
