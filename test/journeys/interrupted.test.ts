import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { seedTenant } from "../../emulator/tenants/seed";
import { EngineWords } from "./engine-words";
import { journeyOf, seedStackFile } from "./journey";

/** As many as the product reads, proves and writes at a time, with two groups. */
const UNIT = 59;
/** Several units. */
const WAVE = 4 * UNIT;

describe("journey: Ctrl-C", function () {
  this.timeout(120_000);

  const slowTenant = () => ({
    tenant: seedTenant({ users: 3 * WAVE, finance: 24 }),
    latencyMs: 100,
    processing: { joinMs: 100 },
  });
  const journey = journeyOf(slowTenant, {
    ...seedStackFile,
    "licensing:waves": [
      { name: "first", count: WAVE },
      { name: "second", count: WAVE },
      { name: "third", percent: 100 },
    ],
    "licensing:applyThrough": "third",
  });
  const stillDirect = () => journey.emulator.tenant.directAssignmentCount("EMS");

  it("once: the part in hand runs to its end with all of it in the state, and no later wave is touched", async () => {
    const { said } = await upInterrupted(1);
    assert.notEqual(said.code, 0);
    assert.equal(stillDirect(), 2 * WAVE);
    const { slices } = await journey.state();
    const { status, lastRemoved, pending } = slices["first-1"] ?? assert.fail();
    assert.deepEqual([status, lastRemoved["EMS"], pending], ["done", WAVE, {}]);
    assert.deepEqual(Object.keys(slices), ["first-1"]);
  });

  it("twice: the provider writes nothing more after the unit in hand", async () => {
    const { said, writesBefore } = await upInterrupted(2);
    assert.notEqual(said.code, 0);
    await pause(2_000);
    const { requests } = journey.emulator;
    const later = requests.writes().length - writesBefore;
    assert(later <= UNIT, `${later} writes after the second one`);
    assert(stillDirect() > WAVE && stillDirect() < 2 * WAVE, "in the middle of the second wave");
  });

  it("after that an up goes on, and names the command that clears what it warns of", async () => {
    const said = await journey.up();
    assert.match(said.text, /pending CREATE|interrupted/i);
    assert.match(said.text, /pulumi refresh/);
    assert.deepEqual(journey.emulator.tenant.directAssignments(), []);
    const { waves } = await journey.outputs();
    assert.deepEqual(
      [waves["first"], waves["second"], waves["third"]].map((wave) => wave?.removed["EMS"]),
      [WAVE, WAVE, WAVE],
    );
  });

  it("that command, Pulumi's own, clears it, and the nightly check is quiet", async () => {
    const cleared = new EngineWords(
      await journey.stack.run(["refresh", "--clear-pending-creates", "--yes", "--skip-preview"]),
    );
    assert.equal(cleared.code, 0, cleared.text);
    const said = await journey.nightlyCheck();
    assert.doesNotMatch(said.text, /pending|interrupted/i);
  });

  it("no user was ever without a service, and nothing was done twice", () => {
    const { history, requests } = journey.emulator;
    assert.deepEqual(history.losses(), []);
    const written = requests.writes().map(({ path }) => path);
    assert.equal(new Set(written).size, written.length);
  });

  /** An `up` that gets Ctrl-C so many times, half a second apart, in the middle of the wave that it comes to first. */
  async function upInterrupted(times: 1 | 2): Promise<{ readonly said: EngineWords; readonly writesBefore: number }> {
    const { stack, emulator } = journey;
    const started = stack.start(stack.words(["up", "--yes", "--skip-preview"]), "pipe");
    const interrupt = () => started.child.kill("SIGINT");
    let writesBefore = 0;
    const press = async () => {
      interrupt();
      await pause(300);
      if (times === 2) interrupt();
      writesBefore = emulator.requests.writes().length;
    };
    const match = { method: "POST", path: /^\/users\// };
    emulator.faults.add({ match, after: 25, times: 1, then: () => void press() });
    const said = new EngineWords(await started.ended);
    return { said, writesBefore };
  }
});
