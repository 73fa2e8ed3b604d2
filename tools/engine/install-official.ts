// install-official.ts FOLDER VERSION
//
// A program of its own, because the installer of Pulumi's SDK can be given no time limit from within.
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { SemVer } from "semver";

const [folder, version] = process.argv.slice(2);
if (folder === undefined || version === undefined) throw new Error("usage: install-official.ts FOLDER VERSION");

PulumiCommand.install({ root: folder, version: new SemVer(version) }).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
