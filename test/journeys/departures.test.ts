import assert from "node:assert/strict";
import { EMS } from "../../emulator/tenants/products";
import { journeyOf } from "./journey";

const PEOPLE = Array.from({ length: 40 }, (_, n) => `user${n}@contoso.com`);
const CANARY = PEOPLE.slice(0, 10);
const SALES = 'user.department -eq "Sales"';

describe("journey: the rule of a dynamic group is edited after the canary", function () {
  this.timeout(120_000);

  const tenant = () => ({
    tenant: {
      skus: [{ ...EMS, seats: 50 }],
      users: PEOPLE.map((userPrincipalName, index) => ({
        userPrincipalName,
        department: index < 8 ? "Sales" : "Support",
        licenses: [{ sku: "EMS" }],
      })),
      groups: [{ displayName: "Staff", membershipRule: SALES, members: PEOPLE, licenses: [{ sku: "EMS" }] }],
    },
    processing: { joinMs: 0, leaveMs: 0, ruleMs: 0 },
  });
  const journey = journeyOf(tenant, {
    "licensing:groups": { staff: { existing: "Staff", licenses: ["EMS"] } },
    "licensing:waves": [
      { name: "canary", users: CANARY },
      { name: "everyone", percent: 100 },
    ],
    "licensing:applyThrough": "canary",
  });
  const held = () => journey.emulator.tenant.directAssignmentCount("EMS");
  const LEFT =
    /8 of 10 moved users of Staff \(licensing:groups\.staff\) are no longer in it.* it was 'user\.department -eq "Sales"' and is 'user\.department -eq "Support"'/;

  it("the nightly check is green after the canary, and fails when eight of ten have lost their licence", async () => {
    await journey.up();
    await journey.nightlyCheck();
    journey.emulator.tenant.as("admin@contoso.com").setRule("Staff", 'user.department -eq "Support"');
    journey.emulator.clock.advance(60_000);
    const said = await journey.nightlyCheckFails();
    assert.match(said.under("migration").join("\n"), LEFT);
    assert.match(said.under("migration").join("\n"), /Update group by admin@contoso\.com on /);
  });

  it("the next wave is refused before the first write, in a preview and in an up", async () => {
    const next = { "licensing:applyThrough": "everyone" };
    const said = await journey.previewRefused(next);
    assert.match(said.under("everyone-1").join("\n"), LEFT);
    assert.doesNotMatch(said.under("migration").join("\n"), LEFT, "the long text is shown once");
    assert.match((await journey.upRefused(next)).text, LEFT);
    assert.equal(held(), 30);
  });

  it("a day without quotes accepts them; what was accepted stays so, and the next wave goes on", async () => {
    const day = journey.emulator.clock.now().toISOString().slice(0, 10);
    journey.edit({ "licensing:departures": { limit: "5 %", acknowledged: day } });
    await journey.up();
    await journey.nightlyCheck();
    journey.edit({ "licensing:applyThrough": "everyone" });
    await journey.up();
    assert.equal(held(), 0);
    await journey.nightlyCheck();
  });
});
