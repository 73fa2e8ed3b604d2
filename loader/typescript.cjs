// Loads this checkout's TypeScript: strips types without checking them and caches the JavaScript, so that later starts skip
// the translation (docs/decisions/0013-a-loader-of-its-own.md). Require it once per process.
const { createHash } = require("node:crypto");
const { readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const sourceMapSupport = require("source-map-support");
const { makeOwnFolder } = require("./own-folder.cjs");

const DIGEST_LENGTH = 64;

/** @typedef {NodeJS.Module & { _compile(code: string, file: string): void }} Compiling */
/** @typedef {(module: Compiling, file: string) => void} Loader */

const root = path.dirname(__dirname);

// In node_modules: a new installation starts with an empty cache, and the cache is trusted as much as the packages are.
const kept = path.join(root, "node_modules", ".cache", "entra-group-licensing", "typescript");
const isKept = makeOwnFolder(kept);

/** As in tsconfig.json: `target` decides how class fields are emitted, `strict` adds "use strict". */
const compilerOptions = { target: "es2023", strict: true };

const { version } = /** @type {{ version: string }} */ (require("esbuild/package.json"));
const madeBy = JSON.stringify({ version, compilerOptions });

/** The JavaScript that Node.js got in this process, by file. Its inline source map translates stack traces. */
const handed = /** @type {Map<string, string>} */ (new Map());

const loaders = /** @type {{ _extensions: Record<string, Loader | undefined> }} */ (/** @type {unknown} */ (Module))
  ._extensions;
const others = loaders[".ts"];

/** @type {Loader} */
function load(module, file) {
  const name = path.relative(root, file);
  if (!isOurs(name)) {
    if (others === undefined) throw new Error(`${file} is not of this project, and nothing else loads TypeScript here`);
    others(module, file);
    return;
  }
  const code = codeOf(name, readFileSync(file, "utf8"));
  handed.set(file, code);
  module._compile(code, file);
}

loaders[".ts"] = load;

// The same package that Pulumi installs. It parses a source map only when a stack trace is read.
sourceMapSupport.install({
  environment: "node",
  handleUncaughtExceptions: false,
  retrieveFile: (file) => handed.get(file) ?? null,
});

/** @param {string} name from the root of the checkout */
function isOurs(name) {
  const folders = name.split(path.sep);
  return !path.isAbsolute(name) && folders[0] !== ".." && !folders.includes("node_modules");
}

/**
 * @param {string} name
 * @param {string} source
 */
function codeOf(name, source) {
  const entry = path.join(kept, `${digest(`${madeBy}\n${name}\n${source}`)}.js`);
  const found = readEntry(entry);
  if (found !== undefined) return found;
  const code = translate(name, source);
  keepEntry(entry, code);
  return code;
}

/**
 * @param {string} name
 * @param {string} source
 */
function translate(name, source) {
  // Loaded lazily: most processes find every file in the cache and never need esbuild.
  const { transformSync } = /** @type {import("esbuild")} */ (require("esbuild"));
  const { code } = transformSync(source, {
    loader: "ts",
    format: "cjs",
    platform: "node",
    target: "node20",
    // Relative to the file's own folder: a stack trace resolves it from there.
    sourcefile: path.basename(name),
    sourcemap: "inline",
    sourcesContent: false,
    tsconfigRaw: { compilerOptions },
  });
  return code;
}

/**
 * The cached JavaScript; `undefined` if there is no complete entry.
 *
 * @param {string} entry
 */
function readEntry(entry) {
  if (!isKept) return undefined;
  try {
    const text = readFileSync(entry, "utf8");
    const code = text.slice(DIGEST_LENGTH);
    return text.startsWith(digest(code)) ? code : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Writes the entry atomically, because several processes start at once. If it can't be written, each start translates again.
 *
 * @param {string} entry
 * @param {string} code
 */
function keepEntry(entry, code) {
  if (!isKept) return;
  const partial = `${entry}.${process.pid}`;
  try {
    writeFileSync(partial, digest(code) + code);
    renameSync(partial, entry);
  } catch {
    try {
      rmSync(partial, { force: true });
    } catch {
      // The folder is read-only; the entry can't be removed either.
    }
  }
}

/** @param {string} text */
function digest(text) {
  return createHash("sha256").update(text).digest("hex");
}
