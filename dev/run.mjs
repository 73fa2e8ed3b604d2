// Sets up what is missing, then runs a file of this project with the words; without a file, sets up alone. One process does both,
// with no shell or loader process between it and npm: each of those would have ideas of its own about Ctrl-C.
import Module, { createRequire } from "node:module";
import { join } from "node:path";
import { endWithReason, projectRoot, setUp } from "./setup.mjs";

const [node = process.execPath, , file, ...words] = process.argv;
const require = createRequire(import.meta.url);

await setUp().catch(endWithReason);
if (file !== undefined) {
  process.argv = [node, /^(dev|test)[\\/]/.test(file) ? fromTypeScript(file) : fromBuild(file), ...words];
  Module.runMain();
}

/** Tests and developers' tools. */
function fromTypeScript(/** @type {string} */ name) {
  require("./typescript.cjs");
  return join(projectRoot, name);
}

/** What users run. */
function fromBuild(/** @type {string} */ name) {
  const sourceMaps = /** @type {typeof import("source-map-support")} */ (require("source-map-support"));
  const { build } = /** @type {typeof import("./build.cjs")} */ (require("./build.cjs"));
  sourceMaps.install({ environment: "node", handleUncaughtExceptions: false });
  return join(build(), name.replace(/\.ts$/, ".js"));
}
