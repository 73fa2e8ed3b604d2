// Sets up what is missing, then runs a TypeScript file of this project with the words; without a file, sets up alone. One process
// does both, with no shell or loader process between it and npm: each of those would have ideas of its own about Ctrl-C.
import Module, { createRequire } from "node:module";
import { resolve } from "node:path";
import { endWithReason, projectRoot, setUp } from "./setup.mjs";

const [node = process.execPath, , file, ...words] = process.argv;

await setUp().catch(endWithReason);
if (file !== undefined) {
  createRequire(import.meta.url)("../loader/typescript.cjs");
  process.argv = [node, resolve(projectRoot, file), ...words];
  Module.runMain();
}
