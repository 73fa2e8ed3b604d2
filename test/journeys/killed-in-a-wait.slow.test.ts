import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { seedTenant } from "../../emulator/tenants/seed";
import { journeyOf, seedStackFile } from "./journey";
import { familyOf, isAlive, kill, until } from "./processes";

describe("journey: an engine that is killed while a wave waits for Graph", function () {
  this.timeout(150_000);

  const journey = journeyOf(() => ({ tenant: seedTenant({ users: 40, finance: 4 }), processing: { joinMs: 100 } }), {
    ...seedStackFile,
    "licensing:waves": [{ name: "everyone", percent: 100 }],
    "licensing:applyThrough": "everyone",
  });

  it("the provider does not wait the nine minutes: it ends within seconds, and writes nothing more", async () => {
    const { stack, emulator } = journey;
    const match = { method: "POST", path: /^\/users\// };
    const refused = emulator.faults.add({ match, times: 1, then: { status: 429, retryAfter: 540 } });
    const started = stack.start(stack.words(["up", "--yes", "--skip-preview"]), "pipe");
    const { engine, provider = assert.fail("no provider") } = await whileItWaits();
    const written = emulator.requests.writes().length;
    kill(engine);
    await started.ended;
    try {
      await until(() => !isAlive(provider), 60_000, "the provider still waits for Graph");
    } finally {
      if (isAlive(provider)) kill(provider);
    }
    assert.equal(emulator.requests.writes().length, written);
    assert(emulator.tenant.directAssignmentCount("EMS") > 0, "refused users are as before");
    assert.deepEqual(emulator.history.losses(), []);

    async function whileItWaits() {
      await until(() => refused.hits > 0, 30_000, "no write was refused");
      await pause(1_500);
      return familyOf(started.child.pid ?? assert.fail("the engine did not start"));
    }
  });
});
