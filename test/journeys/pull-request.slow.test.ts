import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { stringify } from "yaml";
import { migrationPermissions } from "../../emulator/directory/spec";
import { VISIOCLIENT } from "../../emulator/tenants/products";
import { GitHubStandIn } from "../tools/pipeline/github-stand-in";
import { git, GitHubRunner, type WorkflowEvent, type WorkflowRun } from "./github-runner";
import { Journey } from "./journey";

const projectRoot = join(__dirname, "..", "..");
const NOT_COMMITTED = new Set(["node_modules", ".git", "plans"]);

const WAVES = [
  { name: "canary", users: ["ada@contoso.com"], soak: "24 hours" },
  { name: "everyone", percent: 100 },
];
const DAY_MS = 86_400_000;

/**
 * A git repository with the checkout as it is, workflows that run in clones of it, GitHub's API and the tenant as stand-ins: what a
 * team sees that keeps its licences by pull requests.
 */
describe("journey: pull requests, from the plan in a comment to what was agreed on", function () {
  this.timeout(300_000);

  const journey = new Journey();
  let github: GitHubStandIn;
  let runner: GitHubRunner;
  let folder: string;
  /** Where people work; `origin` is what they push to. */
  let laptop: string;
  let isBroken = false;

  before(async () => {
    github = await GitHubStandIn.start();
    folder = mkdtempSync(join(tmpdir(), "pull-request-"));
    const trusts = (...environments: string[]) =>
      environments.map((each) => github.federatedFor(`repo:contoso/licences:environment:${each}`));
    const reads = migrationPermissions.filter((permission) => !permission.includes("Write"));
    await journey.begin(
      {
        tenant: {
          skus: [
            {
              skuId: "efccb6f7-5641-4e0e-bd10-b4976e1bf68e",
              skuPartNumber: "EMS",
              seats: 10,
              servicePlans: [{ servicePlanId: "8a256a2b-b617-496d-b51b-e76466e88db0", servicePlanName: "MFA_PREMIUM" }],
            },
            { ...VISIOCLIENT, seats: 10 },
          ],
          users: ["Ada", "Ben", "Cleo", "Dan"].map((name) => ({
            displayName: name,
            userPrincipalName: `${name.toLowerCase()}@contoso.com`,
            licenses: [{ sku: "EMS" }, ...(name === "Ben" ? [{ sku: "VISIOCLIENT" }] : [])],
          })),
          groups: [
            { displayName: "Staff", members: ["ada@contoso.com", "ben@contoso.com", "cleo@contoso.com"] },
            { displayName: "Drawing", members: [], licenses: [{ sku: "VISIOCLIENT" }] },
          ],
          apps: [
            { name: "reader", permissions: reads, federated: trusts("contoso-plan", "fabrikam-plan") },
            { name: "writer", permissions: [...migrationPermissions], federated: trusts("contoso") },
          ],
        },
      },
      {},
    );
    laptop = join(folder, "laptop");
    cpSync(projectRoot, laptop, { recursive: true, filter: (file) => !NOT_COMMITTED.has(basename(file)) });
    git(laptop, "init", "--quiet");
    const made = await journey.stack.run(["stack", "init", "fabrikam", "--cwd", journey.stack.folder]);
    assert.equal(made.code, 0, made.stderr);
    commit("Where we stand", { waves: WAVES });
    const origin = join(folder, "origin.git");
    git(folder, "clone", "--quiet", "--bare", laptop, origin);
    git(laptop, "remote", "add", "origin", origin);
    const modules = join(projectRoot, "node_modules");
    runner = new GitHubRunner(github, origin, folder, { env: machine(), modules, variables: variables() });
  });
  beforeEach(function () {
    if (isBroken) this.skip();
  });
  afterEach(function () {
    isBroken ||= this.currentTest?.state === "failed";
  });
  after(async () => {
    await journey.end();
    await github.close();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Written {
    readonly waves: readonly object[];
    readonly applyThrough?: string;
    readonly stack?: string;
  }

  /** Writes a stack file, on the branch that is checked out. */
  function write({ waves, applyThrough, stack = "contoso" }: Written): void {
    const { url } = journey.emulator;
    const config = {
      "licensing:tenant": "contoso.com",
      "licensing:cloud": { graph: url, authority: url },
      "licensing:groups": {
        staff: { existing: "Staff", licenses: ["EMS"] },
        drawing: { existing: "Drawing", licenses: ["VISIOCLIENT"] },
      },
      "licensing:waves": waves,
      ...(applyThrough !== undefined && { "licensing:applyThrough": applyThrough }),
    };
    mkdirSync(join(laptop, "stacks"), { recursive: true });
    writeFileSync(join(laptop, "stacks", `Pulumi.${stack}.yaml`), stringify({ config }));
  }

  function commit(message: string, written: Written) {
    write(written);
    git(laptop, "add", "--all");
    git(laptop, "commit", "--quiet", "--message", message);
    return git(laptop, "rev-parse", "HEAD");
  }

  function variables() {
    const { PULUMI_BACKEND_URL = "", PULUMI_CONFIG_PASSPHRASE = "" } = journey.stack.environment;
    const of = (app: string) => {
      const { AZURE_CLIENT_ID, AZURE_TENANT_ID } = journey.emulator.credentials(app);
      return { AZURE_CLIENT_ID, AZURE_TENANT_ID, PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE };
    };
    return {
      "": { LICENSING_STACKS: '["contoso", "fabrikam"]' },
      "contoso-plan": of("reader"),
      "fabrikam-plan": of("reader"),
      contoso: of("writer"),
    };
  }

  /** Without the credentials that the journey itself has. */
  function machine(): NodeJS.ProcessEnv {
    const { AZURE_CLIENT_SECRET: _secret, AZURE_TOKEN_CREDENTIALS: _way, ...signedOut } = journey.stack.environment;
    return signedOut;
  }

  /** Pushes the branch; GitHub plans what its merge with main would be. */
  function plan(pullRequest: number, headSha: string) {
    git(laptop, "push", "--quiet", "--force", "origin", "HEAD");
    const branch = git(laptop, "rev-parse", "--abbrev-ref", "HEAD");
    git(laptop, "checkout", "--quiet", "--detach", "main");
    git(laptop, "merge", "--quiet", "--no-ff", "--message", "What it would be", headSha);
    const merge = git(laptop, "rev-parse", "HEAD");
    git(laptop, "push", "--quiet", "--force", "origin", `HEAD:refs/heads/pull-${pullRequest}-merge`);
    git(laptop, "checkout", "--quiet", branch);
    return runner.run("plan", { name: "pull_request", commit: merge, headSha, pullRequest });
  }

  /** Merged as one new commit, which no run has seen. */
  function squash(pullRequest: number, branch: string): WorkflowEvent {
    const headSha = git(laptop, "rev-parse", branch);
    git(laptop, "checkout", "--quiet", "main");
    const before = git(laptop, "rev-parse", "HEAD");
    git(laptop, "merge", "--quiet", "--squash", branch);
    git(laptop, "commit", "--quiet", "--message", `${branch} (#${pullRequest})`);
    git(laptop, "push", "--quiet", "origin", "main");
    const mergeSha = git(laptop, "rev-parse", "HEAD");
    github.addPull({ number: pullRequest, headSha, mergeSha });
    return { name: "push", commit: mergeSha, headSha: mergeSha, before };
  }

  const branch = (name: string) => git(laptop, "checkout", "--quiet", "-b", name);
  const writes = () => journey.emulator.requests.writes().length;
  const holdDirectly = () => {
    const { tenant } = journey.emulator;
    return tenant.directAssignments("EMS").map(({ userId }) => tenant.user(userId).displayName);
  };
  let merged: WorkflowEvent;
  let reviewed: WorkflowRun;

  const appliedFor = (stack: string) => ({
    stacks: "success",
    [`stack (${stack}) / agree`]: "success",
    [`stack (${stack}) / apply`]: "success",
    [`stack (${stack})`]: "success",
  });
  const refusedFor = (stack: string) => ({
    stacks: "success",
    [`stack (${stack}) / agree`]: "failure",
    [`stack (${stack}) / apply`]: "skipped",
    [`stack (${stack})`]: "failure",
  });

  it("a mistake in the stack file is the comment, with what to write instead; no other stack is planned", async () => {
    github.addPull({ number: 7, headSha: "", mergeSha: null });
    branch("canary-first");
    const run = await plan(7, commit("The canary goes", { waves: WAVES, applyThrough: "canery" }));
    assert.deepEqual(run.jobs, { stacks: "success", "plan (contoso)": "failure" }, run.text);
    const [comment = "", ...others] = github.commentsOn(7);
    assert.deepEqual(others, []);
    assert.match(comment, /⛔ \*\*Stops:\*\*/);
    assert.match(comment, /"canery" is no wave: the waves are canary, everyone\. Did you mean "canary"\?/);
  });

  it("the next push updates it, and a stack that breaks a rule has a comment of its own", async () => {
    write({ stack: "fabrikam", waves: WAVES.map(({ soak: _, ...wave }) => wave) });
    const run = (reviewed = await plan(7, commit("Of course", { waves: WAVES, applyThrough: "canary" })));
    assert.deepEqual(
      run.jobs,
      { stacks: "success", "plan (contoso)": "success", "plan (fabrikam)": "failure" },
      run.text,
    );
    const [comment = "", other = "", ...others] = github.commentsOn(7);
    assert.deepEqual(others, []);
    for (const words of [
      "this run assigns licences to 1 group and removes 1 direct assignment from 1 user. No user loses a service.",
      "2 direct assignments wait for their waves",
      "| **`canary`** | 1 named user | **in this run** | 1 | removes 1 EMS | 0 | 24 hours |",
      "| 1 | `EMS` | not a member of Staff | Add them to the group as first-level members",
      "Merged, it is applied as it stands here",
    ]) {
      assert.ok(comment.includes(words), `${words}\n${comment}`);
    }
    assert.doesNotMatch(comment, /canery|@contoso\.com/);
    assert.match(other, /\*\*rule soak \(everyone-1\)\*\*\n\n> .*Write soak: 24 hours at canary/);
    assert.equal(run.summary.includes("No user loses a service"), true);
    assert.equal(writes(), 0);
    assert.equal(github.identities.at(-1)?.sub, "repo:contoso/licences:environment:fabrikam-plan");
  });

  it("says the same numbers in the comment, in plan.md, on the page and in the preview", () => {
    const moves = "2 users move with everything, 1 in part, 1 not at all.";
    const { runId = 0, name = "" } = github.artifacts.findLast((each) => each.name === "plan-contoso") ?? {};
    const artifact = (file: string) => readFileSync(join(folder, "artifacts", String(runId), name, file), "utf8");
    const lines = (text: string) => text.split("\n").filter((line) => line.includes("with everything"));
    assert.deepEqual(lines(github.commentsOn(7)[0] ?? ""), [moves]);
    assert.deepEqual(lines(artifact("plan.md")), [moves]);
    assert.ok(artifact("plan.html").includes(`<p>${moves}</p>`));
    assert.ok(reviewed.text.includes(`(predicted) ${moves}`), reviewed.text);
  });

  it("merged, nothing is applied without the plan that was reviewed", async () => {
    merged = squash(7, "canary-first");
    const kept = github.artifacts.splice(0);
    github.artifacts.push(...kept.map((artifact) => ({ ...artifact, expired: true })));
    const run = await runner.run("apply", merged);
    assert.deepEqual(run.jobs, { ...refusedFor("contoso"), ...refusedFor("fabrikam") }, run.text);
    assert.match(run.summary, /pull request #7 has no plan of contoso for its last commit, or it has expired/);
    assert.match(run.summary, /Start the workflow by hand to make a new plan/);
    github.artifacts.splice(0, Infinity, ...kept);
  });

  it("nor when a user has left the group since: it names them", async () => {
    const { tenant } = journey.emulator;
    tenant.leaveGroup("ada@contoso.com", "Staff");
    const run = await runner.run("apply", merged);
    assert.deepEqual(run.jobs, { ...refusedFor("contoso"), ...refusedFor("fabrikam") }, run.text);
    assert.match(run.summary, /### ⛔ Something differs: nothing was applied/);
    assert.match(run.summary, /wave canary: 1 user \(\S+\) in the plan would not be removed any more/);
    assert.equal(writes(), 0);
    tenant.joinGroup("ada@contoso.com", "Staff");
  });

  it("else exactly that plan is, with the identity that can write; the stack that is refused does not hold it up", async () => {
    const run = await runner.run("apply", merged);
    assert.deepEqual(run.jobs, { ...appliedFor("contoso"), ...refusedFor("fabrikam") }, run.text);
    assert.match(run.summary, /### ✅ As reviewed\n\nThe tenant of `contoso` was read again/);
    assert.ok(github.identities.some(({ sub }) => sub === "repo:contoso/licences:environment:contoso"));
    assert.deepEqual(holdDirectly(), ["Ben", "Cleo", "Dan"]);
    assert.deepEqual(journey.emulator.history.losses(), []);
  });

  it("the pull request then shows what was removed, who is blocked, and until when the next wave waits", () => {
    const [comment = ""] = github.commentsOn(7).filter((body) => body.includes("## Applied: licences of contoso"));
    for (const words of [
      "| `Staff` | EMS | assigned to the group | 3 |",
      "| `canary` | removed 1 EMS | 1 EMS | nothing | 0 | done on",
      "| `everyone` | nothing | nothing | removes 2 EMS |",
      "**Next:** the wave `everyone`. `canary` soaks for 24 hours, so it can start from **20",
      "It needs a pull request with `licensing:applyThrough: everyone`.",
      "| 1 | `EMS` | not a member of Staff |",
      "[The run](https://github.com/contoso/licences/actions/runs/",
    ]) {
      assert.ok(comment.includes(words), `${words}\n${comment}`);
    }
    github.aheadMs = DAY_MS + 60_000;
    journey.emulator.clock.advance(github.aheadMs);
  });

  it("where main has moved on since the review, nothing is applied, and it says in what", async () => {
    github.addPull({ number: 8, headSha: "", mergeSha: null });
    branch("everyone");
    const reviewed = await plan(8, commit("Everyone goes", { waves: WAVES, applyThrough: "everyone" }));
    assert.deepEqual(reviewed.jobs, { stacks: "success", "plan (contoso)": "success" }, reviewed.text);
    git(laptop, "checkout", "--quiet", "main");
    const file = join(laptop, "stacks", "Pulumi.contoso.yaml");
    writeFileSync(
      file,
      readFileSync(file, "utf8").replace("config:", "config:\n  licensing:moveLast: [ben@contoso.com]"),
    );
    git(laptop, "commit", "--quiet", "--all", "--message", "Ben goes last");
    const run = await runner.run("apply", (merged = squash(8, "everyone")));
    assert.deepEqual(run.jobs, refusedFor("contoso"), run.text);
    assert.match(run.summary, /- the stack file: .*licensing:moveLast.* is new/);
    assert.deepEqual(holdDirectly(), ["Ben", "Cleo", "Dan"]);
  });

  it("started by hand, a new plan is made, shown for approval, and applied", async () => {
    const run = await runner.run("apply", { ...merged, name: "workflow_dispatch", inputs: { stack: "contoso" } });
    assert.deepEqual(run.jobs, appliedFor("contoso"), run.text);
    assert.match(run.summary, /this run removes 2 direct assignments from 2 users/);
    assert.deepEqual(holdDirectly(), ["Dan"]);
    assert.deepEqual(journey.emulator.history.losses(), []);
  });

  it("the nightly check opens an issue when a licence came back", async () => {
    journey.emulator.tenant.assignDirect("ada@contoso.com", "EMS");
    const run = await runner.run("drift", { ...merged, name: "schedule" });
    assert.deepEqual(
      run.jobs,
      { stacks: "success", "drift (contoso)": "success", "drift (fabrikam)": "success" },
      run.text,
    );
    const [issue] = github.issues.filter(({ isPullRequest }) => !isPullRequest);
    assert.equal(issue?.title, "Licences of contoso: the tenant and the stack file differ");
    assert.match(issue.body, /### Direct licences that came back/);
  });
});
