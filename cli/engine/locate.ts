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

/** For the language host that we build, which does not read the runtime options in Pulumi.yaml. */
const asConfigured = {
  PULUMI_LANGUAGE_NODEJS_RUN_PATH: join(__dirname, "as-configured.cjs"),
  // Policy packs and other programs are no reason to check types at run time either.
  PULUMI_NODEJS_TRANSPILE_ONLY: "true",
};

/** The engine starts the process of the providers by a script of Pulumi's own, so only the environment reaches it. */
const quickStart = `--require ${JSON.stringify(join(projectRoot, "loader", "quick-start.cjs"))}`;

/** `base`, such that its `pulumi` is our engine, and that it does not ask the network for a newer one. */
export function engineEnvironment(base: NodeJS.ProcessEnv, engine = locateEngine()): NodeJS.ProcessEnv {
  return {
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(engine.source === "build" ? asConfigured : {}),
    ...base,
    NODE_OPTIONS: present(base["NODE_OPTIONS"], quickStart).join(" "),
    PATH: present(...engine.pathFolders, base["PATH"]).join(delimiter),
  };
}

function present(...texts: readonly (string | undefined)[]): readonly string[] {
  return texts.filter((text): text is string => text !== undefined && text !== "");
}
