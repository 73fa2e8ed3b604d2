// Required first by the processes that the engine starts (NODE_OPTIONS in locate.ts): halves the time to load Pulumi and changes
// nothing else (docs/decisions/0020-a-build-takes-the-loaders-place.md).
const Module = require("node:module");
const path = require("node:path");

/** Pulumi loads these to serialise functions and to run plugins. This project does neither; the first use of one still loads it. */
for (const name of ["typescript", "@npmcli/arborist", "normalize-package-data", "js-yaml"])
  loadLater(fileFor("@pulumi/pulumi", name));
/** Messages in 50 languages. The English ones are loaded besides. */
loadLater(fileFor("", "zod/v4/locales"));

// The language host that set-up builds does not read `typescript: false` in Pulumi.yaml, and would start a compiler.
if (process.argv.includes("index.cjs")) process.env["PULUMI_NODEJS_TYPESCRIPT"] = "false";

/** @param {string | null} file */
function loadLater(file) {
  if (file === null) return;
  const later = new Module(file);
  later.filename = file;
  later.loaded = true;
  const load = () => {
    if (require.cache[file] === later) Reflect.deleteProperty(require.cache, file);
    return /** @type {Record<string | symbol, unknown>} */ (require(file));
  };
  // Pulumi copies the properties of what is not marked as an ES module, which would load it. So it asks for a default export.
  const get = (/** @type {unknown} */ _, /** @type {string | symbol} */ key) => {
    if (key === "__esModule") return true;
    const loaded = load();
    return key === "default" && !loaded["__esModule"] ? loaded : loaded[key];
  };
  later.exports = new Proxy({}, { get });
  require.cache[file] = later;
}

/**
 * The file that a package, or this project, gets by this name; `null` if there is none, and then nothing is deferred.
 *
 * @param {string} owner a package; "": this project
 * @param {string} name
 */
function fileFor(owner, name) {
  try {
    return require.resolve(name, { paths: [owner === "" ? __dirname : path.dirname(require.resolve(owner))] });
  } catch {
    return null;
  }
}
