// Defers the modules with which Pulumi serializes functions: they load the TypeScript compiler and take most of Pulumi's start time.
// This project serializes no functions (dynamic-providers/hosted-resource.ts). A call still loads the real module.
const Module = require("node:module");

/** The deferred modules and their functions. */
const LATER = {
  "@pulumi/pulumi/runtime/closure/serializeClosure.js": ["serializeFunction", "serializeFunctionAsync"],
  "@pulumi/pulumi/runtime/closure/codePaths.js": ["computeCodePaths", "findWorkspaceRoot"],
};

/** Opens a debugger session that lists each loaded script. Loading it late is safe: the session also reports earlier scripts. */
const HOOKS = "@pulumi/pulumi/runtime/closure/v8Hooks.js";

/** The Automation API, which this project does not use. */
const AUTOMATION = "@pulumi/pulumi/automation/index.js";

for (const [name, functions] of Object.entries(LATER)) {
  loadLater(name, (load) =>
    Object.fromEntries(
      functions.map((each) => [each, (/** @type {unknown[]} */ ...given) => load()[each]?.(...given)]),
    ),
  );
}
loadLater(HOOKS, (load) => ({
  getSessionAsync: () => load()["getSessionAsync"]?.(),
  isInitializedAsync: () => Promise.resolve(),
  getScriptUrl: (/** @type {unknown} */ id) => load()["getScriptUrl"]?.(id),
}));
loadLater(
  AUTOMATION,
  (load) => new Proxy({ __esModule: true }, { get: (_, name) => name === "__esModule" || load()[String(name)] }),
);

/**
 * The module's path; `null` if this version of Pulumi does not have it, in which case nothing is deferred.
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

/** @typedef {Record<string, (...given: unknown[]) => unknown>} Exports */

/**
 * @param {string} name
 * @param {(load: () => Exports) => object} meanwhile the exports until the real module is loaded
 */
function loadLater(name, meanwhile) {
  const file = fileOf(name);
  if (file === null) return;
  const later = new Module(file);
  later.filename = file;
  later.loaded = true;
  later.exports = meanwhile(() => {
    if (require.cache[file] === later) Reflect.deleteProperty(require.cache, file);
    return /** @type {Exports} */ (require(file));
  });
  require.cache[file] = later;
}
