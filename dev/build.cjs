// Builds what users run, TypeScript to JavaScript, a file for a file but for two bundles (docs/decisions/0020-a-build-takes-the-loaders-place.md and 0026).
// Plain Node: it builds what would build it. Types are checked by tsc, not here.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const root = path.dirname(__dirname);

/** All but tests and developers' tools, which run from their TypeScript (typescript.cjs). */
const PARTS = [
  ...[
    "cli",
    "components",
    "demo",
    "dynamic-providers",
    "emulator",
    "graph",
    "licensing",
    "policy",
    "rehearsal",
    "tenant",
  ],
  ...["entry/node-version.cjs", "index.ts"],
];
/** What each run of the engine loads, with all that it imports in one file. No process loads both. */
const BUNDLED = ["index.ts", "dynamic-providers/engine/providers.ts"];
/** What the code reads at run time, beside itself. */
const COPIED = new Set([".cjs", ".mjs", ".js", ".json", ".css"]);

/** In the checkout, and not in node_modules, which may be a link to another one's: the code looks for its checkout from its own place. */
const KEPT = ".build";
/** Since its last process started, which may still load files of it. */
const KEPT_FOR_MS = 24 * 3_600_000;

/** @typedef {{ name: string, text: Buffer }} Source its name from the root */

/**
 * The folder of the build of the source as it is now: made at the first call after a change. Its name is the source's digest, so
 * that no process runs an older build, or one that another process is writing.
 */
exports.build = (from = root) => {
  const sources = sourcesIn(from);
  const kept = path.join(from, KEPT);
  const folder = path.join(kept, digestOf(sources));
  if (isThere(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  compile(sources, from, partial);
  // The file system's time: in a rehearsal the process's own clock is days ahead.
  forgetOld(kept, fs.statSync(partial).mtimeMs);
  try {
    fs.renameSync(partial, folder);
  } catch (error) {
    // Another process has made the same build meanwhile.
    fs.rmSync(partial, { recursive: true, force: true });
    if (!fs.existsSync(folder)) throw error;
  }
  return folder;
};

exports.compileInto = (/** @type {string} */ folder, from = root) => {
  compile(sourcesIn(from), from, folder);
};

/**
 * Marks it as used, too.
 *
 * @param {string} folder
 */
function isThere(folder) {
  try {
    fs.utimesSync(folder, new Date(), new Date());
    return true;
  } catch {
    return fs.existsSync(folder); // In a checkout of another user.
  }
}

/**
 * @param {string} from
 * @returns {Source[]}
 */
function sourcesIn(from) {
  const names = PARTS.filter((part) => fs.existsSync(path.join(from, part))).flatMap((part) => namesIn(from, part));
  return names.sort().map((name) => ({ name, text: fs.readFileSync(path.join(from, name)) }));
}

/**
 * @param {string} from
 * @param {string} part
 * @returns {string[]}
 */
function namesIn(from, part) {
  if (path.extname(part) !== "") return [part];
  return fs.readdirSync(path.join(from, part), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(part, entry.name);
    if (entry.isDirectory()) return namesIn(from, name);
    return isTypeScript(name) || COPIED.has(path.extname(name)) ? [name] : [];
  });
}

/** @param {string} name */
function isTypeScript(name) {
  return name.endsWith(".ts") && !name.endsWith(".d.ts");
}

/** @param {Source[]} sources */
function digestOf(sources) {
  const { version } = /** @type {{ version: string }} */ (require("esbuild/package.json"));
  const hash = createHash("sha256").update(version).update(fs.readFileSync(__filename));
  for (const { name, text } of sources) hash.update(`\n${name} ${text.length}\n`).update(text);
  return hash.digest("hex").slice(0, 16);
}

/**
 * @param {Source[]} sources
 * @param {string} from
 * @param {string} folder
 */
function compile(sources, from, folder) {
  // Loaded here: most processes find the build and never need it.
  const { buildSync } = /** @type {import("esbuild")} */ (require("esbuild"));
  const names = sources.map(({ name }) => name).filter(isTypeScript);
  const options = /** @type {const} */ ({
    absWorkingDir: from,
    outbase: from,
    outdir: folder,
    ...exports.asNodeRuns,
    sourcemap: true,
    logLevel: "silent",
  });
  buildSync({ ...options, entryPoints: names.filter((name) => !BUNDLED.includes(name)) });
  const bundled = BUNDLED.filter((name) => names.includes(name));
  if (bundled.length > 0) buildSync({ ...options, entryPoints: bundled, bundle: true, packages: "external" });
  for (const { name, text } of sources) {
    if (isTypeScript(name)) continue;
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
}

/** How TypeScript becomes JavaScript, here and in typescript.cjs; as in tsconfig.json, which `tsconfigRaw` stands for. */
exports.asNodeRuns = /** @satisfies {import("esbuild").CommonOptions} */ ({
  format: "cjs",
  platform: "node",
  target: "node20",
  sourcesContent: false,
  tsconfigRaw: { compilerOptions: { target: "es2023", strict: true } },
});

/**
 * @param {string} kept
 * @param {number} nowMs
 */
function forgetOld(kept, nowMs) {
  for (const name of fs.readdirSync(kept)) {
    const folder = path.join(kept, name);
    const { mtimeMs } = fs.statSync(folder, { throwIfNoEntry: false }) ?? { mtimeMs: Infinity };
    if (nowMs - mtimeMs > KEPT_FOR_MS) fs.rmSync(folder, { recursive: true, force: true });
  }
}
