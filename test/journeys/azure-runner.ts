import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { runInNewContext } from "node:vm";
import { parse } from "yaml";

type Yaml = null | string | number | boolean | readonly Yaml[] | YamlMap;

// A record that names itself can't be a type alias.

interface YamlMap {
  readonly [key: string]: Yaml;
}

interface Step {
  readonly name?: string;
  readonly displayName?: string;
  readonly bash?: string;
  readonly task?: string;
  readonly publish?: string;
  readonly download?: string;
  readonly artifact?: string;
  readonly checkout?: string;
  readonly condition?: string;
  readonly inputs?: { readonly inlineScript?: string; readonly azureSubscription?: string };
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly job?: string;
  readonly deployment?: string;
  readonly steps?: readonly Step[];
  readonly strategy?: { readonly runOnce: { readonly deploy: { readonly steps: readonly Step[] } } };
}

interface Stage {
  readonly stage: string;
  readonly dependsOn?: string;
  readonly condition?: string;
  readonly jobs: readonly Job[];
}

type Ended = "succeeded" | "failed" | "skipped";

export interface PipelineRun {
  readonly stages: Readonly<Record<string, Ended>>;
  readonly text: string;
}

/** Steps that need the network of an agent: their scripts are only parsed here. */
const OF_THE_AGENT = ["Packages", "Engine"];

/**
 * Runs azure-pipelines.yml of a repository as Azure DevOps does, in its folder: templates and their expressions, stages with their
 * conditions, script steps until one fails. Knows what these templates use, and fails at anything else.
 */
export class AzureRunner {
  constructor(
    private readonly repository: string,
    /** Where artifacts go. */
    private readonly folder: string,
    /** The environment of every step, and what a service connection adds, by its name. */
    private readonly env: NodeJS.ProcessEnv,
    private readonly connections: Readonly<Record<string, NodeJS.ProcessEnv>>,
  ) {}

