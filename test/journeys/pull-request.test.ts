import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrationPermissions } from "../../emulator/directory/spec";
import { GitHubStandIn } from "../tools/pipeline/github-stand-in";
import { Journey } from "./journey";

const projectRoot = join(__dirname, "..", "..");
const PLAN_SUBJECT = "repo:contoso/licences:environment:contoso-plan";
const APPLY_SUBJECT = "repo:contoso/licences:environment:contoso";

/** How a step of a workflow ended. */
interface Step {
  readonly code: number | null;
  readonly text: string;
}

describe("journey: a pull request, from the plan in a comment to what was agreed on", function () {
  this.timeout(240_000);

  const journey = new Journey();
  let github: GitHubStandIn;
  let folder: string;
  let plan: string;

  before(async () => {
    github = await GitHubStandIn.start();
    folder = mkdtempSync(join(tmpdir(), "pull-request-"));
    plan = join(folder, "plan");
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
          ],
          users: ["Ada", "Ben", "Cleo", "Dan"].map((name) => ({
            displayName: name,
            userPrincipalName: `${name.toLowerCase()}@contoso.com`,
            licenses: [{ sku: "EMS" }],
          })),
          groups: [{ displayName: "Staff", members: ["ada@contoso.com", "ben@contoso.com", "cleo@contoso.com"] }],
          apps: [
            { name: "reader", permissions: reads, federated: [github.federatedFor(PLAN_SUBJECT)] },
            { name: "writer", permissions: [...migrationPermissions], federated: [github.federatedFor(APPLY_SUBJECT)] },
          ],
        },
      },
      {
        "licensing:groups": { staff: { existing: "Staff", licenses: ["EMS"] } },
        "licensing:waves": [
          { name: "canary", users: ["ada@contoso.com"] },
          { name: "everyone", percent: 100 },
        ],
        "licensing:applyThrough": "canary",
      },
    );
    github.addPull({ number: 7, headSha: "a1", mergeSha: "m1" });
  });
  after(async () => {
    await journey.end();
    await github.close();
    rmSync(folder, { recursive: true });
  });

  /** A step of a workflow: no credentials but those that GitHub's identity gives. */
  async function step(app: "reader" | "writer", words: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Step> {
    const subject = app === "reader" ? PLAN_SUBJECT : APPLY_SUBJECT;
    const { AZURE_CLIENT_ID, AZURE_TENANT_ID } = journey.emulator.credentials(app);
    const { AZURE_CLIENT_SECRET: _secret, AZURE_TOKEN_CREDENTIALS: _way, ...signedOut } = journey.stack.environment;
    const summary = join(folder, "summary.md");
    rmSync(summary, { force: true });
    const child = spawn(
      process.execPath,
      [
        ...["tools/run.mjs", "tools/pipeline.ts", ...words, "--stack", "contoso"],
        ...(words[0] === "find" ? [] : ["--config-file", journey.stack.configFile]),
      ],
      {
        cwd: projectRoot,
        env: {
          ...signedOut,
          ...github.environment(subject),
          AZURE_CLIENT_ID,
          AZURE_TENANT_ID,
          GITHUB_STEP_SUMMARY: summary,
          ...more,
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const code = await new Promise<number | null>((done) => child.on("close", done));
    return { code, text };
  }

  const review = (pullRequest: number) => {
    mkdirSync(folder, { recursive: true });
    const event = join(folder, "event.json");
    writeFileSync(event, JSON.stringify({ pull_request: { number: pullRequest } }));
    return step("reader", ["review", "--out", plan], { GITHUB_EVENT_PATH: event });
  };

  it("the plan is one comment, made with an identity that can only read", async () => {
    const said = await review(7);
    assert.equal(said.code, 0, said.text);
    assert.equal(journey.emulator.requests.writes().length, 0);
    const [comment = "", ...others] = github.commentsOn(7);
    assert.deepEqual(others, []);
    assert.match(comment, /canary/);
    assert.match(comment, /EMS/);
    assert.equal(github.identities.at(-1)?.sub, PLAN_SUBJECT);
  });

  it("is not applied when somebody has left the group since, and says who", async () => {
    const { tenant } = journey.emulator;
    tenant.leaveGroup("ada@contoso.com", "Staff");
    const said = await step("reader", ["agree", "--reviewed", plan]);
    assert.equal(said.code, 1, said.text);
    assert.match(said.text, /Nothing was applied: the tenant is not as it was when the plan of contoso was reviewed\./);
    assert.match(said.text, /wave canary: 1 user \(\S+\) in the plan would not be removed any more/);
    assert.match(readFileSync(join(folder, "summary.md"), "utf8"), /Nothing was applied/);
    assert.equal(journey.emulator.requests.writes().length, 0);
    tenant.joinGroup("ada@contoso.com", "Staff");
  });

  it("is found again after the merge, by the run that made it", async () => {
    const output = join(folder, "output");
    const push = { GITHUB_EVENT_NAME: "push", GITHUB_SHA: "m1", GITHUB_OUTPUT: output };
    const missing = await step("reader", ["find"], push);
    assert.equal(missing.code, 1);
    assert.match(missing.text, /pull request #7 has no plan of contoso for its last commit/);
    github.artifacts.push({
      name: "plan-contoso",
      runId: 4711,
      headSha: "a1",
      createdAt: "2026-11-20T09:00:00Z",
      expired: false,
      fromFork: false,
    });
    const found = await step("reader", ["find"], push);
    assert.equal(found.code, 0, found.text);
    assert.equal(readFileSync(output, "utf8"), "run-id=4711\n");
  });

  it("is what is applied, with the identity that can write, and nothing else", async () => {
    const said = await step("writer", ["apply", "--reviewed", plan]);
    assert.equal(said.code, 0, said.text);
    assert.equal(github.identities.at(-1)?.sub, APPLY_SUBJECT);
    assert.deepEqual(holdDirectly(), ["Ben", "Cleo", "Dan"]);
    assert.deepEqual(journey.emulator.history.losses(), []);
  });

  it("can't be applied twice: what it says is done", async () => {
    const said = await step("writer", ["apply", "--reviewed", plan]);
    assert.equal(said.code, 1);
    assert.match(said.text, /wave canary runs in the plan, and now is done/);
  });

  it("the nightly check opens no issue while there is nothing to do, and one when a licence came back", async () => {
    const nothing = await step("reader", ["drift", "--out", join(folder, "night")]);
    assert.equal(nothing.code, 0, nothing.text);
    assert.equal(github.issues.filter(({ isPullRequest }) => !isPullRequest).length, 0);
    journey.emulator.tenant.assignDirect("ada@contoso.com", "EMS");
    const drifted = await step("reader", ["drift", "--out", join(folder, "night")]);
    assert.equal(drifted.code, 0, drifted.text);
    const [issue] = github.issues.filter(({ isPullRequest }) => !isPullRequest);
    assert.equal(issue?.title, "Licences of contoso: the tenant and the stack file differ");
    assert.match(issue.body, /canary/);
  });

  function holdDirectly(): readonly string[] {
    const { tenant } = journey.emulator;
    return tenant.directAssignments("EMS").map(({ userId }) => tenant.user(userId).displayName);
  }
});
