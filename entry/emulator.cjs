// `entra-group-licensing/emulator` in package.json: the embedded Graph, for tests of other projects.
module.exports = require("./built.cjs").requireBuilt("emulator/index");
