// The language host that set-up builds reads no runtime options of Pulumi.yaml, and would run each program through the
// TypeScript compiler. It starts this in the place of Pulumi's own start (`locate.ts` tells it to), which then runs this
// project's program as Pulumi.yaml says, and any other one as it would have been.
const { realpathSync } = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");

const root = realpathSync(path.dirname(path.dirname(__dirname)));
const flag = process.argv.indexOf("--pwd");
const program = realpathSync((flag === -1 ? undefined : process.argv[flag + 1]) ?? process.cwd());

if (program === root) {
  process.env["PULUMI_NODEJS_TYPESCRIPT"] = "false";
  require("../../loader/program.cjs");
}
createRequire(path.join(program, "Pulumi.yaml"))("@pulumi/pulumi/cmd/run");