  async run(variables: Readonly<Record<string, string>>): Promise<PipelineRun> {
    const file = this.#read("azure-pipelines.yml");
    const parameters = Object.fromEntries(declared(file).map(({ name, default: value }) => [name, value]));
    const expanded = this.#expand(file["stages"] ?? null, { parameters, variables }, "") as unknown as readonly Stage[];
    const stages: Record<string, Ended> = {};
    const outputs: Record<string, { readonly outputs: Record<string, string> }> = {};
    let text = "";
    for (const stage of expanded) {
      const isReady = stage.dependsOn === undefined || stages[stage.dependsOn] === "succeeded";
      const about = { variables, dependencies: outputs, isDone: isReady };
      if (!(stage.condition === undefined ? isReady : evaluate(stage.condition, about))) {
        stages[stage.stage] = "skipped";
        continue;
      }
      const found: Record<string, string> = {};
      outputs[stage.stage] = { outputs: found };
      let isDone = true;
      for (const job of stage.jobs) {
        const steps = job.steps ?? job.strategy?.runOnce.deploy.steps ?? [];
        const ended = await this.#steps(steps, variables, (name, value) => {
          found[`${job.job ?? job.deployment ?? ""}.${name}`] = value;
        });
        isDone &&= ended.isDone;
        text += ended.text;
      }
      stages[stage.stage] = isDone ? "succeeded" : "failed";
    }
    return { stages, text };
  }

  async #steps(
    steps: readonly Step[],
    variables: Readonly<Record<string, string>>,
    setOutput: (name: string, value: string) => void,
  ): Promise<{ readonly isDone: boolean; readonly text: string }> {
    let [isDone, text] = [true, ""];
    const macros = {
      "System.DefaultWorkingDirectory": this.repository,
      "Pipeline.Workspace": this.folder,
      "System.AccessToken": "token-of-the-job",
    };
    const filled = (words: string) =>
      words.replace(/\$\(([\w.]+)\)/g, (_, name: string) => {
        const value = (macros as Record<string, string>)[name];
        assert.ok(value !== undefined, `this runner does not know $(${name})`);
        return value;
      });
    for (const step of steps) {
      if (!(step.condition === undefined ? isDone : evaluate(step.condition, { variables, dependencies: {}, isDone })))
        continue;
      if (step.checkout !== undefined || step.task === "NodeTool@0") continue;
      if (step.publish !== undefined) {
        const from = filled(step.publish);
        assert.ok(!existsSync(join(from, "blocked.csv")), "blocked.csv is published");
        if (existsSync(from)) cpSync(from, join(this.folder, step.artifact ?? ""), { recursive: true });
        // The next job has a checkout of its own.
        rmSync(from, { recursive: true, force: true });
        continue;
      }
      if (step.download !== undefined) {
        assert.ok(existsSync(join(this.folder, step.artifact ?? "")), `no artifact ${step.artifact ?? ""}`);
        continue;
      }
      const script = step.bash ?? (step.task === "AzureCLI@2" ? step.inputs?.inlineScript : undefined);
      assert.ok(script !== undefined, `this runner does not know the step ${JSON.stringify(step)}`);
      const isParsed = OF_THE_AGENT.includes(step.displayName ?? "");
      const connection = step.inputs?.azureSubscription;
      assert.ok(
        connection === undefined || connection in this.connections,
        `no service connection ${connection ?? ""}`,
      );
      const env = {
        ...this.env,
        ...agentVariables(variables),
        ...(connection === undefined ? {} : this.connections[connection]),
        ...Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, filled(value)])),
      };
      const ended = await bash([...(isParsed ? ["-n"] : []), "-c", filled(script)], this.repository, env);
      text += ended.text;
      isDone &&= ended.code === 0;
      for (const [, name = "", value = ""] of ended.text.matchAll(
        /^##vso\[task\.setvariable variable=(\w+);isOutput=true\](.*)$/gm,
      )) {
        setOutput(`${step.name ?? ""}.${name}`, value);
      }
    }
    return { isDone, text };
  }

  #read(file: string): YamlMap {
    return parse(readFileSync(join(this.repository, file), "utf8")) as YamlMap;
  }

  /** Replaces `${{ … }}`, `${{ each }}`, `${{ if }}` and `template:`, before anything runs. */
  #expand(value: Yaml, contexts: object, folder: string): Yaml {
    if (typeof value === "string") return expandText(value, contexts);
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value))
      return (value as readonly Yaml[]).flatMap((each) => this.#expandItem(each, contexts, folder));
    let isTaken = false;
    const entries = Object.entries(value).flatMap(([key, each]): [string, Yaml][] => {
      const branch = branchOf(key);
      if (branch === null) return [[key, this.#expand(each, contexts, folder)]];
      if (branch.kind === "if") isTaken = false;
      const isMet = !isTaken && (branch.kind === "else" || isTrue(branch.test, contexts));
      isTaken ||= isMet;
      return isMet ? Object.entries(this.#expand(each, contexts, folder) as YamlMap) : [];
    });
    return Object.fromEntries(entries);
  }

  #wasMet = false;

  #expandItem(item: Yaml, contexts: object, folder: string): readonly Yaml[] {
    if (item === null || typeof item !== "object" || Array.isArray(item)) return [this.#expand(item, contexts, folder)];
    const [key, body] = Object.entries(item)[0] ?? ["", null];
    const [, variable, list] = /^\$\{\{ each (\w+) in ([\w.]+) \}\}$/.exec(key) ?? [];
    if (variable !== undefined && list !== undefined) {
      const all = evaluate(list, contexts) as readonly Yaml[];
      return all.flatMap((each) => this.#expand(body, { ...contexts, [variable]: each }, folder) as readonly Yaml[]);
    }
    const branch = branchOf(key);
    if (branch !== null) {
      const isMet = branch.kind === "else" ? !this.#wasMet : isTrue(branch.test, contexts);
      this.#wasMet = isMet;
      return isMet ? (this.#expand(body, contexts, folder) as readonly Yaml[]) : [];
    }
    if (key !== "template") return [this.#expand(item, contexts, folder)];
    const path = join(folder, body as string);
    const template = this.#read(path);
    const { parameters: given = {} } = this.#expand(item, contexts, folder) as {
      readonly parameters?: Record<string, Yaml>;
    };
    const parameters: Record<string, Yaml> = {};
    for (const { name, default: value, values } of declared(template)) {
      parameters[name] = given[name] ?? value ?? null;
      assert.ok(parameters[name] !== null, `${path} needs ${name}`);
      if (values !== undefined)
        assert.ok(values.includes(parameters[name]), `${path}: ${name} ${JSON.stringify(parameters[name])}`);
    }
    for (const name of Object.keys(given)) assert.ok(name in parameters, `${path} has no parameter ${name}`);
    const inside = { ...contexts, parameters };
    return this.#expand(template["stages"] ?? template["steps"] ?? null, inside, dirname(path)) as readonly Yaml[];
  }
}

function declared(file: YamlMap) {
  return (file["parameters"] ?? []) as unknown as readonly { name: string; default?: Yaml; values?: readonly Yaml[] }[];
}

function branchOf(key: string): { readonly kind: "if" | "elseif" | "else"; readonly test: string } | null {
  const [, kind, test = ""] = /^\$\{\{ (if|elseif|else)(?: (.+))? \}\}$/.exec(key) ?? [];
  return kind === "if" || kind === "elseif" || kind === "else" ? { kind, test } : null;
}

function isTrue(expression: string, contexts: object): boolean {
  return evaluate(expression, contexts) === true;
}

function expandText(text: string, contexts: object): Yaml {
  const [, whole] = /^\$\{\{ ([^}]+) \}\}$/.exec(text) ?? [];
  if (whole !== undefined) return evaluate(whole, contexts) as Yaml;
  return text.replace(/\$\{\{ ([^}]+) \}\}/g, (_, expression: string) => String(evaluate(expression, contexts)));
}

function evaluate(expression: string, contexts: object): unknown {
  const { isDone = true } = contexts as { readonly isDone?: boolean };
  const functions = {
    and: (...all: readonly boolean[]) => all.every(Boolean),
    eq: (one: unknown, other: unknown) => one === other,
    ne: (one: unknown, other: unknown) => one !== other,
    contains: (text = "", part: string) => text.includes(part),
    replace: (text: string, from: string, to: string) => text.replaceAll(from, to),
    convertToJson: (value: unknown) => JSON.stringify(value, null, 2),
    always: () => true,
    succeeded: () => isDone,
    succeededOrFailed: () => true,
  };
  return runInNewContext(expression, { ...functions, ...contexts }) as unknown;
}

/** `Build.Reason` is `BUILD_REASON` in a step's environment. */
function agentVariables(variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name.toUpperCase().replaceAll(".", "_"), value]),
  );
}

function bash(words: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<{ code: number; text: string }> {
  return new Promise((done) => {
    execFile("bash", [...words], { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code ?? 1), text: stdout + stderr });
    });
  });
}
