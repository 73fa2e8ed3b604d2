import { spawn, type StdioOptions } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { engineEnvironment, locateEngine } from "./locate";
import { withPolicyPacks } from "./policy-packs";
import { projectRoot } from "./project-root";

/** The name in `Pulumi.yaml`. */
const PROJECT = "entra-group-licensing";

/** A proxy of the machine does not reach this machine itself. */
const WITHOUT_PROXY = ["localhost", "127.0.0.1", process.env["no_proxy"] ?? process.env["NO_PROXY"]]
  .filter(Boolean)
  .join();

/** The output and exit code of an engine run. */
export interface EngineRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A stack of this project in a separate folder, with its own file backend, stack file and environment. It touches neither the
 * checkout nor the user's Pulumi settings.
 */
export class LocalStack {
  readonly configFile: string;
  readonly environment: NodeJS.ProcessEnv;

  private constructor(
    readonly folder: string,
    readonly name: string,
    environment: NodeJS.ProcessEnv,
    base: NodeJS.ProcessEnv,
  ) {
    this.configFile = join(folder, `Pulumi.${name}.yaml`);
    this.environment = {
      ...engineEnvironment({ ...base, ...environment }, locateEngine()),
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      // Nothing in this stack is secret: credentials never enter a stack file or a state.
      PULUMI_CONFIG_PASSPHRASE: "",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // The tenant is on this machine. Use the given credentials only, never the `az login` on this machine.
      NO_PROXY: WITHOUT_PROXY,
      no_proxy: WITHOUT_PROXY,
      AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential",
      ...environment,
    };
  }

  /**
   * @param environment credentials and trust for the tenant that the stack file points at
   * @param base the machine's environment variables to keep
   * @param folder an existing folder for the stack; default: a new temporary folder
   */
  static async create(
    name: string,
    config: Readonly<Record<string, unknown>>,
    environment: NodeJS.ProcessEnv,
    base: NodeJS.ProcessEnv = process.env,
    folder: string = mkdtempSync(join(tmpdir(), "entra-group-licensing-")),
  ): Promise<LocalStack> {
    const stack = new LocalStack(folder, name, environment, base);
    mkdirSync(join(stack.folder, "state"));
    // Initialised under a project file in the stack's own folder, because `stack init` writes a salt into the stack file beside
    // the project file and must not change the checkout's.
    writeFileSync(join(stack.folder, "Pulumi.yaml"), stringify({ name: PROJECT, runtime: "nodejs" }));
    const made = await stack.run(["stack", "init", name, "--cwd", stack.folder]);
    if (made.code !== 0) throw new Error(`the stack could not be made: ${made.stderr}`);
    stack.configure(config);
    return stack;
  }

  /**
   * Writes the stack file anew, with the salt that `stack init` gave it. With another salt than the state's the engine derives two
   * keys in each run, for 0.15 seconds each.
   */
  configure(config: Readonly<Record<string, unknown>>): void {
    const { encryptionsalt } = parse(readFileSync(this.configFile, "utf8")) as { readonly encryptionsalt: string };
    writeFileSync(this.configFile, stringify({ encryptionsalt, config }));
  }

  /** Adds the options that select this stack to a command. */
  words(command: readonly string[]): readonly string[] {
    const about = {
      stack: [],
      state: ["--stack", this.name],
    }[command[0] ?? ""] ?? ["--stack", this.name, "--config-file", this.configFile];
    return [...command, ...about, "--non-interactive"];
  }

  /** Runs the engine and keeps what it says. */
  run(command: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<EngineRun> {
    return this.start(this.words(command), "pipe", environment).ended;
  }

  start(words: readonly string[], stdio: StdioOptions, environment: NodeJS.ProcessEnv = {}) {
    const engine = locateEngine();
    const child = spawn(engine.binary, withPolicyPacks(engine, words, projectRoot), {
      cwd: projectRoot,
      env: { ...this.environment, ...environment },
      stdio,
    });
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const ended = new Promise<EngineRun>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        resolve({ code, stdout, stderr });
      });
    });
    return { child, ended };
  }

  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const run = await this.run(["stack", "output", "--json", "--stack", this.name]);
    if (run.code !== 0) throw new Error(run.stderr);
    return JSON.parse(run.stdout) as Readonly<Record<string, unknown>>;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
