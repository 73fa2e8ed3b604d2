#!/usr/bin/env node
// `entra-licensing` in package.json: the one command.
require("./node-version.cjs").refuseOldNode();
require("./built.cjs").requireBuilt("cli/main");
