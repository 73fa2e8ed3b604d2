// node dev/run.cjs [FILE.ts WORDS…]
//
// The first file that any command runs. It refuses an old Node.js, which could not read the files that come next.
require("../entry/node-version.cjs").refuseOldNode();
void import("./run.mjs");
