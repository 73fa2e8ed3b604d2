// The language host that set-up builds ignores the runtime options in Pulumi.yaml and would compile each program with tsc.
// `locate.ts` makes it start this file instead of Pulumi's entry point. This file runs this project's program with the options
// of Pulumi.yaml, and any other program unchanged.
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
