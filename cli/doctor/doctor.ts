import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describeProxy, proxyOf } from "../../graph/client/proxy";
import { Refusal } from "../../licensing/refusal";
import { exitCodeOf, worst } from "../../licensing/verdict";
import { connectionFrom } from "../connection-words";
import { fail, linesOf, pass, type Check } from "./check";
import { machineChecks, type AskEngine } from "./machine-checks";
import { groupWordsIn, madeGroupsIn, type MadeGroups } from "./made-groups";
import { tenantChecks } from "./tenant-checks";
import type { Purpose } from "./wanted";
import { engineEnvironment, locateEngine, type Engine } from "../engine/locate";
import { engineVersion } from "../engine/parts";
import { packageRoot } from "../engine/project-root";

export interface DoctorOptions {
  readonly stack?: string;
  readonly tenant?: string;
  readonly cloud?: string;
  readonly folder: string;
  readonly json: boolean;
  readonly for?: Purpose;
}

const ENGINE_TIMEOUT_MS = 60_000;

/** The version of a package that package.json pins. Its Pulumi plugin has the same version. */
function pinned(name: string): string {
  const file = readFileSync(join(packageRoot, "package.json"), "utf8");
  const { dependencies } = JSON.parse(file) as { dependencies: Record<string, string> };
  return dependencies[name] ?? "";
}

/** The version of an engine that set-up has not chosen is asked for. */
async function engineOrNull(): Promise<Engine | null> {
  try {
    const engine = locateEngine();
    if (engine.version !== "") return engine;
    return { ...engine, version: (await engineVersion(engine.binary, process.env))?.version ?? "" };
  } catch {
    return null;
  }
}

function asking(engine: Engine | null): AskEngine {
  return async (words) => {
    if (engine === null) return { stdout: null, why: "no engine is set up" };
    try {
      const env = engineEnvironment(process.env, engine);
      const run = promisify(execFile)(engine.binary, [...words, "--non-interactive"], {
        env,
        timeout: ENGINE_TIMEOUT_MS,
      });
      return { stdout: (await run).stdout, why: "" };
    } catch (error) {
      const { stderr, message } = error as { stderr?: string; message: string };
      return { stdout: null, why: (stderr?.trim() || message).split("\n")[0] ?? "" };
    }
  };
}

async function aboutTheTenant(options: DoctorOptions, stackFile: string, made: MadeGroups): Promise<readonly Check[]> {
  try {
    const purpose = options.for === undefined ? {} : { purpose: options.for };
    const groups = groupWordsIn(stackFile);
    return await tenantChecks(connectionFrom(options, stackFile), made, { ...purpose, groups });
  } catch (error) {
    if (error instanceof Refusal) return [fail(error.message)];
    throw error;
  }
}

/** Reports the proxy for sign-in and Graph. Without a proxy there is nothing to report. */
function networkChecks(env: NodeJS.ProcessEnv): readonly Check[] {
  try {
    const proxy = proxyOf(env);
    return proxy === null ? [] : [pass(`network: HTTPS goes through ${describeProxy(proxy)}`)];
  } catch (error) {
    return [fail(`network: ${(error as Error).message}`, "export HTTPS_PROXY=http://proxy.example.com:8080")];
  }
}

/** Checks that a run of the stack has everything it needs. Changes nothing in the tenant.
 *
 * @returns the exit code
 */
export async function doctor(options: DoctorOptions): Promise<number> {
  const stackFile = join(options.folder, `Pulumi.${options.stack ?? ""}.yaml`);
  const made = madeGroupsIn(stackFile);
  const engine = await engineOrNull();
  const about = {
    engine,
    ask: asking(engine),
    env: process.env,
    makesGroups: made.some === true,
    nodeVersion: process.versions.node,
    azureadVersion: pinned("@pulumi/azuread"),
  };
  const [machine, tenant] = await Promise.all([machineChecks(about), aboutTheTenant(options, stackFile, made)]);
  const checks = [...machine, ...networkChecks(process.env), ...tenant];
  const failed = checks.filter(({ verdict }) => verdict === "fail").length;
  if (options.json) {
    console.log(JSON.stringify(checks));
  } else {
    for (const line of checks.flatMap((check) => linesOf(check, process.stdout.columns))) console.log(line);
    console.log(failed === 0 ? "\nReady." : `\n${failed} to mend.`);
  }
  return exitCodeOf(worst(checks.map(({ verdict }) => verdict)));
}
