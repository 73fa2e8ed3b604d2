import assert from "node:assert/strict";
import type { EmulatorOptions, SkuSpec, TenantSpec } from "../../emulator";
import { migrationPermissions } from "../../emulator/directory/spec";
import { ENTERPRISEPACK } from "../../emulator/tenants/products";
import { seedTenant } from "../../emulator/tenants/seed";
import { unpackIds } from "../../licensing/record/compact-ids";
import { hashPosition } from "../../licensing/plan/wave-membership";
import { journeyOf } from "./journey";
import { killedReplacements } from "./killed-replacements";
import { killedRuleChange } from "./killed-rule-change";
import { killedWaysBack } from "./killed-ways-back";
import { Killer } from "./killer";
import { KILLS_OF_MIGRATION, KILLS_PER_ROUND, killsOf, matchOf } from "./kills";

/** Enough that users are left for the last kill: a run moves a hundred or two before it is killed. */
const USERS = 1_200;
const FINANCE = 240;
const CANARY = 20;

/** Many waves: a run with a killed program still ends the part that it has in hand. */
const PERCENTS = [8, 16, 25, 33, 41, 50, 58, 66, 75, 83, 91, 100];

/** Finance goes from direct E3 to this one by its group; it has the plans of E3. */
const SPE_E5: SkuSpec = {
  skuId: "06ebc4ee-1bb5-47dd-8120-11324bc54e06",
  skuPartNumber: "SPE_E5",
  servicePlans: ENTERPRISEPACK.servicePlans,
  seats: FINANCE,
};

/** As many as the product reads, proves and writes at a time, with two groups. */
const UNIT = 59;

/** `npm run prove:kills` asks for more; its seed is that of the first round, and each round has the next one. */
const firstSeed = Number(process.env["PROVE_KILLS_SEED"] ?? 1);
const rounds = Math.ceil(Number(process.env["PROVE_KILLS_TIMES"] ?? KILLS_PER_ROUND) / KILLS_PER_ROUND);

for (let seed = firstSeed; seed < firstSeed + rounds; seed += 1) {
  killedJourney(seed);
  killedWaysBack(seed);
  killedRuleChange(seed);
  killedReplacements(seed);
}

function killedJourney(seed: number): void {
  describe(`journey: a migration that is killed ${KILLS_OF_MIGRATION} times on its way (npm run prove:kills -- --times ${KILLS_PER_ROUND} --seed ${seed})`, function () {
    this.timeout(120_000);

    const journey = journeyOf(tenant, {
      "licensing:groups": {
        "all-users": { existing: "All users", licenses: ["EMS"] },
        finance: { existing: "Finance department", licenses: [{ sku: "SPE_E5", replaces: ["ENTERPRISEPACK"] }] },
      },
      "licensing:waves": [
        { name: "canary", count: CANARY },
        ...PERCENTS.map((percent) => ({ name: `to-${percent}`, percent })),
      ],
      "licensing:applyThrough": "to-100",
    });
    const killer = new Killer(journey);
    const { killed } = killer;

    killsOf(seed).forEach((each, index) => {
      const when = `${each.after} requests and ${each.delayMs} ms`;
      it(`kill ${index + 1}: ${each.victim}, where ${each.place}, after ${when}`, async () => {
        await killer.unlock();
        const said = await killer.upKilled({ ...each, match: matchOf(each) }, `run ${index + 1}`);
        assert.notEqual(said.code, 0, said.text);
        assert.deepEqual(journey.emulator.history.losses(), [], "any unit in hand");
      });
    });

    it("the kills came before the waves and in them, and at least seven in the middle of writing", () => {
      const places = killed.map(({ where }) => where);
      const count = (where: string) => places.filter((each) => each === where).length;
      assert(count("users in writing") >= 7, places.join("; "));
      assert(count("users in reading") + count("users in reading back") >= 4, places.join("; "));
      assert(places.includes("before the waves"), places.join("; "));
    });

    it("the next up goes on to the same end", async () => {
      await killer.unlock();
      assert(killer.locks >= 5, `the stack was locked only ${killer.locks} times`);
      await journey.up();
      const { tenant, history, requests } = journey.emulator;
      assert.deepEqual(tenant.directAssignments(), []);
      assert.deepEqual(
        [...history.removals()].map(([skuId, count]) => [tenant.sku(skuId).skuPartNumber, count]).sort(),
        [
          ["EMS", USERS],
          ["ENTERPRISEPACK", FINANCE],
        ],
      );
      const done = requests.writes().filter(({ status }) => status >= 200 && status < 300);
      assert.equal(done.length, USERS + 2, "two groups and every user");
      assert.equal(new Set(done.map(({ path }) => path)).size, done.length, "each once");
      assert.deepEqual(
        requests.writes().filter(({ status }) => status >= 400),
        [],
        "and nothing was tried that was done already",
      );
    });

    it("outputs are right, and the canary is made of the people that the first run would have chosen", async () => {
      const { slices, outputs } = await journey.state();
      const ids = tenant().tenant.users?.map(({ id = "" }) => id) ?? [];
      const inOrder = [...ids].sort((a, b) => hashPosition(a) - hashPosition(b));
      const canary = inOrder.slice(0, CANARY);
      assert.deepEqual([...unpackIds(slices["canary-1"]?.__taken ?? "")].sort(), [...canary].sort());
      const inFinance = new Set(ids.slice(0, FINANCE));
      const shares = PERCENTS.map((percent, index) => {
        const from = (PERCENTS[index - 1] ?? 0) / 100;
        const users = inOrder.filter((id) => hashPosition(id) >= from && hashPosition(id) < percent / 100);
        return [`to-${percent}`, users.filter((id) => !canary.includes(id))] as const;
      });
      for (const [name, users] of [["canary", canary] as const, ...shares]) {
        const { doneAt, ...wave } = outputs.waves[name] ?? assert.fail();
        const removed = { EMS: users.length, ENTERPRISEPACK: users.filter((id) => inFinance.has(id)).length };
        assert.deepEqual(wave, { removed, pending: {}, blocked: {} }, name);
        assert(doneAt !== null);
      }
    });

    it("the nightly check passes", async () => {
      await journey.nightlyCheck();
    });

    it("no provider outlived its engine, or wrote anything past the unit that it had in hand", async () => {
      await killer.untilAllEnded();
      killer.assertWroteAtMost(UNIT);
    });

    it("no user was ever without a service", () => {
      assert.deepEqual(journey.emulator.history.losses(), []);
    });

    after(() => killer.end());
  });
}

/** Each run has an app of its own to sign in as. */
function tenant(): EmulatorOptions & { readonly tenant: TenantSpec } {
  const apps = Array.from({ length: KILLS_OF_MIGRATION + 1 }, (_, run) => ({
    name: `run ${run}`,
    permissions: [...migrationPermissions],
  }));
  const seed = seedTenant({ users: USERS, finance: FINANCE });
  return {
    tenant: { ...seed, skus: [...(seed.skus ?? []), SPE_E5], apps },
    processing: { joinMs: 100 },
    latencyMs: 30,
  };
}
