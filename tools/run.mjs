// node tools/run.mjs FILE.ts WORDS…
//
// Sets up what is missing, then runs a TypeScript file of this project with the words. One process does both, with no
// shell or loader process between it and npm: each of those would have ideas of its own about Ctrl-C.
import Module, { createRequire } from "node:module";
import { resolve } from "node:path";
import { endWithReason, projectRoot, setUp } from "./setup.mjs";

const [node, , file, ...words] = process.argv;
if (node === undefined || file === undefined) throw new Error("usage: node tools/run.mjs FILE.ts WORDS…");

await setUp().catch(endWithReason);
createRequire(import.meta.url)("../loader/typescript.cjs");
process.argv = [node, resolve(projectRoot, file), ...words];
Module.runMain();
