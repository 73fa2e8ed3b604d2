import assert from "node:assert/strict";
import { guidFrom, type TenantSpec } from "../../emulator";
import { MCOEV } from "../../emulator/tenants/products";
import { seedTenant } from "../../emulator/tenants/seed";
import { unpackIds } from "../../licensing/record/compact-ids";
import { hashPosition } from "../../licensing/plan/wave-membership";
import { journeyOf, seedStackFile } from "./journey";

const NEW_PLAN = { servicePlanId: guidFrom("plan MICROSOFT_X"), servicePlanName: "MICROSOFT_X" };

describe("journey: waves wait for each other, keep their users, and find drift", function () {
  this.timeout(120_000);

  // The machine's clock is 60 hours behind Graph's: soaks are counted by Graph's.
  const tenant = () => ({
    tenant: withAnotherLicense(),
    processing: { joinMs: 100 },
    startAt: new Date(Date.now() + 60 * 3_600_000),
  });
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
    assert.ok(Math.abs(Date.parse(canaryDoneAt) - journey.emulator.clock.now().getTime()) < 60_000, canaryDoneAt);
  });

  it("while it soaks, previews say until when, and an up leaves the next wave alone", async () => {
    const until = new Date(Date.parse(canaryDoneAt) + 24 * 3_600_000).toISOString();
    const said = await journey.nightlyCheck();
    assert.match(said.under("half")[0] ?? "", new RegExp(`; not now: soaks until ${until} after canary$`));
    const [clock = "", undeclared = "", ...moves] = said.under("migration");
    assert.match(clock, /^warning: This machine's clock is more than 2 days behind Graph's\./);
    assert.match(
      undeclared,
      /^warning: Finance department also gives MCOEV to 8 members, .* It stays on the group, .* name it under licensing:groups\.finance\.removeLicenses, which takes it off/,
    );
    assert.deepEqual(moves, ["35 users move with everything, 0 in part, 0 not at all."]);
    assert.equal(await journey.writesDuring(() => journey.up({ words: ["--expect-no-changes"] })), 0);
  });

  it("users joining later do not change the canary", async () => {
    const first = Math.min(...canary.map(hashPosition));
    const newcomers = idsStandingBefore(first, 3);
    for (const id of newcomers) join(id);
    const said = await journey.preview();
    assert.match(said.under("canary").join("\n"), /^done [\d-]+ [\d:]+ UTC; nothing to remove$/);
    const inHalf = unpackIds((await journey.state()).slices["half-1"]?.__taken ?? "");
    assert.deepEqual(inHalf, [], "a wave that waits has taken no user yet");
  });

  it("after the soak the next up goes on, with the newcomers in the wave that follows", async () => {
    journey.edit({ "licensing:waves": wavesWithSoak("1 second") });
    await journey.up();
    const { slices, outputs } = await journey.state();
    assert.deepEqual(unpackIds(slices["canary-1"]?.__taken ?? ""), canary);
    const inHalf = new Set(unpackIds(slices["half-1"]?.__taken ?? ""));
    assert(idsStandingBefore(Math.min(...canary.map(hashPosition)), 3).every((id) => inHalf.has(id)));
    assert.equal(outputs.waves["canary"]?.doneAt, canaryDoneAt);
    assert.equal(journey.emulator.tenant.directAssignmentCount("EMS"), 0);
    assert.equal(journey.emulator.tenant.directAssignmentCount("ENTERPRISEPACK"), 0);
    await journey.nightlyCheck();
  });

  it("14 direct licences that the old automation adds again, and a plan of Microsoft's, are found by the nightly check", async () => {
    const { tenant: people } = journey.emulator;
    const inHalf = unpackIds((await journey.state()).slices["half-1"]?.__taken ?? "");
    const back = [...canary, ...inHalf.slice(0, 9)];
    for (const id of back) people.asApp("svc-licensing").assignDirect(id, "EMS");
    people.addServicePlan("ENTERPRISEPACK", NEW_PLAN);
    const said = await journey.nightlyCheckFails();
    assert.deepEqual(said.under("canary"), ["remove 5 direct assignments from 5 users: 5 EMS"]);
    assert.deepEqual(said.under("half"), ["remove 9 direct assignments from 9 users: 9 EMS"]);
    const [clock = "", drift = "", doubts = "", added = "", undeclared = "", ...moves] = said.under("migration");
    assert.match(clock, /^warning: This machine's clock is more than 2 days behind Graph's\./);
    const today = journey.emulator.clock.now().toISOString().slice(0, 8);
    assert.match(
      drift,
      new RegExp(
        `^warning: 14 direct EMS came back on moved users: 14 by svc-licensing or someone since on ${today}\\d\\d \\(`,
      ),
    );
    assert.match(doubts, /^warning: "or someone since": the audit log lags up to an hour/);
    assert.match(
      added,
      /^warning: Microsoft added MICROSOFT_X to ENTERPRISEPACK: it is on for 8 members of Finance department/,
    );
    assert.match(undeclared, /^warning: Finance department also gives MCOEV/);
    assert.equal(moves.length, 1, moves.join("\n"));
    assert.match(moves[0] ?? "", /^\d+ users move with everything, 0 in part, 0 not at all\.$/);
  });

  it("the next up removes them again, takes note of the plan, and leaves the past as it is", async () => {
    assert.equal(await journey.writesDuring(() => journey.up()), 14);
    assert.equal(journey.emulator.tenant.directAssignmentCount("EMS"), 0);
    assert.equal((await journey.outputs()).waves["canary"]?.doneAt, canaryDoneAt);
    const said = await journey.nightlyCheck();
    assert.equal(
      said.under("migration").length,
      2,
      "the clock, and what the file does not know, are told and fail no check",
    );
  });

  it("no user was ever without a service", () => {
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

/** What the old automation left behind: a licence on Finance that the stack file does not know. */
function withAnotherLicense(): TenantSpec {
  const seed = seedTenant({ users: 40, finance: 8 });
  const groups = (seed.groups ?? []).map((group) =>
    group.displayName === "Finance department" ? { ...group, licenses: [{ sku: "MCOEV" }] } : group,
  );
  return { ...seed, skus: [...(seed.skus ?? []), { ...MCOEV, seats: 20 }], groups };
}

/** New users that a wave by count would choose first, if it chose again. */
function idsStandingBefore(limit: number, count: number): readonly string[] {
  const ids: string[] = [];
  for (let number = 0; ids.length < count; number += 1) {
    const id = guidFrom(`newcomer ${number}`);
    if (hashPosition(id) < limit) ids.push(id);
  }
  return ids;
}
