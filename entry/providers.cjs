// `entra-group-licensing/providers` in package.json: what each row of a Pulumi state loads (hosted-resource.ts).
module.exports = require("./built.cjs").requireBuilt("dynamic-providers/engine/providers");
