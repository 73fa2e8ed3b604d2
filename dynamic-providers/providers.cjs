// `entra-group-licensing/providers` in package.json: what each row of a Pulumi state loads (hosted-resource.ts). The process of
// the providers has no TypeScript of its own.
require("../loader/typescript.cjs");
module.exports = require("./engine/providers");
