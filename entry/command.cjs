#!/usr/bin/env node
// `entra-licensing` in package.json: the one command. In a checkout set-up comes first, as it does for `npm run`.
require("./node-version.cjs").refuseOldNode();
const { existsSync } = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

const run = path.join(__dirname, "..", "dev", "run.mjs");
if (existsSync(run)) {
  process.argv.splice(2, 0, "cli/main.ts");
  void import(pathToFileURL(run).href);
} else require("./built.cjs").requireBuilt("cli/main");
