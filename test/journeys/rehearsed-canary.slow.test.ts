import assert from "node:assert/strict";
import { EMS } from "../../emulator/tenants/products";
import { journeyOf } from "./journey";
import { rehearsed } from "./rehearsed";

const PEOPLE = Array.from({ length: 12 }, (_, at) => `user${at}@contoso.com`);
const CANARY = PEOPLE.slice(0, 3);

describe("journey: a canary that moves no user, in a rehearsal and in the preview", function () {
  this.timeout(240_000);

  const waves = (more: object = {}) => ({
    "licensing:groups": { "all-users": { existing: "All users", licenses: ["EMS"] } },
    "licensing:waves": [
      { name: "canary", users: CANARY, ...more },
      { name: "everyone", percent: 100 },
    ],
    "licensing:applyThrough": "everyone",
  });
  const journey = journeyOf(
    () => ({
      tenant: {
        skus: [{ ...EMS, seats: 20 }],
        users: PEOPLE.map((userPrincipalName) => ({ userPrincipalName, licenses: [{ sku: "EMS" }] })),
        groups: [{ displayName: "All users", members: PEOPLE.slice(3), licenses: [{ sku: "EMS" }] }],
      },
    }),
    waves(),
  );

  it("the rehearsal stops where the preview says that the next wave waits, and for the same reason", async () => {
    const said = await journey.preview();
    const why = "canary is not done: it moved no user, and 3 users are blocked";
    assert.match(said.under("everyone")[0] ?? "", new RegExp(`not now: ${why}$`));
    await assert.rejects(rehearsed(journey, waves()), (error: { readonly stdout?: string }) => {
      assert.match(
        error.stdout ?? "",
        new RegExp(`9 direct assignments could go and did not \\(wave everyone, not now: ${why}\\)`),
      );
      return true;
    });
  });

  it("with minMoved: 0 % both go through", async () => {
    journey.edit(waves({ minMoved: "0 %" }));
    const said = await journey.preview();
    assert.match(said.under("everyone")[0] ?? "", /^remove 9 direct assignments/);
    assert.doesNotMatch(said.under("everyone")[0] ?? "", /not now/);
    const rehearsal = await rehearsed(journey, waves({ minMoved: "0 %" }), "--no-rollback");
    assert.equal(rehearsal?.verdict.word, "needs-a-look");
    assert.deepEqual(
      rehearsal.waves.map(({ removed }) => removed),
      [{}, { EMS: 9 }],
    );
  });
});
