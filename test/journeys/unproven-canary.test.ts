import assert from "node:assert/strict";
import type { TenantSpec, UserSpec } from "../../emulator";
import { EMS, ENTERPRISEPACK } from "../../emulator/tenants/products";
import { journeyOf, seedStackFile } from "./journey";

const PEOPLE = Array.from({ length: 40 }, (_, at) => `user${at}@contoso.com`);
const CANARY = PEOPLE.slice(0, 3);

/** 40 users with EMS and Office 365 E3: ten are not in Finance, and three of them not even in All users. */
function tenant(): TenantSpec {
  return {
    skus: [
      { ...EMS, seats: 50 },
      { ...ENTERPRISEPACK, seats: 50 },
    ],
    users: PEOPLE.map((userPrincipalName): UserSpec => ({
      userPrincipalName,
      licenses: [{ sku: "EMS" }, { sku: "ENTERPRISEPACK" }],
    })),
    groups: [
      { displayName: "All users", members: PEOPLE.slice(3), licenses: [{ sku: "EMS" }] },
      { displayName: "Finance department", members: PEOPLE.slice(10), licenses: [{ sku: "ENTERPRISEPACK" }] },
    ],
  };
}

describe("journey: a canary with all users blocked", function () {
  this.timeout(120_000);

  const journey = journeyOf(() => ({ tenant: tenant(), processing: { joinMs: 100 } }), {
    ...seedStackFile,
    "licensing:waves": [
      { name: "canary", users: CANARY, soak: "1 second" },
      { name: "everyone", percent: 100 },
    ],
    "licensing:applyThrough": "everyone",
  });
  const direct = (sku: string) => journey.emulator.tenant.directAssignmentCount(sku);

  it("is not done: the up goes through, says why, and moves no user of later waves", async () => {
    await journey.up();
    assert.equal(direct("EMS"), PEOPLE.length);
    const said = await journey.preview();
    assert.match(
      said.under("canary")[0] ?? "",
      /not done: it moved no user, and 3 users are blocked\. Later waves wait/,
    );
    assert.match(
      said.under("everyone")[0] ?? "",
      /not now: canary is not done: it moved no user, and 3 users are blocked$/,
    );
    assert.equal((await journey.outputs()).waves["canary"]?.doneAt, null);
  });

  it("stays so for the nightly check and for one more up", async () => {
    await journey.nightlyCheck();
    await journey.up();
    await journey.nightlyCheck();
    assert.equal(direct("EMS"), PEOPLE.length);
  });

  it("is done once its users can be moved; then the others follow, and what was announced halts nothing", async () => {
    for (const user of CANARY) journey.emulator.tenant.joinGroup(user, "All users");
    await journey.up();
    const { waves } = await journey.outputs();
    assert.notEqual(waves["canary"]?.doneAt, null);
    await journey.up();
    assert.deepEqual([direct("EMS"), direct("ENTERPRISEPACK")], [0, 10]);
    await journey.nightlyCheck();
    assert.deepEqual(journey.emulator.history.losses(), []);
  });
});
