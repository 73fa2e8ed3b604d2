import assert from "node:assert/strict";
import { journeyOf, seedStackFile } from "./journey";

/** HTTP requests for one removed assignment, over the runs that remove, reading the tenant included; a batch is one. */
const REQUESTS_PER_REMOVAL = 0.26;

const WAVES = {
  canary: { EMS: 20, ENTERPRISEPACK: 5 },
  tenth: { EMS: 79, ENTERPRISEPACK: 13 },
  everyone: { EMS: 901, ENTERPRISEPACK: 182 },
} as const;

type Wave = keyof typeof WAVES;

describe("journey: 1,000 users from direct to inherited licences", function () {
  this.timeout(180_000);

  const journey = journeyOf(() => ({}), seedStackFile);
  const requestsOfRun = new Map<Wave, number>();
  const doneAt = new Map<Wave, string>();
  let plansAtFirst: ReadonlyMap<string, readonly string[]>;

  before(() => {
    plansAtFirst = plansOfUsers();
  });

  it("a first preview writes nothing, and says what each wave will remove", async () => {
    const said = await journey.preview();
    assert.deepEqual(said.under("all-users"), ["assign EMS to 1,000 members"]);
    assert.deepEqual(said.under("finance"), ["assign ENTERPRISEPACK to 200 members"]);
    const held = "not now: licensing:applyThrough is not set";
    assert.deepEqual(said.under("canary"), [
      `(predicted) remove 25 direct assignments from 20 users: 20 EMS, 5 ENTERPRISEPACK; ${held}`,
    ]);
    assert.deepEqual(said.under("tenth"), [
      `(predicted) remove 92 direct assignments from 79 users: 79 EMS, 13 ENTERPRISEPACK; ${held}`,
    ]);
    assert.deepEqual(said.under("everyone"), [
      `(predicted) remove 1,083 direct assignments from 901 users: 901 EMS, 182 ENTERPRISEPACK; ${held}`,
    ]);
  });

  it("an up without applyThrough gives the groups their licences, and nothing else", async () => {
    const { requests } = journey.emulator;
    const said = await journey.up();
    assert.deepEqual(
      new Set(requests.writes().map(({ method, path }) => `${method} ${path}`)),
      new Set(["All users", "Finance department"].map((name) => `POST /groups/${idOf(name)}/assignLicense`)),
    );
    assert.equal(requests.writes().length, 2);
    assert.deepEqual(direct(), { EMS: 1_000, ENTERPRISEPACK: 200 });
    assert.match(
      said.row("inheritance").join("\n"),
      /^waiting for Entra \(\d+ s\): All users: (QueuedForProcessing|ProcessingInProgress)/m,
    );
  });

  it("the gate has looked at every member, and the audit log bears it out", async () => {
    const { verified } = (await journey.state()).gate;
    const found = Object.entries(verified).map(([name, group]) => [name, group.members, group.verified, group.errors]);
    assert.deepEqual(found, [
      ["all-users", 1_000, 1_000, {}],
      ["finance", 200, 200, {}],
    ]);
    assert.match(verified["all-users"]?.evidence.at(-1) ?? "", /Finish applying .*: 1000 assigned, 0 failed$/);
  });

  it("the direct licences of all users are in the state before anything is removed", async () => {
    const { users, assignments } = (await journey.state()).baseline;
    assert.equal(users, 1_000);
    assert.deepEqual(assignments, { EMS: 1_000, ENTERPRISEPACK: 200 });
  });

  it("outputs: the groups as they are, the waves as they wait", async () => {
    const { groups, waves } = await journey.outputs();
    assert.deepEqual(groups, {
      "all-users": groupOutput("All users", "EMS", 1_000),
      finance: groupOutput("Finance department", "ENTERPRISEPACK", 200),
    });
    for (const name of namesOfWaves()) {
      assert.deepEqual(waves[name], { removed: {}, pending: WAVES[name], blocked: {}, doneAt: null });
    }
  });

  it("the nightly check passes", () => journey.nightlyCheck());

  it("with applyThrough a preview shows the waves up to that one as work to do, and the others as held", async () => {
    journey.edit({ "licensing:applyThrough": "canary" });
    const said = await journey.preview();
    assert.deepEqual(said.under("canary"), ["remove 25 direct assignments from 20 users: 20 EMS, 5 ENTERPRISEPACK"]);
    for (const later of ["tenth", "everyone"]) {
      assert.match(said.under(later)[0] ?? "", /^remove [\d,]+ .*; not now: licensing:applyThrough is canary$/);
    }
  });

  for (const wave of namesOfWaves()) {
    it(`${wave}: up removes exactly that`, async () => {
      journey.edit({ "licensing:applyThrough": wave });
      const before = { direct: direct(), http: journey.emulator.requests.http() };
      const said = await journey.up();
      requestsOfRun.set(wave, journey.emulator.requests.http() - before.http);
      assert.deepEqual(direct(), {
        EMS: before.direct.EMS - WAVES[wave].EMS,
        ENTERPRISEPACK: before.direct.ENTERPRISEPACK - WAVES[wave].ENTERPRISEPACK,
      });
      const total = (WAVES[wave].EMS + WAVES[wave].ENTERPRISEPACK).toLocaleString("en-US");
      const bySku = `${WAVES[wave].EMS} EMS, ${WAVES[wave].ENTERPRISEPACK} ENTERPRISEPACK`;
      assert.deepEqual(said.under(`${wave}-1`), [`${wave}: removed ${total} direct assignments (${bySku})`]);
    });

    it(`${wave}: outputs say what is done, since when, and what is left`, async () => {
      const { waves } = await journey.outputs();
      const at = waves[wave]?.doneAt ?? "";
      assert(Math.abs(Date.parse(at) - Date.now()) < 60_000, at);
      doneAt.set(wave, at);
      for (const name of namesOfWaves()) {
        const done = doneAt.get(name);
        const expected = done === undefined ? [{}, WAVES[name], null] : [WAVES[name], {}, done];
        const [removed, pending, since] = expected;
        assert.deepEqual(waves[name], { removed, pending, blocked: {}, doneAt: since }, name);
      }
    });

    it(`${wave}: the nightly check passes`, () => journey.nightlyCheck());
  }

  it("another up changes nothing and writes nothing, at another pace neither", async () => {
    journey.edit({ "licensing:pace": "95%" });
    const before = await journey.outputs();
    const writes = await journey.writesDuring(async () => {
      const said = await journey.up({ words: ["--expect-no-changes"] });
      assert.match(said.text, /\d+ unchanged/);
    });
    assert.equal(writes, 0);
    assert.deepEqual(await journey.outputs(), before);
  });

  it("at the end every user inherits what they had, and no user was ever without", () => {
    const { tenant, history } = journey.emulator;
    assert.deepEqual(direct(), { EMS: 0, ENTERPRISEPACK: 0 });
    assert(
      tenant.users().every(({ holdings }) => holdings.assignments.every((entry) => entry.assignedByGroup !== null)),
    );
    assert.deepEqual(plansOfUsers(), plansAtFirst);
    assert.deepEqual(history.losses(), []);
    const removals = history.removals();
    assert.equal(removals.get(tenant.sku("EMS").skuId), 1_000);
    assert.equal(removals.get(tenant.sku("ENTERPRISEPACK").skuId), 200);
  });

  it("no seat more was ever in use", () => {
    const { tenant, history } = journey.emulator;
    for (const [sku, used] of [
      ["EMS", 1_000],
      ["ENTERPRISEPACK", 200],
    ] as const) {
      const { first, highest, now } = history.seats(tenant.sku(sku).skuId);
      assert.deepEqual({ first, highest, now }, { first: used, highest: used, now: used }, sku);
    }
  });

  it(`the runs that remove need at most ${REQUESTS_PER_REMOVAL} requests for each assignment`, () => {
    const requests = [...requestsOfRun.values()].reduce((sum, count) => sum + count, 0);
    const perRemoval = requests / 1_200;
    const words = [...requestsOfRun].map(([wave, count]) => `${wave} ${count}`).join(", ");
    assert(perRemoval <= REQUESTS_PER_REMOVAL, `${perRemoval.toFixed(3)} for each: ${words}`);
  });

  function plansOfUsers(): ReadonlyMap<string, readonly string[]> {
    const { tenant } = journey.emulator;
    return new Map(tenant.users().map(({ id }) => [id, [...tenant.effectivePlans(id)].sort()]));
  }

  function direct(): { readonly EMS: number; readonly ENTERPRISEPACK: number } {
    const { tenant } = journey.emulator;
    return {
      EMS: tenant.directAssignmentCount("EMS"),
      ENTERPRISEPACK: tenant.directAssignmentCount("ENTERPRISEPACK"),
    };
  }

  function idOf(group: string): string {
    return journey.emulator.tenant.groupByName(group).id;
  }

  function groupOutput(group: string, licenses: string, members: number) {
    // All users still hold the licences directly.
    const dependents = { users: 0 };
    return { id: idOf(group), licenses, processingState: "ProcessingComplete", members, errors: {}, dependents };
  }
});

function namesOfWaves(): readonly Wave[] {
  return Object.keys(WAVES) as Wave[];
}
