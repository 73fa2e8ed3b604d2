// Speeds up the start of each process that the engine starts (required first by cli/engine/locate.ts). Behaviour is unchanged.
const Module = require("node:module");
const path = require("node:path");
const { makeOwnFolder } = require("./own-folder.cjs");

/** @type {{ enableCompileCache?: (folder: string) => void; flushCompileCache?: () => void }} From Node.js 22.1 and 22.12. */
const { enableCompileCache, flushCompileCache } = /** @type {any} */ (Module);

// The compile cache lives in node_modules, like the one in typescript.cjs. Without it, compiling takes a third of the load time.
const compiled = path.join(path.dirname(__dirname), "node_modules", ".cache", "entra-group-licensing", "compiled");
if (makeOwnFolder(compiled)) enableCompileCache?.(compiled);

// Node.js writes the cache at exit, but the engine kills the provider process. So flush it early.
if (flushCompileCache !== undefined) setTimeout(flushCompileCache, 3_000).unref();

require("./without-compiler.cjs");
