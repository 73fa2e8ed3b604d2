import { chmodSync, copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { elapsed, log, withProgress } from "../setup/progress.mjs";
import { findOnPath } from "../../cli/engine/find-on-path.mjs";
import { binFolder } from "./kept";
import { programFile } from "../../cli/engine/parts";
import { runProgram } from "../../cli/engine/run-program";
import type { Refusal } from "./sources";
import { oldestEngine } from "../../cli/engine/versions.mjs";

const cliPackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const sdkModule = "github.com/pulumi/pulumi/sdk/v3";
const hostPackage = `${sdkModule}/nodejs/cmd/pulumi-language-nodejs`;

const minutes = (count: number): number => count * 60_000;

/**
 * The same CLI and its Node.js language host, built from the modules that `dev/engine/` pins, into `folder`: for
 * machines that may not download programs but may have Go modules. The small module goes first, so that a machine
 * that may not have them either says so within seconds.
 */
export async function buildEngine(folder: string, root: string, env: NodeJS.ProcessEnv): Promise<Refusal | undefined> {
  const go = findOnPath("go", env);
  const remedy = "install Go (https://go.dev/dl/) and let this machine have Go modules (GOPROXY)";
  if (go === undefined) return { why: "there is no `go` on the PATH", remedy };

  const bin = binFolder(folder);
  const cli = { module: join(root, "dev", "engine", "cli"), package: cliPackage };
  const host = { module: join(root, "dev", "engine", "language-host"), package: hostPackage };
  const startMs = Date.now();
  log(`building Pulumi ${oldestEngine} with Go, about 6 minutes on two cores, once`);

  let sdkFolder = "";
  const steps: readonly Step[] = [
    {
      phase: "fetching the language host's Go modules",
      module: host.module,
      words: deps(host.package),
      limitMs: minutes(3),
    },
    { phase: "fetching the CLI's Go modules", module: cli.module, words: deps(cli.package), limitMs: minutes(20) },
    {
      phase: "compiling the language host",
      module: host.module,
      words: ["build", "-ldflags=-s -w", "-o", programFile(bin, "pulumi-language-nodejs"), host.package],
      limitMs: minutes(30),
    },
    {
      phase: "compiling the CLI",
      module: cli.module,
      words: ["build", `-ldflags=-s -w ${versionFlag}`, "-o", programFile(bin, "pulumi"), cli.package],
      limitMs: minutes(60),
    },
    {
      phase: "finding the SDK's scripts",
      module: host.module,
      words: ["list", "-m", "-f", "{{.Dir}}", sdkModule],
      limitMs: minutes(1),
      then: (stdout) => (sdkFolder = stdout.trim()),
    },
  ];
  for (const { phase, module, words, limitMs, then } of steps) {
    const { stdout, failure } = await withProgress(`${phase} (about 6 minutes in all)`, () =>
      runProgram({ command: go, words, cwd: module, env: goEnvironment(env), limitMs }),
    );
    if (failure !== undefined) return { why: `${phase} failed: ${failure}`, remedy };
    then?.(stdout);
  }
  copyScripts(join(sdkFolder, "nodejs", "dist"), bin);
  log(`built in ${elapsed(startMs)}`);
  return undefined;
}

interface Step {
  readonly phase: string;
  readonly module: string;
  readonly words: readonly string[];
  readonly limitMs: number;
  readonly then?: (stdout: string) => void;
}

/** Downloads what the package needs and no more; `go mod download` would take the modules of every other platform too. */
function deps(goPackage: string): string[] {
  return ["list", "-deps", goPackage];
}

/** Without it `pulumi version` prints nothing, and the Automation API fails on that. */
const versionFlag = `-X ${sdkModule}/go/common/version.Version=v${oldestEngine}`;

/** The same result on every machine: pinned modules, no C compiler, nothing of the checkout's git or workspace in it. */
function goEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, GOFLAGS: "-mod=readonly -trimpath -buildvcs=false", GOWORK: "off", CGO_ENABLED: "0" };
}

/** The scripts that start dynamic providers and policy packs. A module's files are read-only, and not executable. */
function copyScripts(from: string, bin: string): void {
  for (const name of readdirSync(from)) {
    copyFileSync(join(from, name), join(bin, name));
    chmodSync(join(bin, name), 0o755);
  }
}
