// Where the compiled JavaScript is. A checkout first builds what has changed; an installed package brings its own, and no dev/.
require("./node-version.cjs").refuseOldNode();
const { existsSync } = require("node:fs");
const path = require("node:path");

const root = path.dirname(__dirname);
const builder = path.join(root, "dev", "build.cjs");

const folder = existsSync(builder)
  ? /** @type {typeof import("../dev/build.cjs")} */ (require(builder)).build()
  : path.join(root, "dist");

/** @param {string} name from the root, without an extension */
exports.requireBuilt = (name) => /** @type {unknown} */ (require(path.join(folder, name)));
