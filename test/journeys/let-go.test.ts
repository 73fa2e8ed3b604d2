import assert from "node:assert/strict";
import { EMS } from "../../emulator/tenants/products";
import { EngineWords } from "./engine-words";
import { journeyOf } from "./journey";

const PEOPLE = ["ada", "ben", "cleo", "dan"].map((name) => `${name}@contoso.com`);
const [ADA = ""] = PEOPLE;
const EVE = "eve@contoso.com";

describe("journey: a destroy that cannot go through is refused before anything of the record goes", function () {
  this.timeout(180_000);

  const journey = journeyOf(
    () => ({
      tenant: {
        skus: [{ ...EMS, seats: 10 }],
        users: [
          ...PEOPLE.map((userPrincipalName) => ({ userPrincipalName, licenses: [{ sku: "EMS" }] })),
          { userPrincipalName: EVE },
        ],
        groups: [{ displayName: "All users", members: PEOPLE }],
      },
      processing: { joinMs: 0, leaveMs: 0 },
    }),
    {
      "licensing:groups": { "all-users": { existing: "All users", licenses: ["EMS"] } },
      "licensing:waves": [{ name: "everyone", percent: 100 }],
    },
  );
  const idOf = (name: string) => journey.emulator.tenant.user(name).id;

  /** Refused, with nothing written to the tenant, and nothing gone from the state. */
  async function refusedDestroy(): Promise<EngineWords> {
    const before = await journey.state();
    let said: EngineWords | undefined;
    const writes = await journey.writesDuring(async () => {
      said = new EngineWords(await journey.stack.run(["destroy", "--yes"]));
    });
    assert(said !== undefined);
    assert.notEqual(said.code, 0, said.text);
    assert.equal(writes, 0);
    assert.deepEqual(await journey.state(), before);
    return said;
  }

  it("a member who cannot be read: which one, why that matters, and the ways out", async () => {
    await journey.up();
    const broken = journey.emulator.faults.add({
      match: { path: /\/members\/microsoft\.graph\.user/ },
      then: {
        rewrite: (body) => ({
          ...body,
          value: ((body["value"] ?? []) as { id: string }[]).map((user) =>
            user.id === idOf(ADA) ? { ...user, licenseAssignmentStates: null } : user,
          ),
        }),
      },
    });
    const { text } = await refusedDestroy();
    broken.remove();
    assert.match(text, new RegExp(`1 member of All users cannot be read \\(${idOf(ADA)}: .*licenseAssignmentStates`));
    assert.match(
      text,
      /They may depend on the licences of that group\. Nothing was changed, and the record is whole\. Ways out: /,
    );
    assert.match(text, /run pulumi destroy again/);
    assert.doesNotMatch(text, /state unprotect|^\s+at /m);
  });

  it("a member who came since the last up and has the licence from the group alone", async () => {
    const { tenant, clock } = journey.emulator;
    tenant.joinGroup(EVE, "All users");
    clock.advance(600_000);
    const { text } = await refusedDestroy();
    assert.match(text, new RegExp(`1 user \\(${idOf(EVE)}\\) would lose .*INTUNE_A`));
  });

  it("and goes through when no member depends on the group", async () => {
    journey.emulator.tenant.assignDirect(EVE, "EMS");
    const said = new EngineWords(await journey.stack.run(["destroy", "--yes"]));
    assert.equal(said.code, 0, said.text);
    assert.deepEqual(journey.emulator.tenant.group("All users").licenses, []);
    assert.deepEqual(journey.emulator.history.losses(), []);
  });
});
