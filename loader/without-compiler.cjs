// To write functions down Pulumi loads the TypeScript compiler and what installs packages, most of what its own start takes. This project
// writes none down (dynamic-providers/hosted-resource.ts), so they wait here until somebody asks for them after all.
const Module = require("node:module");

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
