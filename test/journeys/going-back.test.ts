import assert from "node:assert/strict";
import { directOf, tenantWithDisabledPlans } from "./disabled-plans";
import { EngineWords } from "./engine-words";
import { journeyOf, seedStackFile } from "./journey";

const canary = ["user0001", "megan", "user0020", "user0021", "user0022"].map((alias) => `${alias}@contoso.com`);
const groups = seedStackFile["licensing:groups"] as Readonly<Record<string, unknown>>;

describe("journey: a wave is put back, and goes forward again", function () {
  this.timeout(120_000);

  const journey = journeyOf(() => ({ tenant: tenantWithDisabledPlans(), processing: { joinMs: 100 } }), {
    ...seedStackFile,
    "licensing:waves": waves(),
    "licensing:applyThrough": "some",
  });
  let before: readonly string[];
  let left: readonly string[];

  it("two waves are moved", async () => {
    before = directOf(journey.emulator.tenant);
    await journey.up();
    left = directOf(journey.emulator.tenant);
    assert.deepEqual(
      left.filter((line) => canary.some((user) => line.startsWith(user))),
      [],
    );
    assert(left.length > 0 && left.length < before.length - 7, "some of the others went too, and some are left");
  });

  it("with rollback: true a preview says what it puts back, and holds what comes later", async () => {
    journey.edit({ "licensing:waves": waves({ rollback: true }), "licensing:applyThrough": "everyone" });
    const said = await journey.preview();
    assert.deepEqual(said.under("canary"), [
      "roll back: put back 7 direct assignments to 5 users: 5 EMS, 2 ENTERPRISEPACK",
    ]);
    assert.match(
      said.under("some").join("\n"),
      /^done [\d-]+ [\d:]+ UTC; nothing to remove; not now: canary is being rolled back$/,
    );
    assert.match(said.under("everyone").join("\n"), /^remove \d+ .+; not now: canary is being rolled back$/);
  });

  it("an up puts back exactly the canary's direct licences, with the plans they had disabled", async () => {
    const writes = await journey.writesDuring(async () => {
      const said = await journey.up();
      assert.deepEqual(said.under("canary-1"), ["canary: put back 7 direct assignments (5 EMS, 2 ENTERPRISEPACK)"]);
    });
    assert.equal(writes, canary.length, "one for each user, and none for anybody else");
    const isCanarys = (line: string) => canary.some((user) => line.startsWith(user));
    assert.deepEqual(directOf(journey.emulator.tenant), [...left, ...before.filter(isCanarys)].sort());
  });

  it("that is a state of rest: the nightly check passes, and outputs say that nothing of the canary is gone", async () => {
    await journey.nightlyCheck();
    const { outputs, slices } = await journey.state();
    assert.equal(slices["canary-1"]?.status, "rolled-back");
    assert.deepEqual(outputs.waves["canary"], { removed: {}, pending: {}, blocked: {}, doneAt: null });
    assert.equal(outputs.waves["some"]?.pending["EMS"], undefined);
    assert(outputs.waves["some"]?.doneAt !== null, "the wave after it stays as it is");
  });

  it("without the flag the waves go on, from the canary to the last", async () => {
    journey.edit({ "licensing:waves": waves() });
    await journey.up();
    assert.deepEqual(directOf(journey.emulator.tenant), []);
    const { outputs, slices } = await journey.state();
    const { doneAt, ...moved } = outputs.waves["canary"] ?? assert.fail();
    assert.deepEqual(moved, { removed: { EMS: 5, ENTERPRISEPACK: 2 }, pending: {}, blocked: {} });
    assert(doneAt !== null);
    assert.equal(slices["canary-1"]?.status, "done");
    await journey.nightlyCheck();
  });

  it("no user was ever without a service", () => {
    assert.deepEqual(journey.emulator.history.losses(), []);
  });
});

