import assert from "node:assert/strict";
import type { TenantSpec } from "../../emulator";
import { migrationPermissions } from "../../emulator/directory/spec";
import { EMS } from "../../emulator/tenants/products";
import { journeyOf, seedStackFile } from "./journey";

const PEOPLE = ["ada@contoso.com", "ben@contoso.com"];

function tenant(): TenantSpec {
  const permissions = migrationPermissions.filter((each) => each !== "GroupMember.ReadBasic.All");
  return {
    apps: [{ name: "migration", permissions }],
    skus: [{ ...EMS, seats: 5 }],
    users: PEOPLE.map((userPrincipalName) => ({ userPrincipalName, licenses: [{ sku: "EMS" }] })),
    groups: [{ displayName: "All users", members: PEOPLE }],
  };
}

describe("journey: an app without the permission that the proof reads with", function () {
  this.timeout(120_000);

  const journey = journeyOf(() => ({ tenant: tenant(), processing: { joinMs: 100 } }), {
    ...seedStackFile,
    "licensing:groups": { "all-users": { existing: "All users", licenses: ["EMS"] } },
    "licensing:waves": [{ name: "everyone", percent: 100 }],
    "licensing:applyThrough": "everyone",
  });
  const lacks = /lacks a permission to read the groups of a user \(GroupMember\.ReadBasic\.All\)/;

  it("the preview says so, and the up that blocks every user does", async () => {
    assert.match((await journey.preview()).text, lacks);
    assert.match((await journey.up()).text, lacks);
    assert.equal(journey.emulator.tenant.directAssignmentCount("EMS"), PEOPLE.length);
  });
});
