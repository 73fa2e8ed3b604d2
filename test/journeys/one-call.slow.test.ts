import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../emulator";
import { migrationPermissions } from "../../emulator/directory/spec";
import { ENTERPRISEPACK } from "../../emulator/tenants/products";
import { tenantOfE1Group } from "../providers/one-call-tenant";
import { journeyOf } from "./journey";
import { Killer, type Strike } from "./killer";
import { rehearsed } from "./rehearsed";
import { lossesBesideSuccessors } from "./replaced-skus";

const USERS = 70;
const names = Array.from({ length: USERS }, (_, at) => `user${at}`);

const staff = (group: Record<string, unknown>) => ({
  "licensing:groups": { staff: { existing: "Staff", licenses: ["ENTERPRISEPACK"], ...group } },
});
const SWAP = staff({ swapInOneCall: ["STANDARDPACK"] });
const GROUP_WRITE = { method: "POST", path: /^\/groups\// };

/** Where a run of this change can be, in order. */
const KILLS: readonly (Strike & { readonly where: string })[] = [
  {
    where: "the members are read for the call",
    match: { path: /\/members/ },
    after: 2,
    delayMs: 0,
    victim: "everything",
  },
  { where: "the call is on its way", match: GROUP_WRITE, after: 0, delayMs: 0, victim: "everything" },
  { where: "members are read back", match: { path: /\/members/ }, after: 1, delayMs: 0, victim: "the provider" },
];

/** Each run has an app of its own to sign in as. */
function tenant(seats: number): EmulatorOptions {
  const apps = Array.from({ length: KILLS.length + 1 }, (_, run) => ({
    name: `run ${run}`,
    permissions: [...migrationPermissions],
  }));
  return { tenant: { ...tenantOfE1Group({ names, seats }), apps }, processing: { queueMs: 500 }, latencyMs: 20 };
}

describe("journey: a group swaps E1 for E3, which exclude each other, in one call", function () {
  this.timeout(120_000);
  const journey = journeyOf(() => tenant(USERS - 1), SWAP);
  const onGroup = () => journey.emulator.tenant.group("Staff").licenses.map(({ skuId }) => skuId);

  it("is refused before anything is written while a seat is missing, in the preview and without one", async () => {
    for (const said of [await journey.previewRefused(SWAP), await journey.upRefused(SWAP)]) {
      assert.match(said.text, /too few seats\. ENTERPRISEPACK: 1 seat is missing \(69 are left\)/);
    }
  });

  it("without the key the two steps are refused, with the members", async () => {
    journey.emulator.tenant.setSeats("ENTERPRISEPACK", USERS);
    const said = await journey.previewRefused(staff({ removeLicenses: ["STANDARDPACK"] }));
    assert.match(said.text, /would take .* from 70 users/);
  });

  it("a preview announces the call, and that it is not proven beforehand", async () => {
    journey.edit(SWAP);
    const said = (await journey.preview()).row("staff").join("\n");
    assert.match(said, /swap STANDARDPACK for ENTERPRISEPACK in one call for 70 members; that cannot be proven/);
    assert.match(said, /warning: Staff swaps STANDARDPACK for ENTERPRISEPACK in one call for 70 members/);
  });

  it("a rehearsal makes it on the copy, and finds no loss", async () => {
    const rehearsal = await rehearsed(journey, { ...SWAP, "licensing:waves": [{ name: "everyone", percent: 100 }] });
    assert.deepEqual([rehearsal?.lost, rehearsal?.verdict.word], [[], "needs-a-look"]);
    assert.match(rehearsal?.verdict.summary ?? "", /The swap in one call of staff went well here, and stays unproven/);
  });

  it("one up makes one write, and the night after has nothing to do", async () => {
    await journey.up();
    assert.deepEqual(onGroup(), [ENTERPRISEPACK.skuId]);
    assert.equal(journey.emulator.requests.writes().length, 1);
    await journey.nightlyCheck();
  });

  it("and no user was without a service at any moment, successors counted", () => {
    assert.deepEqual(lossesBesideSuccessors(journey.emulator), []);
  });
});

describe(`journey: a swap of a group in one call, killed ${KILLS.length} times`, function () {
  this.timeout(120_000);
  const journey = journeyOf(() => tenant(USERS), SWAP);
  const killer = new Killer(journey);

  for (const [index, each] of KILLS.entries()) {
    it(`${each.victim} is killed where ${each.where}`, async () => {
      await killer.unlock();
      const said = await killer.upKilled(each, `run ${index + 1}`);
      assert.notEqual(said.code, 0, said.text);
      assert.deepEqual(lossesBesideSuccessors(journey.emulator), []);
    });
  }

  it("the next up reads the members back, and the night after has nothing to do", async () => {
    await killer.unlock();
    const reads = () => journey.emulator.requests.count({ path: /^\/groups\/[^/]+\/members/ });
    const before = reads();
    await journey.up();
    assert(reads() - before >= 2, "members are read for the plan, and read back from the record");
    const { tenant: people } = journey.emulator;
    assert.deepEqual(
      people.group("Staff").licenses.map(({ skuId }) => skuId),
      [ENTERPRISEPACK.skuId],
    );
    assert.deepEqual(people.directAssignments(), [], "no repair was needed");
    assert.equal(journey.emulator.requests.writes().length, 1, "the call was made once, by a run that was killed");
    await journey.nightlyCheck();
    assert.deepEqual(lossesBesideSuccessors(journey.emulator), []);
  });

  it("no provider outlived its engine", async () => {
    await killer.untilAllEnded();
  });

  after(() => killer.end());
});
