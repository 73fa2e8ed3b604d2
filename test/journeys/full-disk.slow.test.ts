import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { seedTenant } from "../../emulator/tenants/seed";
import { cutShortStates } from "../../cli/engine/cut-short-state";
import { skipFor } from "../../dev/test/skipped";
import { EngineWords } from "./engine-words";
import { journeyOf, seedStackFile } from "./journey";

/** What the engine may write to a file while its disk is full, in bytes: less than a state has. */
const FULL = 1_024;

/**
 * The disk is full for the engine alone: Linux limits the size of what it writes, so that a write breaks off in its
 * middle, as on a full disk, and no privilege is needed. Tried beside a file system that was really full: the same.
 */
describe("journey: the disk of the state is full in the middle of a wave", function () {
  this.timeout(120_000);

  before(function () {
    if (spawnSync("prlimit", ["--version"]).status !== 0) skipFor(this, "there is no prlimit: run it on Linux");
  });

  const tenant = () => ({ tenant: seedTenant({ users: 60, finance: 6 }), processing: { joinMs: 100 } });
  const journey = journeyOf(tenant, {
    ...seedStackFile,
    "licensing:waves": [
      { name: "canary", count: 10 },
      { name: "second", count: 20 },
      { name: "everyone", percent: 100 },
    ],
    "licensing:applyThrough": "canary",
  });
  const stillDirect = () => journey.emulator.tenant.directAssignmentCount("EMS");

  it("where there is room again within half a minute, the engine has waited, and the run goes on by itself", async () => {
    const said = await upOnFullDisk({ lasts: 3_000 });
    assert.equal(said.code, 0, said.text);
    assert.equal(stillDirect(), 50);
    await journey.nightlyCheck();
  });

  it("where there is none, the run ends after the part in hand, and says that the state could not be saved", async () => {
    journey.edit({ "licensing:applyThrough": "everyone" });
    const said = await upOnFullDisk({ lasts: null });
    assert.notEqual(said.code, 0, said.text);
    assert.match(said.under("second-1").join("\n"), /failed to save snapshot/);
    assert.equal(stillDirect(), 30, "the next wave has not begun");
  });

  it("the engine left a state cut short, which it refuses, and the one before it beside it", async () => {
    const said = await journey.upRefused({});
    assert.match(said.text, /failed to load checkpoint/);
  });

  it("with the one before put in its place, the next up takes down what was done, and goes on to the same end", async () => {
    const [cut, ...others] = cutShortStates(journey.stack.environment["PULUMI_BACKEND_URL"], "entra-group-licensing");
    assert(cut !== undefined && others.length === 0, "found as `npm run pulumi` finds it");
    copyFileSync(cut.before ?? assert.fail(), cut.file);
    await journey.up();
    const { tenant, history, requests } = journey.emulator;
    assert.deepEqual(tenant.directAssignments(), []);
    assert.equal(history.removals().get(tenant.sku("EMS").skuId), 60);
    const written = requests.writes().map(({ path }) => path);
    assert.equal(new Set(written).size, written.length, "nothing was done twice");
    const { waves } = await journey.outputs();
    for (const [name, users] of [
      ["canary", 10],
      ["second", 20],
      ["everyone", 30],
    ] as const) {
      assert.equal(waves[name]?.removed["EMS"], users, name);
      assert(waves[name].doneAt !== null);
    }
  });

  it("the engine refuses a whole state beside which its own notes are cut short, and takes it without them", async () => {
    const { PULUMI_BACKEND_URL } = journey.stack.environment;
    const notes = join(
      fileURLToPath(PULUMI_BACKEND_URL ?? ""),
      ".pulumi/stacks/entra-group-licensing/contoso.json.attrs",
    );
    truncateSync(notes);
    assert.match((await journey.upRefused({})).text, /failed to load checkpoint: EOF/);
    const found = cutShortStates(PULUMI_BACKEND_URL, "entra-group-licensing");
    assert.deepEqual(found, [{ stack: "contoso", file: notes, before: null }]);
    rmSync(notes);
    await journey.nightlyCheck();
  });

  it("no user was ever without a service", () => {
    assert.deepEqual(journey.emulator.history.losses(), []);
  });

  /** An `up` with an engine that finds the disk full from its first write to a user on: for good, or for a while. */
  async function upOnFullDisk({ lasts }: { readonly lasts: number | null }): Promise<EngineWords> {
    const { stack, emulator } = journey;
    const started = stack.start(stack.words(["up", "--yes", "--skip-preview"]), "pipe");
    const limit = (bytes: number | "unlimited") =>
      execFileSync("prlimit", ["--pid", String(started.child.pid), `--fsize=${bytes}:`]);
    const fill = async () => {
      limit(FULL);
      if (lasts === null) return;
      await pause(lasts);
      limit("unlimited");
    };
    const fault = emulator.faults.add({
      match: { method: "POST", path: /^\/users\// },
      times: 1,
      then: () => void fill(),
    });
    const said = new EngineWords(await started.ended);
    fault.remove();
    assert.equal(fault.hits, 1);
    return said;
  }
});
