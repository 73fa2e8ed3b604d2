import assert from "node:assert/strict";
import { EMS, ENTERPRISEPACK } from "../../emulator/tenants/products";
import { journeyOf } from "./journey";

const PEOPLE = Array.from({ length: 8 }, (_, n) => `user${n}@contoso.com`);
const FINANCE = PEOPLE.slice(0, 5);

describe("journey: a licensing group is deleted after the move", function () {
  this.timeout(120_000);

  const tenant = () => ({
    tenant: {
      skus: [
        { ...EMS, seats: 20 },
        { ...ENTERPRISEPACK, seats: 20 },
      ],
      users: PEOPLE.map((userPrincipalName) => ({
        userPrincipalName,
        licenses: [{ sku: "EMS" }, ...(FINANCE.includes(userPrincipalName) ? [{ sku: "ENTERPRISEPACK" }] : [])],
      })),
      groups: [
        { displayName: "All users", members: PEOPLE, licenses: [{ sku: "EMS" }] },
        { displayName: "E3", members: FINANCE, licenses: [{ sku: "ENTERPRISEPACK" }] },
      ],
    },
    processing: { joinMs: 0, leaveMs: 0 },
  });
  const waves = (more: object = {}) => [{ name: "everyone", percent: 100, ...more }];
  const journey = journeyOf(tenant, {
    "licensing:groups": {
      "all-users": { existing: "All users", licenses: ["EMS"] },
      e3: { existing: "E3", licenses: ["ENTERPRISEPACK"] },
    },
    "licensing:waves": waves(),
    "licensing:applyThrough": "everyone",
  });
  const held = (sku: string) => journey.emulator.tenant.directAssignmentCount(sku);

  it("the nightly check says which group, since when, and of how many users; the name is not called misspelt", async () => {
    await journey.up();
    await journey.nightlyCheck();
    const people = journey.emulator.tenant.as("admin@contoso.com");
    people.setGroupLicenses("E3", []);
    journey.emulator.clock.advance(60_000);
    people.removeGroup("E3");
    const { text } = await journey.nightlyCheckFails();
    assert.match(text, /5 of 5 moved users of E3 \(licensing:groups\.e3\) are no longer in it/);
    assert.match(text, /The group was deleted/);
    assert.doesNotMatch(text, /has no group/);
  });

  it("an up goes on with the other groups and moves no user", async () => {
    const newcomer = "newcomer@contoso.com";
    const { tenant: people } = journey.emulator;
    people.addUser({ userPrincipalName: newcomer, licenses: [{ sku: "EMS" }] });
    people.joinGroup(newcomer, "All users");
    journey.emulator.clock.advance(60_000);
    const said = await journey.up();
    assert.match(said.text, /not now: the group E3 was deleted, see its row/);
    assert.equal(held("EMS"), 1);
  });

  it("a rollback goes through without the group", async () => {
    journey.edit({ "licensing:waves": waves({ rollback: true }) });
    await journey.preview();
    await journey.up();
    assert.equal(held("EMS"), PEOPLE.length + 1);
  });
});
