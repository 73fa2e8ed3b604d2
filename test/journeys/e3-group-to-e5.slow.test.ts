import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../emulator";
import { migrationPermissions } from "../../emulator/directory/spec";
import { SPE_E5, tenantOfE3Group } from "../providers/e3-group";
import { e3 } from "../providers/tenants";
import { journeyOf } from "./journey";
import { Killer, type Strike } from "./killer";

const USERS = 70;
const names = Array.from({ length: USERS }, (_, at) => `user${at}`);

const staff = (licenses: readonly unknown[], removeLicenses?: readonly string[]) => ({
  "licensing:groups": { staff: { existing: "Staff", licenses, ...(removeLicenses && { removeLicenses }) } },
});
const toE5 = staff(["SPE_E5"], ["ENTERPRISEPACK"]);

/** A write to the group, of which a run makes one for each step. */
const GROUP_WRITE = { method: "POST", path: /^\/groups\// };

/** Where a run of this change can be, in order. */
const KILLS: readonly (Strike & { readonly where: string })[] = [
  { where: "E5 is assigned", match: GROUP_WRITE, after: 0, delayMs: 0, victim: "the provider" },
  { where: "the gate looks", match: { path: /^\/auditLogs\// }, after: 0, delayMs: 0, victim: "everything" },
  { where: "members are read back", match: GROUP_WRITE, after: 0, delayMs: 300, victim: "everything" },
];

/** Each run has an app of its own to sign in as. */
function tenant(seats: number): EmulatorOptions {
  const apps = Array.from({ length: KILLS.length + 2 }, (_, run) => ({
    name: `run ${run}`,
    permissions: [...migrationPermissions],
  }));
  return { tenant: { ...tenantOfE3Group(seats, { names }), apps }, processing: { queueMs: 500 }, latencyMs: 20 };
}

describe("journey: a group gives E5 in place of E3", function () {
  this.timeout(120_000);

  const journey = journeyOf(() => tenant(USERS - 1), toE5);
  const people = () => journey.emulator.tenant;
  const onGroup = () =>
    people()
      .group("Staff")
      .licenses.map(({ skuId }) => skuId)
      .sort();

  it("is refused before anything is written while a seat is missing, in the preview and without one", async () => {
    for (const said of [await journey.previewRefused(toE5), await journey.upRefused(toE5)]) {
      assert.match(said.text, /SPE_E5: 1 seat is missing \(69 are left\)/);
    }
  });

  it("a preview announces both steps", async () => {
    people().setSeats("SPE_E5", USERS);
    const said = await journey.preview();
    assert.match(
      said.row("staff").join("\n"),
      /assign SPE_E5 to 70 members; then take ENTERPRISEPACK .*off the group, when every member is verified/,
    );
  });

  it("one up does both, with two writes, and the night after has nothing to do", async () => {
    await journey.up();
    assert.deepEqual(onGroup(), [SPE_E5.skuId]);
    assert.deepEqual(
      journey.emulator.requests.writes().map(({ path }) => path),
      [`/groups/${people().group("Staff").id}/assignLicense`, `/groups/${people().group("Staff").id}/assignLicense`],
    );
    await journey.nightlyCheck();
  });

  it("and no user was without a service at any moment", () => {
    assert.deepEqual(journey.emulator.history.losses(), []);
  });

  it("the way back is the same change the other way round, refused where E5 gives what E3 does not", async () => {
    const back = staff([{ sku: "ENTERPRISEPACK", disabledPlans: ["KAIZALA_O365_P3"] }], ["SPE_E5"]);
    const refused = await journey.previewRefused(back);
    assert.match(refused.text, /would take AAD_PREMIUM.* from 70 users/);
    const mayLose = [
      "AAD_PREMIUM",
      "AAD_PREMIUM_P2",
      "ADALLOM_S_DISCOVERY",
      "INTUNE_A",
      "MFA_PREMIUM",
      "RMS_S_PREMIUM",
    ];
    journey.edit({ ...back, "licensing:acceptLoss": [{ group: "staff", sku: "SPE_E5", plans: mayLose }] });
    await journey.up();
    assert.deepEqual(onGroup(), [e3]);
    const lost = new Set(journey.emulator.history.losses().flatMap(({ planIds }) => planIds));
    assert.deepEqual([...lost].sort(), mayLose.map((plan) => people().plan(plan)).sort(), "nothing else");
  });
});

describe(`journey: a group gives E5 in place of E3, killed ${KILLS.length + 1} times`, function () {
  this.timeout(120_000);

  const journey = journeyOf(() => tenant(USERS), toE5);
  const killer = new Killer(journey);

  async function killedAt(each: Strike, app: string): Promise<void> {
    await killer.unlock();
    const said = await killer.upKilled(each, app);
    assert.notEqual(said.code, 0, said.text);
    assert.deepEqual(journey.emulator.history.losses(), []);
  }

  async function endsWell(): Promise<void> {
    await killer.unlock();
    const reads = () => journey.emulator.requests.count({ path: /^\/groups\/[^/]+\/members/ });
    const before = reads();
    await journey.up();
    assert(reads() - before >= 2, "members are read for the plan, and read back from the record");
    const { tenant: people, history } = journey.emulator;
    assert.deepEqual(
      people.group("Staff").licenses.map(({ skuId }) => skuId),
      [SPE_E5.skuId],
    );
    assert.deepEqual(people.directAssignments(), [], "no repair was needed");
    await journey.nightlyCheck();
    assert.deepEqual(history.losses(), []);
  }

  for (const [index, each] of KILLS.entries()) {
    it(`${each.victim} is killed where ${each.where}`, () => killedAt(each, `run ${index + 1}`));
  }

  it("the next up ends it, and the night after has nothing to do", endsWell);

  it("and once more with both on the group, killed at the very write that takes E3 off", async () => {
    journey.edit(staff(["SPE_E5", { sku: "ENTERPRISEPACK", disabledPlans: ["KAIZALA_O365_P3"] }]));
    await journey.up();
    journey.edit(toE5);
    await killedAt({ match: GROUP_WRITE, after: 0, delayMs: 0, victim: "everything" }, `run ${KILLS.length + 1}`);
    await endsWell();
  });

  it("no provider outlived its engine", async () => {
    await killer.untilAllEnded();
  });

  after(() => killer.end());
});
