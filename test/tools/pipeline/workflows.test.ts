import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { oldest, recommended } from "../../../entry/node-version.cjs";
import { actionlint } from "./actionlint";

const root = join(__dirname, "..", "..", "..");
const folder = join(root, ".github", "workflows");

interface Workflow {
  readonly on: { readonly pull_request?: { readonly paths?: readonly string[] } | null };
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly permissions?: object;
  readonly strategy?: { readonly matrix: { readonly node?: readonly string[] } };
  readonly steps: readonly {
    readonly run?: string;
    readonly uses?: string;
    readonly with?: { readonly path?: string };
  }[];
}

describe("workflows", () => {
  // The first time, the linter is fetched and compiled.
  it("are without faults for actionlint, which does find faults", async () => {
    assert.deepEqual(await actionlint(readdirSync(folder).map((name) => join(folder, name))), []);
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
      assert.doesNotMatch(text, /secrets\./);
      assert.deepEqual(workflow.permissions, {});
    });

    it(`${name} uploads no blocked.csv`, () => {
      const uploads = Object.values(workflow.jobs)
        .flatMap(({ steps }) => steps)
        .filter(({ uses }) => uses?.startsWith("actions/upload-artifact@"))
        .map((step) => step.with?.path ?? "");
      for (const path of uploads) {
        const folders = path.split("\n").filter((line) => line !== "" && !line.startsWith("!") && !/\.\w+$/.test(line));
        for (const each of folders) assert.ok(path.includes(`!${each}/blocked.csv`), path);
      }
    });

    it(`${name} pins each action by its commit, and says which version that is`, () => {
      const uses = text.split("\n").filter((line) => /\buses:/.test(line));
      assert.ok(uses.length > 0);
      for (const line of uses) assert.match(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    it(`${name} only calls scripts of this project, which run on a laptop as well`, () => {
      const scripts = (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object }).scripts;
      const runs = Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));
      for (const run of runs) assert.ok((/^npm run ([\w:-]+)( -- [^\n;&|]+)?$/.exec(run)?.[1] ?? run) in scripts, run);
    });

    it(`${name} looks at paths that are there`, () => {
      for (const path of workflow.on.pull_request?.paths ?? []) {
        assert.ok(existsSync(join(root, path.replace("/**", ""))), path);
      }
    });
  }
});

describe("the workflow that tests pull requests", () => {
  const { on, jobs } = parse(readFileSync(join(folder, "ci.yml"), "utf8")) as Workflow;

  it("runs both test commands on the oldest Node.js and on those that are recommended", () => {
    const all = Object.values(jobs);
    assert.deepEqual(
      all.map(({ strategy }) => strategy?.matrix.node),
      [[oldest, ...recommended]],
    );
    assert.deepEqual(
      all.flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? [])),
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
