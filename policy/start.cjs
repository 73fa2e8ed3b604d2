// Each engine starts a pack in its own way, and none of them passes options for Node.js on to it. So the pack loads
// TypeScript as the program does, before the engine's own way would check all types at every preview.
require("../loader/typescript.cjs");
require("./pack");
