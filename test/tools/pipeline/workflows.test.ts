import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { oldestEngine } from "../../../cli/engine/versions.mjs";
import { oldest, recommended } from "../../../entry/node-version.cjs";
import { actionlint } from "./actionlint";

const root = join(__dirname, "..", "..", "..");
const folder = join(root, ".github", "workflows");
const templates = join(root, "templates", "github", ".github", "workflows");

interface Workflow {
  readonly on: { readonly pull_request?: null };
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly permissions?: object;
  readonly strategy?: { readonly matrix: { readonly node?: readonly string[] } };
  readonly steps?: readonly Step[];
}

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: { readonly path?: string };
  readonly env?: Readonly<Record<string, string>>;
}

const readAction = () => readFileSync(join(root, "action.yml"), "utf8");
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps = [] }) => steps);

describe("workflows", () => {
  // The first time, the linter is fetched and compiled.
  it("are without faults for actionlint, which does find faults", async () => {
    const files = [folder, templates].flatMap((each) => readdirSync(each).map((name) => join(each, name)));
    assert.deepEqual(await actionlint(files), []);
    const scratch = mkdtempSync(join(tmpdir(), "workflow-"));
    const broken = join(scratch, "broken.yml");
    writeFileSync(broken, readFileSync(join(folder, "plan.yml"), "utf8").replace("github.repository", "github.nobody"));
    const found = await actionlint([broken]);
    rmSync(scratch, { recursive: true });
    assert.match(found[0] ?? "", /property "nobody" is not defined/);
  }).timeout(300_000);

  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), "utf8");
    const workflow = parse(text) as Workflow;

    it(`${name} holds no secret, and its token may do nothing that a job does not ask for`, () => {
      assert.doesNotMatch(text, /secrets[.:]/);
      assert.deepEqual(workflow.permissions, {});
    });

    it(`${name} uploads no blocked.csv`, () => {
      assertNoBlockedUsers(stepsOf(workflow));
    });

    it(`${name} pins each action by its commit, and says which version that is`, () => {
      assertPinned(text);
    });

    it(`${name} only calls scripts of this project, which run on a laptop as well`, () => {
      const scripts = (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object }).scripts;
      const runs = stepsOf(workflow).flatMap(({ run }) => run ?? []);
      for (const run of runs) assert.ok((/^npm run ([\w:-]+)( -- [^\n;&|]+)?$/.exec(run)?.[1] ?? run) in scripts, run);
    });
  }

  it("of a pull request are skipped for a fork, which gets no identity", () => {
    const { jobs } = parse(readFileSync(join(folder, "plan.yml"), "utf8")) as {
      readonly jobs: Readonly<Record<string, { readonly if?: string; readonly needs?: string }>>;
    };
    assert.equal(jobs["stacks"]?.if, "github.event.pull_request.head.repo.full_name == github.repository");
    assert.equal(jobs["plan"]?.needs, "stacks");
  });
});

describe("the workflows that init writes", () => {
  for (const name of readdirSync(templates)) {
    it(`${name} is the one of this repository, but for how the program gets there`, () => {
      const own = readFileSync(join(folder, name), "utf8")
        .replaceAll("npm run setup", "npm ci --ignore-scripts")
        .replaceAll(/uses: \.\/$/gm, "uses: ./node_modules/entra-group-licensing")
        .replaceAll(/^ +guardrails: .*\n/gm, "");
      const written = readFileSync(join(templates, name), "utf8");
      assert.equal(written.replaceAll(" in node_modules/entra-group-licensing", ""), own);
    });
  }
});

describe("the composite action", () => {
  const { runs } = parse(readAction()) as { readonly runs: { readonly steps: readonly Step[] } };

  it("pins each action by its commit, and uploads no blocked.csv", () => {
    assertPinned(readAction());
    assertNoBlockedUsers(runs.steps);
  });

  it("puts no expression into a script: values come by the environment, so that none of them is a command", () => {
    const scripts = runs.steps.flatMap(({ run }) => run ?? []);
    assert.ok(scripts.length >= 5);
    for (const script of scripts) {
      assert.doesNotMatch(script, /\$\{\{/);
      assert.match(script, /^node "\$GITHUB_ACTION_PATH\/entry\/command\.cjs" pipeline [a-z]+( --[a-z]+ "\$[A-Z]+")+$/);
    }
  });

  it("gets the engine of the oldest supported version", () => {
    assert.ok(readAction().includes(`pulumi-version: ${oldestEngine}\n`));
  });

  it("is in the package", () => {
    const { files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { files: readonly string[] };
    assert.ok(files.includes("action.yml"));
  });
});

function assertPinned(text: string): void {
  const uses = text.split("\n").filter((line) => /\buses:/.test(line) && !line.includes("uses: ./"));
  for (const line of uses) assert.match(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
}

function assertNoBlockedUsers(steps: readonly Step[]): void {
  const uploads = steps
    .filter(({ uses }) => uses?.startsWith("actions/upload-artifact@"))
    .map((step) => step.with?.path ?? "");
  for (const path of uploads) {
    const folders = path.split("\n").filter((line) => line !== "" && !line.startsWith("!") && !/\.\w+$/.test(line));
    for (const each of folders) assert.ok(path.includes(`!${each}/blocked.csv`), path);
  }
}

describe("the workflow that tests pull requests", () => {
  const { on, jobs } = parse(readFileSync(join(folder, "ci.yml"), "utf8")) as Workflow;

  it("runs both test commands on the oldest Node.js and on those that are recommended", () => {
    const all = Object.values(jobs);
    assert.deepEqual(
      all.map(({ strategy }) => strategy?.matrix.node),
      [[oldest, ...recommended]],
    );
    assert.deepEqual(
      all.flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? [])),
      ["npm run setup", "npm run test", "npm run test:slow"],
    );
  });

  it("runs on every pull request, and may only read the repository", () => {
    assert.equal(on.pull_request, null);
    assert.deepEqual(
      Object.values(jobs).map(({ permissions }) => permissions),
      [{ contents: "read" }],
    );
  });
});
