import assert from "node:assert/strict";
import type { FaultEffect } from "../../emulator";
import { seedTenant } from "../../emulator/tenants/seed";
import { standing } from "../../licensing/wave-membership";
import { journeyOf, seedStackFile } from "./journey";

const USERS = 160;
const FINANCE = 40;
const WAVE = 40;

describe("journey: people change the tenant in the middle of waves", function () {
  this.timeout(120_000);

  const options = () => ({
    tenant: seedTenant({ users: USERS, finance: FINANCE }),
    processing: { joinMs: 100, leaveMs: 100 },
  });
  const journey = journeyOf(options, {
    ...seedStackFile,
    "licensing:waves": [
      { name: "leaving", count: WAVE },
      { name: "fleeing", count: WAVE },
      { name: "narrowed", count: WAVE },
      { name: "rest", percent: 100 },
    ],
  });
  /** The people of the next wave, in the order in which it takes them. */
  let people: readonly string[];
  const gone: string[] = [];

  it("who leaves before their turn keeps the direct licence and is blocked, and the others go on", async () => {
    duringWave("leaving", () => {
      for (const person of [people[0], people.at(-1)]) leave(person ?? "");
    });
    const said = await journey.up();
    const [moved = "", kept = ""] = gone;
    assert.deepEqual(plansOf(moved), [], "taken out after the direct licence had gone: people ended it");
    assert(plansOf(kept).length > 0);
    assert.match(
      said.under("leaving-1").join("\n"),
      new RegExp(`1 user blocked, EMS: not a member of All users.*${kept}`),
    );
    assert.equal((await journey.outputs()).waves["leaving"]?.removed["EMS"], WAVE - 1);
  });

  it("the next run reports the departure, and stops nothing for it", async () => {
    const said = await journey.preview();
    assert.match(said.under("migration").join("\n"), /1 user on record left their licensing group since/);
  });

  it("where many leave whom the plan thought safe, the wave halts: the plan is of another tenant", async () => {
    duringWave("fleeing", () => {
      people.slice(-15).forEach(leave);
    });
    const said = await journey.upHalted();
    assert.match(
      said.under("fleeing-1").join("\n"),
      /wave fleeing \(1 of 1\) halted: 13 users of the first 38 are blocked whom the plan thought safe/,
    );
    assert(people.slice(-15).every((person) => plansOf(person).length > 0));
    await journey.up();
    assert.equal((await journey.outputs()).waves["fleeing"]?.removed["EMS"], WAVE - 15);
  });

  it("a group that is narrowed halts the wave, whose members lose the plan to people alone", async () => {
    const { tenant, clock } = journey.emulator;
    duringWave("narrowed", () => {
      tenant.setGroupLicenses("Finance department", [{ sku: "ENTERPRISEPACK", disabledPlans: ["TEAMS1"] }]);
      clock.advance(60_000);
    });
    const said = await journey.upHalted();
    assert.match(said.under("narrowed-1").join("\n"), /wave narrowed \(1 of 1\) halted: .*Finance department/);
    const withoutTeams = journey.emulator.history
      .losses()
      .filter(({ planIds }) => planIds.includes(tenant.plan("TEAMS1")));
    assert(withoutTeams.length > 0, "members moved by the waves before");
    assert(withoutTeams.every(({ cause }) => cause.by === "people"));
  });

  it("the next up gives the group back what is declared, and goes on to the end", async () => {
    journey.edit({ "licensing:applyThrough": "rest" });
    await journey.up();
    const { tenant } = journey.emulator;
    const left = new Set(tenant.directAssignments().map(({ userId }) => userId));
    assert.deepEqual([...left].sort(), gone.slice(1).sort(), "all but those who left before their turn");
    for (const { id } of tenant.users().slice(0, FINANCE)) {
      if (!gone.includes(id)) assert(plansOf(id).includes(tenant.plan("TEAMS1")));
    }
  });

  it("nobody lost anything by this program", () => {
    assert.deepEqual(journey.emulator.history.losses({ except: "people" }), []);
  });

  /** Lets the next `up` go as far as this wave, and this happen when its first users have been moved. */
  function duringWave(wave: string, then: FaultEffect): void {
    journey.edit({ "licensing:applyThrough": wave });
    const { tenant, faults } = journey.emulator;
    const stay = new Set(gone);
    people = [...new Set(tenant.directAssignments().map(({ userId }) => userId))]
      .filter((id) => !stay.has(id))
      .sort((a, b) => standing(a) - standing(b))
      .slice(0, WAVE)
      .sort();
    // The second unit: the first 19 people are moved, and the last ones have not been looked at.
    faults.add({ match: { method: "GET", path: /^\/users\/.+memberOf/ }, after: 19, times: 1, then });
  }

  function leave(person: string): void {
    gone.push(person);
    journey.emulator.tenant.leaveGroup(person, "All users");
  }

  function plansOf(person: string): readonly string[] {
    return journey.emulator.tenant.effectivePlans(person);
  }
});
