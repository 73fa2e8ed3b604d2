// Lets Node load TypeScript, for tests and developers' tools: strips types without checking them, each time a file is loaded.
// What users run is built instead (build.cjs).
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const { transformSync } = require("esbuild");
const sourceMapSupport = require("source-map-support");
const { asNodeRuns } = require("./build.cjs");

/** @typedef {NodeJS.Module & { _compile(code: string, file: string): void }} Compiling */
/** @typedef {{ _extensions: Record<string, (module: Compiling, file: string) => void> }} Loading */

/** The JavaScript that Node got in this process, by file: its inline source map translates stack traces. */
const compiled = /** @type {Map<string, string>} */ (new Map());

/** @type {Loading} */ (/** @type {unknown} */ (Module))._extensions[".ts"] = (module, file) => {
  const options = /** @type {const} */ ({ ...asNodeRuns, loader: "ts", sourcefile: file, sourcemap: "inline" });
  const { code } = transformSync(readFileSync(file, "utf8"), options);
  compiled.set(file, code);
  module._compile(code, file);
};

sourceMapSupport.install({
  environment: "node",
  handleUncaughtExceptions: false,
  retrieveFile: (file) => compiled.get(file) ?? null,
});

// A Node process that this one starts with its own options loads TypeScript, too.
if (!process.execArgv.includes(__filename)) process.execArgv.push("--require", __filename);
