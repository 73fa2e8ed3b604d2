import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../cli/engine/cache-folder.mjs";
import { engineIsReady } from "../cli/engine/record.mjs";
import { dependenciesAreInstalled, installDependencies } from "./setup/dependencies.mjs";
import { withLock } from "./setup/lock.mjs";
import { log } from "./setup/progress.mjs";

/**
 * Gets what is missing between a clone and the first command: the npm dependencies, then a Pulumi engine. Safe to
 * repeat and instant when nothing is missing, so every script starts with it. Plain Node, since nothing is installed
 * yet when it starts.
 */
export async function setUp(root = projectRoot, env = process.env) {
  if (dependenciesAreInstalled(root) && engineIsReady(root, env)) return;
  await withLock(lockFile(root, env), "this checkout", async () => {
    if (!dependenciesAreInstalled(root)) await installDependencies(root, env);
    if (!engineIsReady(root, env)) await engineSetUp().setUpEngine(root, env);
  });
  log("ready");
}

export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** The engine's part is TypeScript, and can only be loaded once the npm dependencies are there. */
function engineSetUp() {
  const require = createRequire(import.meta.url);
  require("./typescript.cjs");
  return /** @type {typeof import("./engine/set-up-engine.js")} */ (require("./engine/set-up-engine.ts"));
}

/**
 * Outside the checkout, because `npm ci` empties node_modules and nothing else in a clone is ours to write to.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
function lockFile(root, env) {
  const checkout = createHash("sha256").update(root).digest("hex").slice(0, 12);
  return join(cacheFolder(env), "locks", `checkout-${checkout}`);
}

/** Ends the process with the reason alone: a stack trace of set-up would not help the reader. */
export function endWithReason(/** @type {unknown} */ error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
