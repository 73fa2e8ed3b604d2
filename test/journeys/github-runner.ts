import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { GitHubStandIn } from "../tools/pipeline/github-stand-in";
import { evaluate, filled, isMet, type Contexts } from "./github-expressions";

/** Why a workflow starts, and what it finds checked out. */
export interface WorkflowEvent {
  readonly name: "pull_request" | "push" | "workflow_dispatch" | "schedule";
  /** What is checked out: for a pull request, its merge with main. */
  readonly commit: string;
  /** The commit of the artifacts: for a pull request, its last one. */
  readonly headSha: string;
  readonly pullRequest?: number;
  /** For a push: what the branch was before. */
  readonly before?: string;
  /** For a start by hand. */
  readonly inputs?: Values;
}

type Ended = "success" | "failure" | "skipped";

/** How a run of a workflow ended. */
export interface WorkflowRun {
  /** By job, with GitHub's names: `stack (contoso) / agree`. A job with failed needs is skipped. */
  readonly jobs: Readonly<Record<string, Ended>>;
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
  readonly env?: Values;
}

interface Job {
  readonly needs?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Values;
  readonly strategy?: { readonly matrix: { readonly stack: string } };
  readonly environment?: string;
  readonly env?: Values;
  readonly outputs?: Values;
  readonly steps: readonly Step[];
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs?: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

type Values = Readonly<Record<string, string>>;

interface Run {
  readonly id: number;
  /** The folder of its files. */
  readonly at: string;
  readonly event: WorkflowEvent;
  readonly jobs: Record<string, Ended>;
  text: string;
}

interface EndedStep {
  readonly isDone: boolean;
  readonly outputs: Values;
}

interface EndedSteps {
  readonly isDone: boolean;
  readonly steps: Readonly<Record<string, { readonly outputs: Values }>>;
}

/** A job that is going on. */
interface JobRun {
  readonly run: Run;
  readonly checkout: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What a machine of this runner has. */
export interface Machine {
  /** Trust for the embedded tenant, no credentials. */
  readonly env: NodeJS.ProcessEnv;
  /** What `npm ci` or set-up would install. */
  readonly modules: string;
  /** By environment, such as `contoso-plan`; under an empty name those of the repository. */
  readonly variables: Readonly<Record<string, Values>>;
}

/**
 * Runs the workflows of a repository as GitHub does: a clone at a commit for each job, an identity by its environment, the steps one
 * after the other until one fails. Knows the actions and expressions that they use, and fails at any other.
 */
export class GitHubRunner {
  #runs = 0;

  constructor(
    private readonly github: GitHubStandIn,
    /** The repository, and where clones and artifacts go. */
    private readonly origin: string,
    private readonly folder: string,
    private readonly machine: Machine,
  ) {}

  async run(workflow: string, event: WorkflowEvent): Promise<WorkflowRun> {
    const id = 4_711 + this.#runs++;
    const at = join(this.folder, `run-${id}`);
    mkdirSync(at, { recursive: true });
    const { pullRequest, before } = event;
    const file = pullRequest === undefined ? { before } : { pull_request: { number: pullRequest } };
    writeFileSync(join(at, "event.json"), JSON.stringify(file));
    writeFileSync(join(at, "summary.md"), "");
    const run: Run = { id, at, event, jobs: {}, text: "" };
    await this.#jobs(`.github/workflows/${workflow}.yml`, event.inputs ?? {}, run, "");
    return { jobs: run.jobs, text: run.text, summary: readFileSync(join(at, "summary.md"), "utf8") };
  }

