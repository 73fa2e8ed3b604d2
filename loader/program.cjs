// Required before anything else in the process of the program: Pulumi.yaml names it.
require("./node-version.cjs").refuseOldNode();
require("./quick-start.cjs");
require("./typescript.cjs");

// Pulumi's handler of uncaught errors writes them out. Where the engine was killed and nobody reads any more, that fails, which is the
// next uncaught error, and so on for ever, with all of a processor. Nobody waits for a program that nobody reads.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit(1));
