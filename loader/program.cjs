// Pulumi.yaml has the program's process require this file before all other code.
require("./node-version.cjs").refuseOldNode();
require("./quick-start.cjs");
require("./typescript.cjs");

// Exit when the engine has been killed and its pipes are closed. Otherwise Pulumi's handler of uncaught errors fails to write,
// which raises the next uncaught error, and the process loops for ever on a full core.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit(1));
