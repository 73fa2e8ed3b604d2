import { delimiter } from "node:path";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readEngineRecord, type Engine } from "./record.mjs";

export type { Engine };

const projectRoot = join(__dirname, "..", "..");

/** The engine that set-up chose for this checkout. Looks and starts nothing; throws before `npm run setup`. */
export function locateEngine(root = projectRoot): Engine {
  const engine = readEngineRecord(root)?.engine;
  if (engine === undefined || !existsSync(engine.binary)) {
    throw new Error("No Pulumi engine is set up for this checkout yet: run `npm run setup`.");
  }
  return engine;
}

/** `base`, such that its `pulumi` is our engine, and that it does not ask the network for a newer one. */
export function engineEnvironment(base: NodeJS.ProcessEnv, engine = locateEngine()): NodeJS.ProcessEnv {
  const path = [...engine.pathFolders, base["PATH"]].filter((part) => part !== undefined && part !== "");
  return {
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The language host that we build does not read `typescript: false` in Pulumi.yaml: it would check types at run time.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    ...base,
    PATH: path.join(delimiter),
  };
}
