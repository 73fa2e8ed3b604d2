import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { EngineWords } from "./engine-words";
import { journeyOf } from "./journey";
import { tenant } from "../providers/tenants";

const projectRoot = join(__dirname, "..", "..");
const NOT_COPIED = new Set(["node_modules", ".git", "plans"]);

describe("journey: the checkout is moved to another folder between two runs", function () {
  this.timeout(120_000);

  const journey = journeyOf(() => ({ tenant: tenant() }), {
    "licensing:groups": {
      "all-users": { existing: "All users", licenses: ["EMS"] },
      finance: { existing: "Finance department", licenses: ["ENTERPRISEPACK"] },
    },
    "licensing:waves": [
      { name: "canary", count: 2 },
      { name: "everyone", percent: 100 },
    ],
    "licensing:applyThrough": "canary",
  });
  let folder: string;
  let checkout: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "moved-checkout-"));
    checkout = join(folder, "first");
    cpSync(projectRoot, checkout, { recursive: true, filter: (file) => !NOT_COPIED.has(basename(file)) });
    symlinkSync(join(projectRoot, "node_modules"), join(checkout, "node_modules"), "junction");
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** `npm run pulumi -- …` of the copy, without what the journey's own checkout gives its engines. */
  function pulumi(...command: readonly string[]): Promise<EngineWords> {
    const { NODE_OPTIONS: _, PULUMI_LANGUAGE_NODEJS_RUN_PATH: __, ...env } = journey.stack.environment;
    const words = ["dev/run.cjs", "cli/pulumi.ts", ...journey.stack.words(command)];
    return new Promise((done) => {
      const child = execFile(process.execPath, words, { cwd: checkout, env }, (_error, stdout, stderr) => {
        done(new EngineWords({ code: child.exitCode, stdout, stderr }));
      });
    });
  }

  const direct = () => journey.emulator.tenant.directAssignmentCount("EMS");

  it("the first run removes the canary's licences", async () => {
    const said = await pulumi("up", "--yes", "--skip-preview");
    assert.equal(said.code, 0, said.text);
    assert.equal(direct(), 4);
  });

  it("from the new folder the next run goes on with the next wave", async () => {
    const moved = join(folder, "second");
    renameSync(checkout, moved);
    checkout = moved;
    journey.edit({ "licensing:applyThrough": "everyone" });
    const said = await pulumi("up", "--yes", "--skip-preview");
    assert.equal(said.code, 0, said.text);
    assert.equal(direct(), 0);
    assert.deepEqual(journey.emulator.history.losses(), []);
  });

  it("destroy, which has the providers from the state alone, finds them too: nothing is released", async () => {
    const { stack } = journey;
    const unprotected = await stack.start(["state", "unprotect", "--all", "--yes", "--stack", stack.name], "pipe")
      .ended;
    assert.equal(unprotected.code, 0, unprotected.stderr);
    const said = await pulumi("destroy", "--yes", "--skip-preview");
    assert.notEqual(said.code, 0, said.text);
    assert.match(said.text, /6 users \(.*\) would lose .*the record is whole\. Ways out: /);
  });
});
