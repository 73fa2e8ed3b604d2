// Loads the TypeScript of this checkout: `require` it once in a process. It strips the types and checks none, and what it
// made of a file it keeps, so that a start reads instead of translating: docs/decisions/0013-a-loader-of-its-own.md
//
// The path of this file is a contract: each row of a state names it (dynamic-providers/hosted-resource.ts).
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

// Beside what it is made with: whoever installs that anew starts without it, and it is trusted no more than they are.
const kept = path.join(root, "node_modules", ".cache", "entra-group-licensing", "typescript");
const isKept = makeOwnFolder(kept);

/** Of `target` the class fields are told, of `strict` the mode: as in tsconfig.json. */
const compilerOptions = { target: "es2023", strict: true };

const { version } = /** @type {{ version: string }} */ (require("esbuild/package.json"));
const madeBy = JSON.stringify({ version, compilerOptions });

/** What was handed to Node.js in this process, by file: a stack trace finds its lines by the map at the end of it. */
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

// The one that Pulumi installs in its processes, which asks for a map only when somebody reads a stack trace.
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
  // Only here: most processes find everything kept, and never load it.
  const { transformSync } = /** @type {import("esbuild")} */ (require("esbuild"));
  const { code } = transformSync(source, {
    loader: "ts",
    format: "cjs",
    platform: "node",
    target: "node20",
    // A stack trace names the file by this, from the folder that it is in.
    sourcefile: path.basename(name),
    sourcemap: "inline",
    sourcesContent: false,
    tsconfigRaw: { compilerOptions },
  });
  return code;
}

/**
 * What was kept; `undefined` where there is nothing that is whole.
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
 * Whole or not at all: several processes start at once. Where it can't be written, each start translates anew.
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
      // Where it couldn't be written it can't be removed either.
    }
  }
}

/** @param {string} text */
function digest(text) {
  return createHash("sha256").update(text).digest("hex");
}
