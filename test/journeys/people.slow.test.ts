import assert from "node:assert/strict";
import { seedTenant } from "../../emulator/tenants/seed";
import { hashPosition } from "../../licensing/plan/wave-membership";
import { journeyOf, seedStackFile } from "./journey";

/** So many that, wherever a wave halts, several units are still to come. */
const USERS = 500;
const FINANCE = 100;
/** More than one unit, so that the last ones have not been looked at when the first are written to. */
const FIRST_WAVE = 100;

describe("journey: people change the tenant in the middle of waves", function () {
  this.timeout(120_000);

  const options = () => ({
    tenant: seedTenant({ users: USERS, finance: FINANCE }),
    // Slower than the program looks, on a busy machine too: what people change takes nothing from a user until it has looked.
    processing: { joinMs: 100, leaveMs: 10_000, queueMs: 3_000 },
  });
  const journey = journeyOf(options, {
    ...seedStackFile,
    "licensing:waves": [
      { name: "first", count: FIRST_WAVE },
      { name: "rest", percent: 100 },
    ],
    "licensing:applyThrough": "first",
  });
  /** Users with a direct licence, in the order in which a wave goes through them. */
  const open = () => [...new Set(journey.emulator.tenant.directAssignments().map(({ userId }) => userId))].sort();
  const left: string[] = [];

  it("blocks a user that leaves before their removal; they keep the direct licence and the others move", async () => {
    const people = open()
      .sort((a, b) => hashPosition(a) - hashPosition(b))
      .slice(0, FIRST_WAVE)
      .sort();
    const late = people.at(-1) ?? "";
    atTheWriteTo(people[0] ?? "", () => leave(late));
    const said = await journey.up();
    assert.match(
      said.under("first-1").join("\n"),
      new RegExp(`1 user blocked, EMS: not a member of All users.*${late}`),
    );
    assert.equal((await journey.outputs()).waves["first"]?.removed["EMS"], FIRST_WAVE - 1);
    assert.ok(plansOf(late).length > 0);
  });

  it("reports a user that leaves after their removal as a departure in the next run, which does not stop", async () => {
    const [moved = ""] = journey.emulator.tenant.users().flatMap(({ id }) => (open().includes(id) ? [] : [id]));
    leave(moved);
    const said = await journey.preview();
    assert.match(said.under("migration").join("\n"), /1 user on record left their licensing group since/);
  });

  it("restores the direct licence of a user leaving between proof and write, before Entra processes it", async () => {
    journey.edit({ "licensing:applyThrough": "rest" });
    const [late = ""] = open().filter((id) => !left.includes(id));
    atTheWriteTo(late, () => leave(late));
    const said = await journey.upHalted();
    assert.match(
      said.under("rest-1").join("\n"),
      new RegExp(`halted: user ${late}: .*the direct licence was put back`),
    );
    assert.ok(open().includes(late));
    assert.deepEqual(lossesOf(late), []);
  });

  it("a group narrowed at the write: written users have the plans by the direct licence, and the wave halts", async () => {
    const { tenant } = journey.emulator;
    const inFinance = tenant.directAssignments("ENTERPRISEPACK").map(({ userId }) => userId);
    const [first = ""] = open().filter((id) => inFinance.includes(id) && !left.includes(id));
    atTheWriteTo(first, () =>
      tenant.setGroupLicenses("Finance department", [{ sku: "ENTERPRISEPACK", disabledPlans: ["TEAMS1"] }]),
    );
    const said = await journey.upHalted();
    assert.match(said.under("rest-1").join("\n"), /halted: .*the direct licence was put back/);
    assert.ok(open().includes(first));
    assert.deepEqual(lossesOf(first), []);
  });

  it("the next up gives the group back what is declared; where many users leave that the plan thought safe, the wave halts", async () => {
    const waiting = open().filter((id) => !left.includes(id));
    const many = waiting.slice(-Math.ceil(waiting.length / 5));
    atTheWriteTo(waiting[0] ?? "", () => many.forEach(leave));
    const said = await journey.upHalted();
    assert.match(
      said.under("rest-1").join("\n"),
      /halted: \d+ users of the first \d+ have a licence that is blocked and that the plan thought safe/,
    );
    assert.ok(many.every((id) => open().includes(id)));
  });

  it("the next one goes on to the end: all are moved but users that left before their turn", async () => {
    await journey.up();
    const [, departed = ""] = left;
    assert.deepEqual(open(), left.filter((id) => id !== departed).sort());
    assert.deepEqual(journey.emulator.history.losses({ except: "people" }), [], "by this program");
    await journey.nightlyCheck();
  });

  /** Happens when the next removal from this user has come to Graph, and before it is done. */
  function atTheWriteTo(userId: string, then: () => void): void {
    journey.emulator.faults.add({ match: { method: "POST", path: /assignLicense/, userId }, times: 1, then });
  }

  function leave(person: string): void {
    left.push(person);
    journey.emulator.tenant.leaveGroup(person, "All users");
  }

  function plansOf(person: string): readonly string[] {
    return journey.emulator.tenant.effectivePlans(person);
  }

  function lossesOf(person: string) {
    return journey.emulator.history.losses().filter(({ userId }) => userId === person);
  }
});
