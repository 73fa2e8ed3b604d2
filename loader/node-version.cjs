// Read by each version of Node.js, the oldest too, before it is refused: so this is JavaScript as all of them know it.
"use strict";

/** Such as "20.19": package.json has the number. */
var oldest = require("../package.json").engines.node.replace(">=", "");
var recommended = ["22", "24"];

/**
 * What is wrong with this version of Node.js, such as "18.20.8"; `undefined`: nothing.
 *
 * @param {string} version
 * @returns {string | undefined}
 */
function whyTooOld(version) {
  var own = version.split(".");
  var least = oldest.split(".");
  var isNewer = Number(own[0]) > Number(least[0]);
  if (isNewer || (own[0] === least[0] && Number(own[1]) >= Number(least[1]))) return undefined;
  var number = own.slice(0, 2).join(".");
  var better = recommended.join(" or ") + " recommended, since 20 is no longer maintained.";
  return "Node.js " + number + " is too old: " + oldest + " or newer; " + better;
}

/** Ends the process, with the one sentence, where its Node.js is too old. */
function refuseOldNode() {
  var why = whyTooOld(process.versions.node);
  if (why === undefined) return;
  process.stderr.write(why + "\n");
  process.exit(1);
}

module.exports = { oldest: oldest, recommended: recommended, whyTooOld: whyTooOld, refuseOldNode: refuseOldNode };