describe("journey: what people depend on is not taken from them", function () {
  this.timeout(120_000);

  const journey = journeyOf(() => ({ tenant: tenantWithDisabledPlans(), processing: { joinMs: 100 } }), {
    ...seedStackFile,
    "licensing:waves": waves(),
    "licensing:applyThrough": "canary",
  });

  it("a group dropped from the stack file is refused in the preview: users counted, plans named, the way out", async () => {
    await journey.up();
    const { finance: _, ...others } = groups;
    const said = await journey.previewRefused({ "licensing:groups": others });
    assert.match(said.text, /licensing:groups\.finance is no longer in the stack file\./);
    assert.match(said.text, /would take .*TEAMS1.* from 2 users \(/, "the canary's: the others hold it directly");
    assert.match(said.text, /licensing:acceptLoss: \[\{group: finance, sku: ENTERPRISEPACK, plans: \[.+\]\}\]/);
  });

  it("a plan that the stack file disables is refused in the preview too, for the users alone that have it from the group", async () => {
    const finance = {
      existing: "Finance department",
      licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: ["TEAMS1"] }],
    };
    const said = await journey.previewRefused({ "licensing:groups": { ...groups, finance } });
    assert.match(said.text, /would take TEAMS1 from 2 users \(/, "the canary's, again");
    assert.match(said.text, /licensing:acceptLoss: \[\{group: finance, sku: ENTERPRISEPACK, plan: TEAMS1\}\]/);
  });

  it("a wave that has begun is refused under another name, and so is one that is put in front of it", async () => {
    const [first, ...later] = waves();
    const renamed = await journey.previewRefused({
      "licensing:waves": [{ ...first, name: "pilot" }, ...later],
      "licensing:applyThrough": "pilot",
    });
    assert.match(
      renamed.text,
      /licensing:waves wave canary has taken 5 users and is no longer in the stack file \(now pilot\?\)\./,
    );
    assert.doesNotMatch(renamed.text, /protected/, "before the engine says it in its own words");
    const inFront = await journey.upRefused({
      "licensing:waves": [...later, first],
      "licensing:applyThrough": "everyone",
    });
    assert.match(inFront.text, /licensing:waves\[0\] wave some has not begun and stands before canary, which has/);
  });

  it("a destroy is refused in its preview, and nothing is forgotten", async () => {
    const before = await journey.state();
    let said: EngineWords | undefined;
    const writes = await journey.writesDuring(async () => {
      said = new EngineWords(await journey.stack.run(["destroy", "--yes"]));
    });
    assert(said);
    assert.notEqual(said.code, 0);
    assert.match(said.text, /protected/);
    assert.equal(writes, 0);
    assert.deepEqual(await journey.state(), before);
  });

  it("a group that people narrowed gets back what is declared, before any wave goes on", async () => {
    const { tenant, requests } = journey.emulator;
    tenant.setGroupLicenses("Finance department", [{ sku: "ENTERPRISEPACK", disabledPlans: ["TEAMS1"] }]);
    journey.edit({ "licensing:applyThrough": "everyone" });
    const said = await journey.preview();
    const [change = "", gain = "", ...more] = said.under("finance");
    assert.equal(change, "change the service plans of ENTERPRISEPACK to 8 members");
    assert.match(gain, /^note: Finance department: 2 members would gain TEAMS1 by ENTERPRISEPACK\./);
    assert.deepEqual(more, []);
    const from = requests.writes().length;
    await journey.up();
    const [first, ...others] = requests.writes().slice(from);
    assert.equal(first?.path, `/groups/${tenant.groupByName("Finance department").id}/assignLicense`);
    assert.equal(others.length, 35);
    assert(others.every(({ path }) => path.startsWith("/users/")));
    assert.deepEqual(directOf(journey.emulator.tenant), []);
    assert(tenant.effectivePlans(canary[0] ?? "").includes(tenant.plan("TEAMS1")));
    await journey.nightlyCheck();
  });

  it("a user moved earlier with an inherited licence that fails is owed the direct one: the nightly check fails, with plans and user named", async () => {
    const { tenant } = journey.emulator;
    const [user = ""] = canary;
    tenant.setAssignmentState(user, "ENTERPRISEPACK", "Finance department", {
      state: "Error",
      error: "CountViolation",
    });
    const said = await journey.nightlyCheckFails();
    assert.match(
      said.text,
      new RegExp(`1 user is owed a direct ENTERPRISEPACK: moved earlier, .*TEAMS1.*\\(${tenant.user(user).id}\\)`),
    );
    assert.match(said.under("everyone").join("\n"), /not now: 1 user gets back first what they are owed/);
  });

  it("a run that leaves the row of the debts out pays nothing, and removes nothing from any user", async () => {
    const writes = await journey.writesDuring(async () => {
      await journey.upHalted({ words: ["--exclude", "**debts"] });
    });
    assert.equal(writes, 0);
    const said = await journey.nightlyCheckFails();
    assert.match(said.under("everyone").join("\n"), /not now: 1 user gets back first what they are owed/);
  });

  it("and the next up gives it back, from the record", async () => {
    const { tenant } = journey.emulator;
    const writes = await journey.writesDuring(async () => {
      const said = await journey.up();
      assert.deepEqual(said.under("debts"), [
        "gave back what was owed: 1 direct licence (1 ENTERPRISEPACK). The waves were held in this run: run pulumi up again, and they go on",
      ]);
    });
    assert.equal(writes, 1);
    const [user = ""] = canary;
    assert(tenant.effectivePlans(user).includes(tenant.plan("TEAMS1")));
  });

  it("after which the user is blocked, and the nightly check passes again", async () => {
    await journey.up();
    await journey.nightlyCheck();
  });

  it("no user lost anything by this program", () => {
    assert.deepEqual(journey.emulator.history.losses({ except: "people" }), []);
  });
});

function waves(ofCanary: { readonly rollback?: boolean } = {}) {
  return [
    { name: "canary", users: canary, ...ofCanary },
    { name: "some", percent: 50 },
    { name: "everyone", percent: 100 },
  ];
}
