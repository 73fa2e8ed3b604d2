import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../emulator";
import { madeGroupPermissions, migrationPermissions } from "../../emulator/directory/spec";
import { ONLY_IN_E3 } from "../providers/e3-group";
import { tenantOfMove } from "../providers/move-tenant";
import { upn } from "../providers/tenants";
import { journeyOf } from "./journey";
import { Killer, type Strike } from "./killer";

const USERS = 45;
const names = Array.from({ length: USERS }, (_, at) => `user${at}`);
const HOUR_MS = 3_600_000;

const canary = { name: "canary", users: names.slice(0, 5).map(upn), soak: "1 hour" };
const everyone = { name: "everyone", percent: 100 };

const stackFile = {
  "licensing:groups": {
    "e3-users": { existing: "E3 users", licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: [ONLY_IN_E3] }] },
    "e5-users": { existing: "E5 users", licenses: ["SPE_E5"] },
  },
  "licensing:moves": [{ from: "e3-users", to: "e5-users" }],
  "licensing:waves": [canary, everyone],
  "licensing:applyThrough": "everyone",
};

/** Where a run of a move can be, in order. */
const KILLS: readonly (Strike & { readonly where: string })[] = [
  { where: "users are added", match: { method: "PATCH" }, after: 0, delayMs: 0, victim: "everything" },
  { where: "the first users leave", match: { method: "DELETE" }, after: 0, delayMs: 0, victim: "the provider" },
  { where: "more users leave", match: { method: "DELETE" }, after: 5, delayMs: 0, victim: "everything" },
  { where: "the last are read back", match: { method: "DELETE" }, after: 0, delayMs: 300, victim: "the engine" },
];

/** Each run has an app of its own to sign in as. */
function tenant(changes: Parameters<typeof tenantOfMove>[0] = {}): EmulatorOptions {
  const apps = Array.from({ length: KILLS.length + 1 }, (_, run) => ({
    name: `run ${run}`,
    permissions: [...migrationPermissions, ...madeGroupPermissions],
  }));
  return {
    tenant: tenantOfMove({ names, more: { apps }, ...changes }),
    processing: { queueMs: 100, joinMs: 400, leaveMs: 400 },
    latencyMs: 10,
  };
}

describe("journey: members go from group to group in waves", function () {
  this.timeout(240_000);

  const journey = journeyOf(() => tenant({ seats: 4, from: { appRoles: ["Salesforce"] } }), stackFile);
  const people = () => journey.emulator.tenant;
  const counts = () => [people().group("E3 users").userMembers.size, people().group("E5 users").userMembers.size];

  it("a group that gives an app role is refused, with the key to write", async () => {
    const said = await journey.previewRefused({});
    assert.match(said.text.replaceAll(/\s+/g, " "), /E3 users serves more than licences: an app role of Salesforce/);
    journey.edit({
      "licensing:moves": [{ from: "e3-users", to: "e5-users", acceptOtherUses: ["e3-users"] }],
    });
  });

  it("a wave without seats is refused before anything is written, with the number that is missing", async () => {
    for (const said of [await journey.previewRefused({}), await journey.upRefused({})]) {
      assert.match(said.text, /SPE_E5: 1 seat is missing \(4 are left\) for E3 users → E5 users/);
    }
    people().setSeats("SPE_E5", USERS);
  });

  it("a preview announces the users and the peak of seats", async () => {
    const said = await journey.preview();
    assert.match(
      said.under("canary").join("\n"),
      /move 5 users E3 users → E5 users, with 5 of 45 free seats of SPE_E5/,
    );
  });

  it("the canary goes, and the others wait until it has soaked", async () => {
    await journey.up();
    assert.deepEqual(counts(), [USERS - 5, 5]);
    await journey.nightlyCheck();
    journey.emulator.clock.advance(HOUR_MS);
    await journey.up();
    assert.deepEqual(counts(), [0, USERS]);
    await journey.nightlyCheck();
  });

  it("and no user was without a service at any moment", () => {
    assert.deepEqual(journey.emulator.history.losses(), []);
  });

  it("a rollback of the canary brings these users back, with all that E3 gave them", async () => {
    journey.edit({ "licensing:waves": [{ ...canary, rollback: true }, everyone] });
    await journey.up();
    assert.deepEqual(counts(), [5, USERS - 5]);
    const ofE3 = new Set(
      people()
        .sku("ENTERPRISEPACK")
        .servicePlans.map(({ servicePlanId }) => servicePlanId),
    );
    const lost = journey.emulator.history.losses().flatMap(({ planIds }) => planIds);
    assert.deepEqual(
      lost.filter((planId) => ofE3.has(planId)),
      [],
    );
    await journey.nightlyCheck();
  });
});

describe(`journey: members go from group to group, killed ${KILLS.length} times`, function () {
  this.timeout(240_000);

  const journey = journeyOf(() => tenant(), { ...stackFile, "licensing:waves": [everyone] });
  const killer = new Killer(journey);

  for (const [index, each] of KILLS.entries()) {
    it(`${each.victim} is killed where ${each.where}`, async () => {
      await killer.unlock();
      await killer.upKilled(each, `run ${index + 1}`);
      assert.deepEqual(journey.emulator.history.losses(), []);
    });
  }

  it("the next up ends it, no user was without a service, and the night after has nothing to do", async () => {
    await killer.unlock();
    await journey.up();
    const { tenant: people, history } = journey.emulator;
    assert.deepEqual(
      [people.group("E3 users").userMembers.size, people.group("E5 users").userMembers.size],
      [0, USERS],
    );
    assert.deepEqual(people.directAssignments(), [], "no repair was needed");
    assert.deepEqual(history.losses(), []);
    await journey.nightlyCheck();
  });

  it("every user that moved is on record, whichever run moved it: a rollback brings all of them back", async () => {
    journey.edit({ "licensing:waves": [{ ...everyone, rollback: true }] });
    await journey.up();
    const { tenant: people } = journey.emulator;
    assert.deepEqual(
      [people.group("E3 users").userMembers.size, people.group("E5 users").userMembers.size],
      [USERS, 0],
    );
  });

  it("no provider outlived its engine", async () => {
    await killer.untilAllEnded();
  });

  after(() => killer.end());
});
