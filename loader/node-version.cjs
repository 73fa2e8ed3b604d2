// Read by each version of Node.js, the oldest too, before it is refused: so this is JavaScript as all of them know it.
"use strict";

/** Such as "20.19", and "22.12" of the versions behind it, where a program may first require an ES module: package.json has both. */
var numbers = String(require("../package.json").engines.node.match(/\d+\.\d+/g)).split(",");
var oldest = String(numbers[0]);
var oldestOfNext = String(numbers[1]);
var recommended = ["22", "24"];

/**
 * What is wrong with this version of Node.js, such as "18.20.8"; `undefined`: nothing.
 *
 * @param {string} version
 * @returns {string | undefined}
 */
function whyTooOld(version) {
  var own = version.split(".");
  var isOld = own[0] === oldest.split(".")[0] ? !isAtLeast(own, oldest) : !isAtLeast(own, oldestOfNext);
  if (!isOld) return undefined;
  var number = own.slice(0, 2).join(".");
  var better = recommended.join(" or ") + " recommended, since 20 is no longer maintained.";
  var least = Number(own[0]) > Number(oldest.split(".")[0]) ? oldestOfNext : oldest;
  return "Node.js " + number + " is too old: " + least + " or newer; " + better;
}

/**
 * @param {string[]} own
 * @param {string} least
 * @returns {boolean}
 */
function isAtLeast(own, least) {
  var parts = least.split(".");
  if (own[0] !== parts[0]) return Number(own[0]) > Number(parts[0]);
  return Number(own[1]) >= Number(parts[1]);
}

/** Ends the process, with the one sentence, where its Node.js is too old. */
function refuseOldNode() {
  var why = whyTooOld(process.versions.node);
  if (why === undefined) return;
  process.stderr.write(why + "\n");
  process.exit(1);
}

module.exports = {
  oldest: oldest,
  oldestOfNext: oldestOfNext,
  recommended: recommended,
  whyTooOld: whyTooOld,
  refuseOldNode: refuseOldNode,
};
