// Required before anything else in the process of the program: Pulumi.yaml names it.
//
// To write functions down Pulumi loads the TypeScript compiler and what installs packages, most of what its own start takes. This project
// writes none down (dynamic-providers/hosted-resource.ts), so they wait here until somebody asks for them after all.
require("./typescript.cjs");
const Module = require("node:module");

// Pulumi's handler of uncaught errors writes them out. Where the engine was killed and nobody reads any more, that fails, which is the
// next uncaught error, and so on for ever, with all of a processor. Nobody waits for a program that nobody reads.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit(1));

/** The modules that do it, and the functions that they have. */
const LATER = {
  "@pulumi/pulumi/runtime/closure/serializeClosure.js": ["serializeFunction", "serializeFunctionAsync"],
  "@pulumi/pulumi/runtime/closure/codePaths.js": ["computeCodePaths", "findWorkspaceRoot", "packageArchivePath"],
};

for (const [name, functions] of Object.entries(LATER)) {
  const file = fileOf(name);
  if (file !== null) loadLater(file, functions);
}

/**
 * `null`: another version of Pulumi may have it elsewhere, and then loads it as it likes.
 *
 * @param {string} name
 */
function fileOf(name) {
  try {
    return require.resolve(name);
  } catch {
    return null;
  }
}

/**
 * @param {string} file
 * @param {readonly string[]} functions
 */
function loadLater(file, functions) {
  const later = new Module(file);
  later.filename = file;
  later.loaded = true;
  const load = () => {
    if (require.cache[file] === later) Reflect.deleteProperty(require.cache, file);
    return /** @type {Record<string, (...given: unknown[]) => unknown>} */ (require(file));
  };
  later.exports = Object.fromEntries(
    functions.map((name) => [name, (/** @type {unknown[]} */ ...given) => load()[name]?.(...given)]),
  );
  require.cache[file] = later;
}
