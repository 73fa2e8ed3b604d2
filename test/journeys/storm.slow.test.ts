import assert from "node:assert/strict";
import type { FaultRule } from "../../emulator";
import { seedTenant } from "../../emulator/tenants/seed";
import { journeyOf, seedStackFile } from "./journey";

const USERS = 40;
const FINANCE = 8;

/** Runs that it may take: what halts one is not of the kind that stays. */
const RUNS = 6;

/** Everything that Graph and the network do at their worst, drawn anew at each request; the same draw in each test run. */
const STORM: readonly FaultRule[] = [
  { match: { inBatch: false }, probability: 0.06, then: { status: 429, retryAfter: 0.4 } },
  { match: { inBatch: true }, probability: 0.03, then: { status: 429, retryAfter: 0.3 } },
  { match: { inBatch: false }, probability: 0.04, then: { status: 503 } },
  { match: { inBatch: true }, probability: 0.02, then: { status: 503, retryAfter: 0.2 } },
  { match: { inBatch: false }, probability: 0.03, then: "reset" },
  { match: { inBatch: false }, probability: 0.02, then: "lost" },
  { match: { inBatch: true, method: "POST" }, probability: 0.06, then: "lost" },
  { match: { path: /assignLicense$/ }, probability: 0.06, then: { status: 504, afterDoing: true } },
  { match: { path: /assignLicense$/ }, probability: 0.04, then: { status: 409 } },
];

describe("journey: a whole migration in a storm of 429, 503, resets and lost answers", function () {
  this.timeout(120_000);

  const tenant = () => ({ tenant: seedTenant({ users: USERS, finance: FINANCE }), processing: { joinMs: 100 } });
  const journey = journeyOf(tenant, {
    ...seedStackFile,
    "licensing:waves": [
      { name: "canary", count: 10 },
      { name: "everyone", percent: 100 },
    ],
    "licensing:applyThrough": "everyone",
  });

  it(`an up, repeated where one halts, comes to the end within ${RUNS} runs`, async function () {
    this.timeout(300_000);
    const { faults, requests } = journey.emulator;
    const standing = STORM.map((rule) => faults.add(rule));
    let runs = 0;
    const { stack } = journey;
    for (let code: number | null = null; code !== 0; runs += 1) {
      assert(runs < RUNS, "the storm never ends");
      ({ code } = await stack.run(["up", "--yes", "--skip-preview"]));
    }
    faults.clear();
    const struck = standing.map(({ hits }) => hits);
    assert(struck.filter((hits) => hits > 0).length >= 6, `too fair a weather: ${struck.join()}`);
    assert(requests.count({ status: 429 }) > 0);
  });

  it("all users are moved, and outputs say so", async () => {
    assert.deepEqual(journey.emulator.tenant.directAssignments(), []);
    const { waves } = await journey.outputs();
    assert.equal((waves["canary"]?.removed["EMS"] ?? 0) + (waves["everyone"]?.removed["EMS"] ?? 0), USERS);
    for (const { pending, blocked } of Object.values(waves)) assert.deepEqual([pending, blocked], [{}, {}]);
    await journey.nightlyCheck();
  });

  it("no request came before the time that Graph had asked for", () => {
    assert.deepEqual(journey.emulator.requests.early(), []);
  });

  it("no user was ever without a service, each licence went once, and no seat more was in use", () => {
    const { history, tenant } = journey.emulator;
    assert.deepEqual(history.losses(), []);
    for (const [sku, used] of [
      ["EMS", USERS],
      ["ENTERPRISEPACK", FINANCE],
    ] as const) {
      const { skuId } = tenant.sku(sku);
      assert.equal(history.removals().get(skuId), used);
      const { first, highest, now } = history.seats(skuId);
      assert.deepEqual([first, highest, now], [used, used, used], sku);
    }
  });
});
