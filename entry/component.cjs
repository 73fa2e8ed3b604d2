// `entra-group-licensing` in a Pulumi program of one's own: GroupLicensing (docs/program.md).
module.exports = require("./built.cjs").requireBuilt("components/group-licensing");
