// Written in ES5: Node.js versions that are too old must still parse this file in order to print the refusal.
"use strict";

/** The first releases of their lines that can `require` an ES module; the same as `engines` in package.json. */
var oldest = "20.19";
var oldestOfNext = "22.12";
var recommended = ["22", "24"];

/**
 * Explains why this Node.js version (for example "18.20.8") is too old; `undefined` if it is supported.
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

/** Prints one sentence and exits the process if its Node.js is too old. */
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
