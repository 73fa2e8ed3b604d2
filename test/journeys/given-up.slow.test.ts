import assert from "node:assert/strict";
import { parse } from "yaml";
import { EMS } from "../../emulator/tenants/products";
import { EngineWords } from "./engine-words";
import { journeyOf } from "./journey";

const PEOPLE = ["ada", "ben", "cleo", "dan"].map((name) => `${name}@contoso.com`);
const [ADA = "", BEN = ""] = PEOPLE;
const ALL_PLANS = EMS.servicePlans
  .filter(({ appliesTo }) => appliesTo !== "Company")
  .map(({ servicePlanName }) => servicePlanName);
const [ONE = ""] = ALL_PLANS;

describe("journey: a stack is given up after users gained plans by the move", function () {
  this.timeout(180_000);

  const off: Readonly<Record<string, readonly string[]>> = { [ADA]: [ONE], [BEN]: ALL_PLANS.slice(1) };
  const waves = (rollback: boolean) => ({
    "licensing:waves": [{ name: "everyone", percent: 100, ...(rollback && { rollback: "all" }) }],
  });
  const journey = journeyOf(
    () => ({
      tenant: {
        skus: [{ ...EMS, seats: 10 }],
        users: PEOPLE.map((userPrincipalName) => ({
          userPrincipalName,
          licenses: [{ sku: "EMS", disabledPlans: [...(off[userPrincipalName] ?? [])] }],
        })),
        groups: [{ displayName: "All users", members: PEOPLE }],
      },
      processing: { joinMs: 0, leaveMs: 0 },
    }),
    {
      "licensing:groups": { "all-users": { existing: "All users", licenses: ["EMS"] } },
      ...waves(false),
      "licensing:applyThrough": "everyone",
    },
  );
  const direct = () => journey.emulator.tenant.directAssignmentCount("EMS");
  const idOf = (name: string) => journey.emulator.tenant.user(name).id;
  let entries: readonly AcceptedPlans[] = [];

  async function destroyed(): Promise<EngineWords> {
    return new EngineWords(await journey.stack.run(["destroy", "--yes"]));
  }

  it("after a full rollback, and one more up, the row and the outputs name the users that still depend on the group, for which plans", async () => {
    await journey.up();
    assert.equal(direct(), 0);
    // All users do, as they should: they are counted, and not named.
    const moved = (await journey.outputs()).groups["all-users"] ?? assert.fail();
    assert.deepEqual(moved.dependents, { users: PEOPLE.length });
    journey.edit(waves(true));
    await journey.up();
    assert.equal(direct(), PEOPLE.length);
    const said = await journey.preview();
    const row = said.under("all-users").find((line) => line.includes("depend")) ?? said.text;
    assert.match(row, /^2 members depend on All users for /);
    for (const name of [ADA, BEN]) assert.ok(row.includes(idOf(name)), row);
    const [, list = ""] = /licensing:acceptLoss: (\[.+\])/.exec(row) ?? [];
    entries = parse(list) as AcceptedPlans[];
    assert.deepEqual(entries, [{ group: "all-users", sku: "EMS", plans: [...ALL_PLANS].sort() }], row);
    await journey.up();
    const { dependents } = (await journey.outputs()).groups["all-users"] ?? assert.fail();
    const first = [idOf(ADA), idOf(BEN)].sort().join(", ");
    assert.deepEqual(dependents, { users: 2, first, plans: [...ALL_PLANS].sort().join(", ") });
  });

  it("destroy is refused, and takes nothing", async () => {
    await journey.nightlyCheck();
    const said = await destroyed();
    assert.notEqual(said.code, 0);
    assert.match(said.text, /protected/);
    assert.equal(journey.emulator.tenant.group("All users").licenses.length, 1);
  });

  it("with those entries accepted the group lets go, after one more up, and destroy comes to its end", async () => {
    journey.edit({ "licensing:acceptLoss": entries });
    await journey.up();
    const said = await destroyed();
    assert.equal(said.code, 0, said.text);
    assert.deepEqual(journey.emulator.tenant.group("All users").licenses, []);
    assert.equal(direct(), PEOPLE.length);
  });

  it("every user has what they had before the move", () => {
    journey.emulator.clock.advance(3_600_000);
    for (const name of PEOPLE) {
      const had = ALL_PLANS.filter((plan) => !(off[name] ?? []).includes(plan)).map((plan) =>
        journey.emulator.tenant.plan(plan),
      );
      assert.deepEqual([...journey.emulator.tenant.effectivePlans(name)].sort(), had.sort(), name);
    }
  });
});

/** An entry of `licensing:acceptLoss`, as a refusal prints it. */
interface AcceptedPlans {
  readonly group: string;
  readonly sku: string;
  readonly plans: readonly string[];
}
