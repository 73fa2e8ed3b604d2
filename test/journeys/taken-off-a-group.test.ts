import assert from "node:assert/strict";
import type { TenantSpec } from "../../emulator";
import { EMS, VISIOCLIENT } from "../../emulator/tenants/products";
import { journeyOf } from "./journey";

const [ada, ben, cleo, dan] = ["ada@contoso.com", "ben@contoso.com", "cleo@contoso.com", "dan@contoso.com"];
const designers = [ada, ben, cleo];

/** EMS was given to Design too, by hand: all of Design but Cleo have it from All users anyway. */
const tenant: TenantSpec = {
  displayName: "Contoso",
  verifiedDomains: ["contoso.com"],
  countryLetterCode: "US",
  skus: [
    { ...EMS, seats: 10 },
    { ...VISIOCLIENT, seats: 10 },
  ],
  users: [...designers, dan].map((userPrincipalName) => ({ userPrincipalName })),
  groups: [
    { displayName: "All users", members: [ada, ben, dan], licenses: [{ sku: "EMS" }] },
    { displayName: "Design", members: designers, licenses: [{ sku: "VISIOCLIENT" }, { sku: "EMS" }] },
  ],
};

const design = { existing: "Design", licenses: ["VISIOCLIENT"] };
const groups = (of: object) => ({
  "licensing:groups": { "all-users": { existing: "All users", licenses: ["EMS"] }, design: of },
});
const withTheWord = groups({ ...design, removeLicenses: ["EMS"] });

describe("journey: an undeclared licence is taken off a group by name", function () {
  this.timeout(120_000);

  const processing = { queueMs: 10, joinMs: 10, leaveMs: 10 };
  const journey = journeyOf(() => ({ tenant, processing }), groups(design));
  const people = () => journey.emulator.tenant;
  const onDesign = () =>
    people()
      .groupByName("Design")
      .licenses.map(({ skuId }) => skuId)
      .sort();

  const sourcesOfEms = (name: string) =>
    people()
      .user(name)
      .holdings.assignments.filter(({ skuId }) => skuId === EMS.skuId)
      .map(({ assignedByGroup }) => people().group(assignedByGroup ?? "").displayName);

  it("without the word it is told, with the ways out, and an up leaves it alone", async () => {
    const said = await journey.up();
    assert.match(
      said.under("migration").join("\n"),
      /Design also gives EMS to 3 members.* It stays.*name it under licensing:groups\.design\.removeLicenses/,
    );
    assert.deepEqual(onDesign(), [VISIOCLIENT.skuId, EMS.skuId].sort());
    assert.equal(journey.emulator.requests.writes().length, 0);
  });

  it("with it, the preview refuses while a user has a plan by it alone, and names the ways out", async () => {
    const said = await journey.previewRefused(withTheWord);
    assert.match(
      said.text,
      /problem: The change to the licences of Design would take .* from 1 user .*Nothing was changed.*licensing:acceptLoss: \[\{group: design, sku: EMS, plans: \[/,
    );
  });

  it("when no user needs it any more the up takes it off, and nothing else", async () => {
    people().joinGroup(cleo, "All users");
    journey.emulator.clock.advance(1_000);
    journey.edit(withTheWord);
    const said = await journey.up();
    assert.match(said.row("design").join("\n"), /^gives VISIOCLIENT to 3 members; take EMS off the group$/m);
    assert.deepEqual(onDesign(), [VISIOCLIENT.skuId]);
    assert.deepEqual(
      journey.emulator.requests.writes().map(({ path }) => path),
      [`/groups/${people().groupByName("Design").id}/assignLicense`],
    );
  });

  it("no user has lost anything, and the night after says that the line has done its work", async () => {
    journey.emulator.clock.advance(1_000);
    assert.deepEqual(sourcesOfEms(cleo), ["All users"], "Entra has done its part");
    const said = await journey.nightlyCheck();
    assert.match(said.under("design").join("\n"), /Take EMS out of removeLicenses\./);
    assert.doesNotMatch(said.text, /Design also gives/);
    assert.deepEqual(journey.emulator.history.losses(), []);
  });
});
