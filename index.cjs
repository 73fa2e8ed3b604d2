// What Pulumi runs (`main` in Pulumi.yaml): index.ts, as it was built.
const { requireBuilt } = require("./entry/built.cjs");

// Exit when the engine has been killed and its pipes are closed. Otherwise Pulumi's handler of uncaught errors fails to write,
// which raises the next uncaught error, and the process loops for ever on a full core.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit(1));

module.exports = requireBuilt("index");
