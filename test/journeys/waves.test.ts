import assert from "node:assert/strict";
import { guidFrom } from "../../emulator";
import { seedTenant } from "../../emulator/tenants/seed";
import { unpackIds } from "../../licensing/compact-ids";
import { standing } from "../../licensing/wave-membership";
import { journeyOf, seedStackFile } from "./journey";

describe("journey: waves wait for each other, keep their users, and find drift", function () {
  this.timeout(120_000);

  const tenant = () => ({ tenant: seedTenant({ users: 40, finance: 8 }), processing: { joinMs: 100 } });
  const journey = journeyOf(tenant, {
    ...seedStackFile,
    "licensing:waves": wavesWithSoak("24 hours"),
    "licensing:applyThrough": "everyone",
  });
  let canary: readonly string[];
  let canaryDoneAt: string;

  it("the first up moves the canary alone, though it may apply all waves", async () => {
    const said = await journey.up();
    assert.match(said.row("half").join("\n"), /; not now: waits 24 hours from the moment that canary is done$/m);
    assert.match(said.row("everyone").join("\n"), /; not now: half comes first$/m);
    const { slices, outputs } = await journey.state();
    canary = unpackIds(slices["canary-1"]?.__taken ?? "");
    canaryDoneAt = outputs.waves["canary"]?.doneAt ?? "";
    assert.equal(canary.length, 5);
    assert.equal(journey.emulator.tenant.directAssignmentCount("EMS"), 35);
  });

  it("while it soaks, previews say until when, and an up leaves the next wave alone", async () => {
    const until = new Date(Date.parse(canaryDoneAt) + 24 * 3_600_000).toISOString();
    const said = await journey.nightlyCheck();
    assert.match(said.under("half")[0] ?? "", new RegExp(`; not now: soaks until ${until} after canary$`));
    assert.equal(await journey.writesDuring(() => journey.up({ words: ["--expect-no-changes"] })), 0);
  });

  it("people who join later do not change who the canary is", async () => {
    const first = Math.min(...canary.map(standing));
    const newcomers = idsStandingBefore(first, 3);
    for (const id of newcomers) join(id);
    const said = await journey.preview();
    assert.match(said.under("canary").join("\n"), /^done [\d-]+ [\d:]+ UTC; nothing to remove$/);
    const inHalf = unpackIds((await journey.state()).slices["half-1"]?.__taken ?? "");
    assert.deepEqual(inHalf, [], "a wave that waits has taken nobody yet");
  });

  it("after the soak the next up goes on, with the newcomers in the wave that follows", async () => {
    journey.edit({ "licensing:waves": wavesWithSoak("1 second") });
    await journey.up();
    const { slices, outputs } = await journey.state();
    assert.deepEqual(unpackIds(slices["canary-1"]?.__taken ?? ""), canary);
    const inHalf = new Set(unpackIds(slices["half-1"]?.__taken ?? ""));
    assert(idsStandingBefore(Math.min(...canary.map(standing)), 3).every((id) => inHalf.has(id)));
    assert.equal(outputs.waves["canary"]?.doneAt, canaryDoneAt);
    assert.equal(journey.emulator.tenant.directAssignmentCount("EMS"), 0);
    assert.equal(journey.emulator.tenant.directAssignmentCount("ENTERPRISEPACK"), 0);
    await journey.nightlyCheck();
  });

  it("a direct licence that a script adds again is found by the nightly check", async () => {
    const [moved = ""] = canary;
    journey.emulator.tenant.as("onboarding-script").assignDirect(moved, "EMS");
    const said = await journey.nightlyCheckFails();
    assert.deepEqual(said.under("canary"), ["remove 1 direct assignment from 1 user: 1 EMS"]);
    assert.match(said.under("half").join("\n"), /^done [\d-]+ [\d:]+ UTC; nothing to remove$/);
  });

  it("and removed by the next up, which leaves the past as it is", async () => {
    assert.equal(await journey.writesDuring(() => journey.up()), 1);
    assert.equal(journey.emulator.tenant.directAssignmentCount("EMS"), 0);
    assert.equal((await journey.outputs()).waves["canary"]?.doneAt, canaryDoneAt);
    await journey.nightlyCheck();
  });

  it("nobody was ever without anything", () => {
    assert.deepEqual(journey.emulator.history.losses(), []);
  });

  function join(id: string): void {
    const userPrincipalName = `${id.slice(0, 8)}@contoso.com`;
    journey.emulator.tenant.addUser({ id, userPrincipalName, licenses: [{ sku: "EMS" }] });
    journey.emulator.tenant.joinGroup(userPrincipalName, "All users");
  }
});

function wavesWithSoak(soak: string) {
  return [
    { name: "canary", count: 5, soak },
    { name: "half", percent: 50 },
    { name: "everyone", percent: 100 },
  ];
}

/** New people whom a wave by count would choose first, if it chose again. */
function idsStandingBefore(limit: number, count: number): readonly string[] {
  const ids: string[] = [];
  for (let number = 0; ids.length < count; number += 1) {
    const id = guidFrom(`newcomer ${number}`);
    if (standing(id) < limit) ids.push(id);
  }
  return ids;
}
