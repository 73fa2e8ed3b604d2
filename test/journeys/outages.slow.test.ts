import assert from "node:assert/strict";
import type { FaultEffect, FaultHandle } from "../../emulator";
import { seedTenant } from "../../emulator/tenants/seed";
import { hashPosition } from "../../licensing/plan/wave-membership";
import { journeyOf, seedStackFile } from "./journey";

const USERS = 150;
const LIFETIME_SECONDS = 600;

/** Each wave meets another trouble in its middle. */
const WAVES = ["token", "secret", "blip", "away", "rest"] as const;

describe("journey: sign-in and network fail in the middle of waves", function () {
  this.timeout(120_000);

  const tenant = seedTenant({ users: USERS, finance: 15 });
  const options = { tenant, processing: { joinMs: 100 }, tokenLifetimeSeconds: LIFETIME_SECONDS };
  const journey = journeyOf(() => options, {
    ...seedStackFile,
    "licensing:waves": WAVES.map((name) => (name === "rest" ? { name, percent: 100 } : { name, count: 30 })),
  });
  const stillDirect = () => journey.emulator.tenant.directAssignmentCount("EMS");

  it("a token that expires is renewed, and the wave goes on", async () => {
    const { clock, requests } = journey.emulator;
    duringWave("token", () => {
      clock.advance(LIFETIME_SECONDS * 1_000);
    });
    const signedIn = requests.signIns();
    await journey.up();
    assert(requests.count({ status: 401 }) >= 1, "Graph refused the token that had expired");
    assert(requests.signIns() >= signedIn + 3, "program and provider sign in, and the provider once more");
    assert.equal(stillDirect(), USERS - 30);
  });

  it("a credential that is revoked halts the wave: it says so, and what was done is in the state", async () => {
    const { clock, tenant } = journey.emulator;
    duringWave("secret", () => {
      tenant.setSecret("migration", "another secret");
      clock.advance(LIFETIME_SECONDS * 1_000);
    });
    const said = await journey.upHalted();
    assert.match(said.under("secret-1").join("\n"), /wave secret \(1 of 1\) halted: .*AADSTS7000215/);
    const left = stillDirect() - (USERS - 60);
    assert(left > 0 && left < 30, `${left} left: in the middle`);
    const { status, pending } = (await journey.state()).slices["secret-1"] ?? assert.fail();
    assert.deepEqual([status, pending["EMS"]], ["halted", left]);
  });

  it("with that credential nothing starts any more, and with the new one the next up goes on", async () => {
    const refused = await journey.upRefused({});
    assert.match(refused.text, /AADSTS7000215/);
    // Users with a removal that could not be read back are owed their licence: the first run pays, the next one goes on.
    await journey.up({ environment: journey.emulator.credentials() });
    await journey.up({ environment: journey.emulator.credentials() });
    assert.equal(stillDirect(), USERS - 60);
  });

  it("a network that is away for a second is waited for", async () => {
    const { emulator } = journey;
    duringWave("blip", () => {
      emulator.unplug();
      setTimeout(() => void emulator.plug(), 1_000);
    });
    await journey.up({ environment: emulator.credentials() });
    assert.equal(stillDirect(), USERS - 90);
  });

  it("one that stays away halts the wave in words, and while it is away nothing starts", async () => {
    const { emulator } = journey;
    journey.edit({ "licensing:applyThrough": "away" });
    const people = [...new Set(emulator.tenant.directAssignments().map(({ userId }) => userId))]
      .sort((a, b) => hashPosition(a) - hashPosition(b))
      .slice(0, 30)
      .sort();
    // Between two units; with writes in hand, reading back tries for minutes (test/providers/removal-trouble).
    const match = { method: "GET", path: /memberOf/, userId: people[19] ?? "" };
    emulator.faults.add({
      match,
      times: 1,
      then: () => {
        emulator.unplug();
      },
    });
    const said = await journey.upHalted({ environment: emulator.credentials() });
    assert.match(said.under("away-1").join("\n"), /wave away \(1 of 1\) halted: .*localhost/);
    const refused = await journey.upRefused({}, { environment: emulator.credentials() });
    assert.match(refused.text, /localhost/);
  });

  it("when it is back, the next up goes on to the end", async () => {
    const { emulator } = journey;
    await emulator.plug();
    journey.edit({ "licensing:applyThrough": "rest" });
    await journey.up({ environment: emulator.credentials() });
    assert.deepEqual(emulator.tenant.directAssignments(), []);
    const { waves } = await journey.outputs();
    for (const name of WAVES) {
      assert.deepEqual([waves[name]?.removed["EMS"], waves[name]?.pending, waves[name]?.blocked], [30, {}, {}], name);
    }
  });

  it("no user was ever without a service", () => {
    assert.deepEqual(journey.emulator.history.losses(), []);
  });

  /** Lets the next `up` go as far as this wave, and this happen in the middle of it. */
  function duringWave(wave: (typeof WAVES)[number], then: FaultEffect): FaultHandle {
    journey.edit({ "licensing:applyThrough": wave });
    const match = { method: "POST", path: /^\/users\/.+\/assignLicense$/ };
    return journey.emulator.faults.add({ match, after: 10, times: 1, then });
  }
});
