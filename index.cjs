// What Pulumi runs (`main` in Pulumi.yaml): index.ts, as it was built.
const { requireBuilt } = require("./entry/built.cjs");

// Exit when the engine has been killed and its pipes are closed. Otherwise Pulumi's handler of uncaught errors fails to write,
// which raises the next uncaught error, and the process loops for ever on a full core.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit(1));

// Pulumi notes the stack of each promise and resource, by an error without a message. To translate these to lines of the TypeScript
// takes a twentieth of a run that has nothing to do. Real errors are translated.
const traces = /** @type {{ prepareStackTrace?: (error: Error, frames: NodeJS.CallSite[]) => unknown }} */ (Error);
const translated = traces.prepareStackTrace;
if (translated !== undefined) {
  traces.prepareStackTrace = (error, frames) => (error.message === "" ? String(error) : translated(error, frames));
}

module.exports = requireBuilt("index");
