// To write functions down Pulumi loads the TypeScript compiler and what installs packages, most of what its own start takes. This project
// writes none down (dynamic-providers/hosted-resource.ts), so they wait here until somebody asks for them after all.
const Module = require("node:module");

/** The modules that do it, and the functions that they have. */
const LATER = {
  "@pulumi/pulumi/runtime/closure/serializeClosure.js": ["serializeFunction", "serializeFunctionAsync"],
  "@pulumi/pulumi/runtime/closure/codePaths.js": ["computeCodePaths", "findWorkspaceRoot"],
};

/** Listens to each script that is loaded, as a debugger does. Whoever comes late hears of all that there are. */
const HOOKS = "@pulumi/pulumi/runtime/closure/v8Hooks.js";

/** Drives engines from programs, which nobody here does. */
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

/** @typedef {Record<string, (...given: unknown[]) => unknown>} Exports */

/**
 * @param {string} name
 * @param {(load: () => Exports) => object} meanwhile what others get who require it
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
