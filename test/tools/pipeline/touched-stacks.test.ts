import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { changedFiles } from "../../../cli/pipeline/changed-files";
import { filesOfStack, touchedStacks } from "../../../cli/pipeline/touched-stacks";

const config = { "licensing:waves": [{ name: "canary", users: { file: "waves/canary.csv" } }] };
const stacks = [
  { name: "contoso", files: filesOfStack("contoso", config) },
  { name: "fabrikam", files: filesOfStack("fabrikam", null) },
];
const all = ["contoso", "fabrikam"];

describe("the stacks that a change touches", () => {
  const cases: readonly (readonly [string, readonly string[] | null, readonly string[]])[] = [
    ["its stack file", ["stacks/Pulumi.fabrikam.yaml"], ["fabrikam"]],
    ["the file of a wave's users", ["stacks/waves/canary.csv"], ["contoso"]],
    ["a stack file and a document", ["stacks/Pulumi.contoso.yaml", "README.md", "docs/operate.md"], ["contoso"]],
    ["documentation and tests alone", ["docs/plan.schema.json", "test/x.test.ts", "LICENSE", "cli/x.test.ts"], []],
    ["a stack file that is not planned here, or gone", ["stacks/Pulumi.demo.yaml"], []],
    ["a file of the program", ["stacks/Pulumi.contoso.yaml", "package-lock.json"], all],
    ["the rules", ["guardrails.json"], all],
    ["a workflow", [".github/workflows/plan.yml"], all],
    ["a file in stacks/ that no stack file names", ["stacks/other.csv"], all],
    ["nothing that is known", null, all],
    ["nothing", [], []],
  ];
  for (const [what, changed, expected] of cases) {
    it(`are ${expected.join(" and ") || "none"} where it is ${what}`, () => {
      assert.deepEqual(touchedStacks(changed, stacks).stacks, expected);
    });
  }

  it("are told with the file that decided it, which can be no command of a CI system", () => {
    const { reason } = touchedStacks(["##vso[task.setvariable variable=a]b"], stacks);
    assert.equal(reason, "All stacks: the program has changed (??vso?task.setvariable variable?a?b).");
  });
});

describe("the files of a change", () => {
  let folder: string;
  const git = (...words: readonly string[]) => {
    const who = ["-c", "user.name=Ada", "-c", "user.email=ada@contoso.com", "-c", "init.defaultBranch=main"];
    return execFileSync("git", [...who, ...words], { cwd: folder, encoding: "utf8", stdio: "pipe" }).trim();
  };
  const commit = (file: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), "");
    git("add", "--all");
    git("commit", "--quiet", "--message", file);
    return git("rev-parse", "HEAD");
  };
  const push = (before: string) => {
    const file = join(folder, ".git", "event.json");
    writeFileSync(file, JSON.stringify({ before }));
    return { GITHUB_EVENT_NAME: "push", GITHUB_EVENT_PATH: file };
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "changed-"));
    git("init", "--quiet");
    commit("one");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("of a push are those of all its commits", async () => {
    const before = git("rev-parse", "HEAD");
    commit("two");
    commit('stacks/höchst "three"');
    assert.deepEqual(await changedFiles(push(before), folder), ['stacks/höchst "three"', "two"]);
  });

  it("of a pull request are those of its merge, without what main has got since", async () => {
    git("checkout", "--quiet", "-b", "pull");
    commit("two");
    git("checkout", "--quiet", "main");
    commit("three");
    git("merge", "--quiet", "--no-ff", "--message", "merge", "pull");
    for (const start of [{ GITHUB_EVENT_NAME: "pull_request" }, { BUILD_REASON: "PullRequest" }]) {
      assert.deepEqual(await changedFiles(start, folder), ["two"]);
    }
    assert.deepEqual(await changedFiles({ BUILD_REASON: "IndividualCI" }, folder), ["two"]);
  });

  it("are unknown where git can't tell, and for a run at night or by hand", async () => {
    commit("two");
    for (const start of [
      { GITHUB_EVENT_NAME: "pull_request" },
      push("0".repeat(40)),
      push("f".repeat(40)),
      push("--output=x"),
      { GITHUB_EVENT_NAME: "schedule" },
      { BUILD_REASON: "Schedule" },
      {},
    ]) {
      assert.equal(await changedFiles(start, folder), null, JSON.stringify(start));
    }
  });
});