  async #jobs(workflow: string, inputs: Values, run: Run, prefix: string): Promise<boolean> {
    const file = parse(git(this.origin, "show", `${run.event.commit}:${workflow}`)) as {
      readonly jobs: Readonly<Record<string, Job>>;
    };
    const repository = "contoso/licences";
    const head = { repo: { full_name: repository } };
    const github = {
      token: "token-of-the-workflow",
      event_name: run.event.name,
      repository,
      event: { pull_request: { head } },
    };
    const needs: Record<string, { readonly result: Ended; readonly outputs: Values }> = {};
    for (const [name, job] of Object.entries(file.jobs)) {
      const contexts: Contexts = { github, inputs, needs, vars: this.machine.variables[""] ?? {} };
      const needed = job.needs === undefined ? "success" : needs[job.needs]?.result;
      if (!isMet(job.if, contexts, { isDone: needed === "success" })) {
        needs[name] = { result: "skipped", outputs: {} };
        run.jobs[prefix + name] = "skipped";
        continue;
      }
      const matrix = job.strategy?.matrix.stack.slice("${{".length, -"}}".length).trim();
      const legs = matrix === undefined ? [null] : (evaluate(matrix, contexts) as readonly string[]);
      const ended = [];
      for (const stack of legs) {
        const title = prefix + (stack === null ? name : `${name} (${stack})`);
        ended.push(await this.#leg(job, title, { ...contexts, matrix: { stack } }, run));
      }
      needs[name] = {
        result: ended.every(({ isDone }) => isDone) ? "success" : "failure",
        outputs: ended[0]?.outputs ?? {},
      };
    }
    return Object.values(needs).every(({ result }) => result !== "failure");
  }

  async #leg(job: Job, title: string, contexts: Contexts, run: Run): Promise<EndedStep> {
    if (job.uses !== undefined) {
      const isDone = await this.#jobs(job.uses.slice(2), filledAll(job.with, contexts), run, `${title} / `);
      run.jobs[title] = isDone ? "success" : "failure";
      return { isDone, outputs: {} };
    }
    const environment = job.environment === undefined ? "" : filled(job.environment, contexts);
    const vars = { ...this.machine.variables[""], ...this.machine.variables[environment] };
    const subject = environment === "" ? "ref:refs/heads/main" : `environment:${environment}`;
    const about: NodeJS.ProcessEnv = {
      ...this.machine.env,
      ...this.github.environment(`repo:contoso/licences:${subject}`),
      // The token is in the environment of those steps alone that ask for it.
      GITHUB_TOKEN: undefined,
      GITHUB_EVENT_NAME: run.event.name,
      GITHUB_EVENT_PATH: join(run.at, "event.json"),
      GITHUB_SHA: run.event.commit,
      GITHUB_RUN_ID: String(run.id),
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_STEP_SUMMARY: join(run.at, "summary.md"),
      ...filledAll(job.env, { ...contexts, vars }),
    };
    const checkout = join(run.at, title.replaceAll(/\W+/g, "-"));
    const { isDone, steps } = await this.#steps(job.steps, { ...contexts, vars }, { run, checkout, env: about });
    run.jobs[title] = isDone ? "success" : "failure";
    return { isDone, outputs: filledAll(job.outputs, { ...contexts, steps }) };
  }

  async #steps(all: readonly Step[], contexts: Contexts, job: JobRun): Promise<EndedSteps> {
    const steps: Record<string, { readonly outputs: Values }> = {};
    let isDone = true;
    for (const step of all) {
      const now = { ...contexts, steps };
      if (!isMet(step.if, now, { isDone })) continue;
      const ended = step.run === undefined ? await this.#action(step, now, job) : await this.#shell(step, now, job);
      isDone &&= ended.isDone;
      if (step.id !== undefined) steps[step.id] = { outputs: ended.outputs };
    }
    return { isDone, steps };
  }

