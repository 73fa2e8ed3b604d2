// Required first in each process that an engine starts (cli/engine/locate.ts): what makes its start quick, and changes nothing else.
const Module = require("node:module");
const path = require("node:path");
const { makeOwnFolder } = require("./own-folder.cjs");

/** @type {{ enableCompileCache?: (folder: string) => void; flushCompileCache?: () => void }} From Node.js 22.1 and 22.12. */
const { enableCompileCache, flushCompileCache } = /** @type {any} */ (Module);

// Beside what it is made of, as in typescript.cjs. Without it a third of the time to load is to compile.
const compiled = path.join(path.dirname(__dirname), "node_modules", ".cache", "entra-group-licensing", "compiled");
if (makeOwnFolder(compiled)) enableCompileCache?.(compiled);

// It is written down when a process ends, which that of the providers does not: the engine kills it when there is nothing more to do.
if (flushCompileCache !== undefined) setTimeout(flushCompileCache, 3_000).unref();

require("./without-compiler.cjs");
