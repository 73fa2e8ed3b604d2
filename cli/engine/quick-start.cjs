// Required first by the processes that the engine starts (NODE_OPTIONS in locate.ts): halves the time to load Pulumi and changes
// nothing else (docs/decisions/0020-a-build-takes-the-loaders-place.md).
const Module = require("node:module");
const path = require("node:path");

/** Pulumi loads these to serialise functions. This project serialises none; the first use of one still loads it. */
for (const name of ["typescript", "@npmcli/arborist"]) loadLater(name);

// The language host that set-up builds does not read `typescript: false` in Pulumi.yaml, and would start a compiler.
if (process.argv.includes("index.cjs")) process.env["PULUMI_NODEJS_TYPESCRIPT"] = "false";

/** @param {string} name */
function loadLater(name) {
  const file = fileForPulumi(name);
  if (file === null) return;
  const later = new Module(file);
  later.filename = file;
  later.loaded = true;
  const load = () => {
    if (require.cache[file] === later) Reflect.deleteProperty(require.cache, file);
    return /** @type {Record<string | symbol, unknown>} */ (require(file));
  };
  // Pulumi copies the properties of what is not marked as an ES module, which would load it.
  later.exports = new Proxy({}, { get: (_, key) => (key === "__esModule" ? true : load()[key]) });
  require.cache[file] = later;
}

/**
 * The file that Pulumi gets by this name; `null` if there is none, and then nothing is deferred.
 *
 * @param {string} name
 */
function fileForPulumi(name) {
  try {
    return require.resolve(name, { paths: [path.dirname(require.resolve("@pulumi/pulumi"))] });
  } catch {
    return null;
  }
}
