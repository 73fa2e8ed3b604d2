import { delimiter } from "node:path";
import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./cache-folder.mjs";
import { findOnPath } from "./find-on-path.mjs";
import { isCheckout, packageRoot } from "./project-root";
import { readEngineRecord, type Engine } from "./record.mjs";

export type { Engine };

/**
 * The engine that set-up chose for this checkout, or, where the package is installed, the `pulumi` on the PATH; it is not started.
 *
 * @throws Error if there is none
 */
export function locateEngine(root = packageRoot): Engine {
  if (!isCheckout) return engineOfUser();
  const engine = readEngineRecord(root)?.engine;
  if (engine === undefined || !existsSync(engine.binary)) {
    throw new Error("No Pulumi engine is set up for this checkout yet: run `npm run setup`.");
  }
  return engine;
}

function engineOfUser(): Engine {
  const binary = findOnPath("pulumi", process.env);
  if (binary === undefined) throw new Error("There is no `pulumi` on the PATH: https://www.pulumi.com/docs/install/");
  // One that set-up of a checkout built is known by its place: it needs help with policy packs.
  const isBuilt = realpathSync(binary).startsWith(cacheFolder(process.env));
  return { binary, pathFolders: [], version: "", source: isBuilt ? "build" : "path" };
}

/** Passed by environment, because the engine starts the provider process with a script of Pulumi's. */
const quickStart = `--require ${JSON.stringify(join(__dirname, "quick-start.cjs"))}`;

/** `base` with this checkout's engine as `pulumi` and without the check for a newer version. */
export function engineEnvironment(base: NodeJS.ProcessEnv, engine = locateEngine()): NodeJS.ProcessEnv {
  return {
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Policy packs and other programs run without a type check, and Node.js from 22.1 on keeps what it has compiled.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    NODE_COMPILE_CACHE: join(packageRoot, "node_modules", ".cache", "entra-group-licensing", "compiled"),
    ...base,
    NODE_OPTIONS: present(base["NODE_OPTIONS"], quickStart).join(" "),
    PATH: present(...engine.pathFolders, base["PATH"]).join(delimiter),
  };
}

function present(...texts: readonly (string | undefined)[]): readonly string[] {
  return texts.filter((text): text is string => text !== undefined && text !== "");
}
