import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { TenantSpec } from "../../emulator";
import { migrationPermissions } from "../../emulator/directory/spec";
import { ENTERPRISEPACK, STANDARDPACK } from "../../emulator/tenants/products";
import { unpackPairs } from "../../licensing/record/compact-ids";
import { directOf } from "./disabled-plans";
import { journeyOf } from "./journey";
import { lossesBesideSuccessors } from "./replaced-skus";

const USERS = 8;
const names = Array.from({ length: USERS }, (_, at) => `user${at + 1}@contoso.com`);

/** SharePoint's plans exclude each other; there is one seat of E3 less than users. */
const tenant = (): TenantSpec => ({
  displayName: "Contoso",
  verifiedDomains: ["contoso.com"],
  countryLetterCode: "DE",
  apps: [{ name: "migration", permissions: [...migrationPermissions, "User.ReadWrite.All"] }],
  skus: [
    { ...STANDARDPACK, seats: USERS },
    { ...ENTERPRISEPACK, seats: USERS - 1 },
  ],
  exclusive: [["SHAREPOINTSTANDARD", "SHAREPOINTENTERPRISE"]],
  users: names.map((userPrincipalName) => ({
    userPrincipalName,
    usageLocation: "DE",
    licenses: [{ sku: "STANDARDPACK" }],
  })),
  groups: [{ displayName: "E3 staff", members: names }],
});

describe("journey: from E1 to E3, whose plans exclude each other", function () {
  this.timeout(120_000);

  const waves = (canary: Record<string, unknown> = {}) => [
    { name: "canary", users: names.slice(0, 2), ...canary },
    { name: "everyone", percent: 100 },
  ];
  const journey = journeyOf(() => ({ tenant: tenant(), processing: { joinMs: 100 } }), {
    "licensing:groups": {
      staff: { existing: "E3 staff", licenses: [{ sku: "ENTERPRISEPACK", replaces: ["STANDARDPACK"] }] },
    },
    "licensing:waves": waves(),
  });
  const direct = () => directOf(journey.emulator.tenant);
  const held = (sku: string, of = names) => of.map((name) => `${name} ${sku} `).sort();

  it("a preview foresees the swap, and what stays as its successor", async () => {
    const said = await journey.preview();
    const canary = said.under("canary").join("\n");
    assert.match(canary, /2 users swap STANDARDPACK for a direct ENTERPRISEPACK in one call/);
    assert.match(canary, /2 users have SHAREPOINTENTERPRISE in place of SHAREPOINTSTANDARD/);
  });

  it("the group's licence is in error for all, and a wave swaps each user in one call, without a gap", async () => {
    await journey.up();
    assert.deepEqual(direct(), held("STANDARDPACK"));
    journey.edit({ "licensing:applyThrough": "canary" });
    const writes = await journey.writesDuring(() => journey.up());
    assert.equal(writes, 2);
    assert.deepEqual(
      direct(),
      [...held("ENTERPRISEPACK", names.slice(0, 2)), ...held("STANDARDPACK", names.slice(2))].sort(),
    );
    assert.deepEqual(lossesBesideSuccessors(journey.emulator), []);
  });

  it("the record has the swaps apart from the users' own licences", async () => {
    const { baseline } = await journey.state();
    assert.deepEqual(baseline.assignments, { STANDARDPACK: USERS });
    assert.equal(unpackPairs(baseline.__bridges ?? {}).size, 2);
  });

  it("a rollback gives E1 back and takes back what the swap added, in one call", async () => {
    journey.edit({ "licensing:waves": waves({ rollback: true }) });
    const said = await journey.preview();
    assert.match(
      said.under("canary").join("\n"),
      /put back 2 direct assignments to 2 users: 2 STANDARDPACK, in one call with the end of what a swap had added \(2 ENTERPRISEPACK\)/,
    );
    const writes = await journey.writesDuring(() => journey.up());
    assert.equal(writes, 2);
    assert.deepEqual(direct(), held("STANDARDPACK"));
    journey.edit({ "licensing:waves": waves() });
  });

  it("everyone is swapped but for the one without a seat, who is told of", async () => {
    journey.edit({ "licensing:applyThrough": "everyone" });
    const said = await journey.up();
    assert.match(
      said.text,
      /1 user blocked, STANDARDPACK: excludes ENTERPRISEPACK, and no seat is free to swap the two/,
    );
    assert.equal(direct().filter((line) => line.includes("ENTERPRISEPACK")).length, USERS - 1);
    assert.deepEqual(lossesBesideSuccessors(journey.emulator, "own"), []);
  });

  it("once Entra has looked again, the ordinary rule moves them to the group", async () => {
    const { tenant: people } = journey.emulator;
    people.setSeats("ENTERPRISEPACK", USERS);
    await journey.up();
    assert.deepEqual(direct(), held("ENTERPRISEPACK"));
    journey.edit({ "licensing:reprocess": true });
    const said = await journey.up();
    assert.match(said.text, /removed \d+ direct assignments? \(\d+ ENTERPRISEPACK\)/);
    assert.deepEqual(direct(), []);
    await journey.nightlyCheck();
    assert.deepEqual(lossesBesideSuccessors(journey.emulator, "own"), []);
    const { outputs } = await journey.state();
    assert.deepEqual(outputs.waves["everyone"]?.blocked, {});
  });
});
