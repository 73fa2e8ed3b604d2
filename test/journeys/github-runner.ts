import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { GitHubStandIn } from "../tools/pipeline/github-stand-in";

const projectRoot = join(__dirname, "..", "..");

/** Why a workflow starts, and what it finds checked out. */
export interface WorkflowEvent {
  readonly name: "pull_request" | "push" | "workflow_dispatch" | "schedule";
  /** What is checked out: for a pull request, its merge with main. */
  readonly commit: string;
  /** The commit of the artifacts: for a pull request, its last one. */
  readonly headSha: string;
  readonly pullRequest?: number;
}

/** How a run of a workflow ended. */
export interface WorkflowRun {
  /** By job; a job with failed needs is skipped. */
  readonly jobs: Readonly<Record<string, "success" | "failure" | "skipped">>;
  /** What the steps said. */
  readonly text: string;
  /** What is shown on the page of the run. */
  readonly summary: string;
}

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly needs?: string;
  readonly if?: string;
  readonly environment: string;
  readonly env: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

type Values = Record<string, string>;

/**
 * Runs the workflows of this project as GitHub does: a clone at a commit for each job, an identity by its environment, the steps one
 * after the other until one fails. Knows the actions and expressions that they use, and fails at any other.
 */
export class GitHubRunner {
  #runs = 0;

  constructor(
    private readonly github: GitHubStandIn,
    /** The repository, and where clones and artifacts go. */
    private readonly origin: string,
    private readonly folder: string,
    /** By environment, such as `contoso-plan`. */
    private readonly variables: Readonly<Record<string, Values>>,
    /** What every machine has: trust for the embedded tenant, no credentials. */
    private readonly machine: NodeJS.ProcessEnv,
  ) {}

  async run(workflow: string, event: WorkflowEvent): Promise<WorkflowRun> {
    const id = 4_711 + this.#runs++;
    const at = join(this.folder, `run-${id}`);
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, "event.json"), JSON.stringify(eventFile(event)));
    writeFileSync(join(at, "summary.md"), "");
    const file = parse(readFileSync(join(projectRoot, ".github", "workflows", `${workflow}.yml`), "utf8")) as {
      readonly jobs: Readonly<Record<string, Job>>;
    };
    const jobs: Record<string, "success" | "failure" | "skipped"> = {};
    let text = "";
    for (const [name, job] of Object.entries(file.jobs)) {
      if (job.needs !== undefined && jobs[job.needs] !== "success") {
        jobs[name] = "skipped";
        continue;
      }
      const ended = await this.#job(job, event, { id, at, checkout: join(at, name) });
      jobs[name] = ended.isDone ? "success" : "failure";
      text += ended.text;
    }
    return { jobs, text, summary: readFileSync(join(at, "summary.md"), "utf8") };
  }

  async #job(
    job: Job,
    event: WorkflowEvent,
    run: { readonly id: number; readonly at: string; readonly checkout: string },
  ): Promise<{ readonly isDone: boolean; readonly text: string }> {
    const environment = job.environment.replace("${{ matrix.stack }}", "contoso");
    const values: Values = {
      "matrix.stack": "contoso",
      "github.token": "token-of-the-workflow",
      ...Object.fromEntries(
        Object.entries(this.variables[environment] ?? {}).map(([key, value]) => [`vars.${key}`, value]),
      ),
    };
    const output = join(run.at, "output");
    const fixed: NodeJS.ProcessEnv = {
      ...this.machine,
      ...this.github.environment(`repo:contoso/licences:environment:${environment}`),
      // The token is in the environment of those steps alone that ask for it.
      GITHUB_TOKEN: undefined,
      GITHUB_EVENT_NAME: event.name,
      GITHUB_EVENT_PATH: join(run.at, "event.json"),
      GITHUB_SHA: event.commit,
      GITHUB_RUN_ID: String(run.id),
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_STEP_SUMMARY: join(run.at, "summary.md"),
      GITHUB_OUTPUT: output,
    };
    let [isDone, text] = [true, ""];
    for (const step of job.steps) {
      if (!isDone && step.if !== "always()") continue;
      if (step.if !== undefined && step.if !== "always()" && !values[step.if]) continue;
      rmSync(output, { force: true });
      if (step.run === undefined) {
        this.#action(step, event, run, values);
        continue;
      }
      const env = { ...fixed, ...filledAll(job.env, values), ...filledAll(step.env ?? {}, values) };
      const ended = await shell(step.run, run.checkout, env);
      text += ended.text;
      isDone &&= ended.code === 0;
      for (const line of existsSync(output) ? readFileSync(output, "utf8").split("\n") : []) {
        const [name = "", value = ""] = line.split("=");
        if (name !== "") values[`steps.${step.id ?? ""}.outputs.${name}`] = value;
      }
    }
    return { isDone, text };
  }

  #action(
    { uses = "", with: given = {} }: Step,
    event: WorkflowEvent,
    run: { readonly id: number; readonly checkout: string },
    values: Values,
  ): void {
    const input = (name: string) => filled(String(given[name] ?? ""), values);
    const artifact = (runId: string) => join(this.folder, "artifacts", runId, input("name"));
    const paths = input("path")
      .trim()
      .split(/\s*\n\s*/);
    const [path = ""] = paths.filter((each) => !each.startsWith("!"));
    const leftOut = paths.filter((each) => each.startsWith("!")).map((each) => join(run.checkout, each.slice(1)));
    const inCheckout = join(run.checkout, path);
    switch (uses.split("@")[0]) {
      case "actions/checkout":
        git(this.folder, "clone", "--quiet", "--no-checkout", this.origin, run.checkout);
        git(run.checkout, "checkout", "--quiet", event.commit);
        symlinkSync(join(projectRoot, "node_modules"), join(run.checkout, "node_modules"), "junction");
        return;
      case "actions/setup-node":
        return;
      case "actions/upload-artifact":
        if (!existsSync(inCheckout)) {
          assert.equal(input("if-no-files-found"), "ignore");
          return;
        }
        cpSync(inCheckout, artifact(String(run.id)), { recursive: true, filter: (file) => !leftOut.includes(file) });
        this.github.artifacts.push({
          name: input("name"),
          runId: run.id,
          headSha: event.headSha,
          createdAt: new Date().toISOString(),
          expired: false,
          fromFork: false,
        });
        return;
      case "actions/download-artifact":
        cpSync(artifact(input("run-id") || String(run.id)), inCheckout, { recursive: true });
        return;
      default:
        throw new Error(`this runner does not know ${uses}`);
    }
  }
}

function eventFile({ pullRequest }: WorkflowEvent): object {
  return pullRequest === undefined ? {} : { pull_request: { number: pullRequest } };
}

function filledAll(texts: Readonly<Record<string, string>>, values: Values): Values {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, filled(text, values)]));
}

function filled(text: string, values: Values): string {
  return text.replace(/\$\{\{ *(.+?) *\}\}/g, (_, expression: string) => {
    const value = values[expression];
    if (value === undefined && !expression.startsWith("steps."))
      throw new Error(`this runner does not know ${expression}`);
    return value ?? "";
  });
}

function shell(
  words: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number | null; readonly text: string }> {
  return new Promise((done, fail) => {
    const child = spawn(words, { cwd, env, shell: true, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.on("error", fail);
    child.on("close", (code) => done({ code, text }));
  });
}

/** Nothing of the machine's own settings for git has a say. */
export function git(cwd: string, ...words: readonly string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const who = ["-c", "user.name=Contoso", "-c", "user.email=it@contoso.com", "-c", "init.defaultBranch=main"];
  return execFileSync("git", [...who, ...words], {
    cwd,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}