  async #shell(
    { run: words = "", env = {} }: Step,
    contexts: Contexts,
    { run, checkout, env: about }: JobRun,
  ): Promise<EndedStep> {
    // The packages are linked: see `modules`.
    if (words === "npm ci --ignore-scripts") return { isDone: true, outputs: {} };
    const output = join(run.at, "output");
    rmSync(output, { force: true });
    const ended = await shell(words, checkout, { ...about, GITHUB_OUTPUT: output, ...filledAll(env, contexts) });
    run.text += ended.text;
    const lines = existsSync(output) ? readFileSync(output, "utf8").split("\n") : [];
    const outputs = Object.fromEntries(
      lines.filter((line) => line !== "").map((line) => [line.split("=")[0] ?? "", line.slice(line.indexOf("=") + 1)]),
    );
    return { isDone: ended.code === 0, outputs };
  }

  async #action({ uses = "", with: given = {} }: Step, contexts: Contexts, job: JobRun): Promise<EndedStep> {
    const done = { isDone: true, outputs: {} };
    const { run, checkout } = job;
    const input = (name: string) => filled(String(given[name] ?? ""), contexts);
    const artifact = (runId: string) => join(this.folder, "artifacts", runId, input("name"));
    const paths = input("path")
      .trim()
      .split(/\s*\n\s*/);
    const [path = ""] = paths.filter((each) => !each.startsWith("!"));
    const leftOut = paths.filter((each) => each.startsWith("!")).map((each) => join(checkout, each.slice(1)));
    const inCheckout = join(checkout, path);
    if (uses.startsWith("./")) return await this.#composite(join(checkout, uses), given, contexts, job);
    switch (uses.split("@")[0]) {
      case "actions/checkout":
        this.#clone(checkout, run.event.commit, input("fetch-depth") === "0");
        return done;
      case "actions/setup-node":
      case "pulumi/actions":
        return done;
      case "actions/upload-artifact":
        if (!existsSync(inCheckout)) {
          assert.equal(input("if-no-files-found"), "ignore");
          return done;
        }
        cpSync(inCheckout, artifact(String(run.id)), { recursive: true, filter: (file) => !leftOut.includes(file) });
        this.github.artifacts.push({
          name: input("name"),
          runId: run.id,
          headSha: run.event.headSha,
          createdAt: new Date().toISOString(),
          expired: false,
          fromFork: false,
        });
        return done;
      case "actions/download-artifact":
        cpSync(artifact(input("run-id") || String(run.id)), inCheckout, { recursive: true });
        return done;
      default:
        throw new Error(`this runner does not know ${uses}`);
    }
  }

  /** Without its history, as GitHub does it, where the step does not ask for it. */
  #clone(checkout: string, commit: string, isDeep: boolean): void {
    if (isDeep) git(this.folder, "clone", "--quiet", "--no-checkout", this.origin, checkout);
    else {
      git(this.folder, "init", "--quiet", checkout);
      git(checkout, "remote", "add", "origin", `file://${this.origin}`);
      git(checkout, "fetch", "--quiet", "--depth=1", "origin", commit);
    }
    git(checkout, "checkout", "--quiet", commit);
    symlinkSync(this.machine.modules, join(checkout, "node_modules"), "junction");
  }

  async #composite(folder: string, given: Step["with"], contexts: Contexts, job: JobRun): Promise<EndedStep> {
    const action = parse(readFileSync(join(folder, "action.yml"), "utf8")) as Action;
    for (const name of Object.keys(given ?? {})) assert.ok(name in action.inputs, `action.yml has no input ${name}`);
    const inputs = Object.fromEntries(
      Object.entries(action.inputs).map(([name, { default: value = "" }]) => [
        name,
        filled(String(given?.[name] ?? value), contexts),
      ]),
    );
    const github = { ...(contexts["github"] as object), action_path: folder };
    const env = { ...job.env, GITHUB_ACTION_PATH: folder };
    const { isDone, steps } = await this.#steps(action.runs.steps, { github, inputs }, { ...job, env });
    const values = Object.entries(action.outputs ?? {}).map(([name, { value }]) => [name, filled(value, { steps })]);
    return { isDone, outputs: Object.fromEntries(values) as Values };
  }
}

function filledAll(texts: Values | undefined, contexts: Contexts): Values {
  return Object.fromEntries(Object.entries(texts ?? {}).map(([name, text]) => [name, filled(text, contexts)]));
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
