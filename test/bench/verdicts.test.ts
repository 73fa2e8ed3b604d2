import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { OURS, SAMPLE_SCRIPT } from "../../dev/bench/contest";
import type { EngineFigures } from "../../dev/bench/engine/engine-run";
import type { WholeMigration } from "../../dev/bench/engine/whole-migration";
import type { GraphFigures } from "../../dev/bench/graph/wishes";
import type { PlanRun } from "../../dev/bench/plan/plan-files";
import type { Rate, Results } from "../../dev/bench/results";
import { tablesOf, verdictsTable } from "../../dev/bench/tables";
import { verdicts } from "../../dev/bench/verdicts";

const graph: GraphFigures = {
  http: 240,
  writes: 1_000,
  resourceUnits: 5_000,
  throttled: 0,
  early: 0,
  removed: 1_200,
  servicesLost: 0,
  cpuMs: 1_000,
  peakMegabytes: 100,
  busyMs: 10_000,
};

const rate = (scenario: Rate["scenario"], contestant: string, elapsedMs: number, more: Partial<Rate> = {}): Rate => ({
  scenario,
  contestant,
  elapsedMs,
  users: 1_000,
  quotaPerSecond: scenario === "quota" ? 125 : null,
  cpuMs: 1_000,
  peakMegabytes: 100,
  failed: 0,
  graph,
  ...more,
});

const run = (wallMs: number, cpuMs: number, program = 500): EngineFigures => ({
  wallMs,
  cpuMs,
  peakMegabytes: { engine: 2_000, program, provider: 200 },
  graph,
});

const migration = (users: number, cpuMs: number, stateBytes: number, program?: number): WholeMigration => ({
  users,
  graphStartMs: 2_900,
  preview: run(2 * cpuMs, cpuMs, program),
  licenseGroups: run(1, 1),
  removeDirect: run(1, 1),
  noChange: run(1, 1),
  stateBytes,
});

const plan = (users: number, planCpuMs: number): PlanRun => ({
  users,
  graphStartMs: 3_100,
  planCpuMs,
  filesCpuMs: 500,
  wallMs: 9_999,
  peakMegabytes: 100,
  markdownCharacters: 59_999,
  pageBytes: 1_000,
  graph,
  pageOpensMs: 1_999,
});

const results: Results = {
  measuredAt: "2026-11-22T00:00:00.000Z",
  processors: 2,
  node: "v22",
  loadBefore: 0,
  latencyMs: 20,
  rates: [
    rate("no quota", SAMPLE_SCRIPT, 50_000),
    rate("no quota", OURS, 2_000),
    rate("quota", OURS, 10_000),
    rate("trouble", SAMPLE_SCRIPT, 50_000, { graph: { ...graph, early: 3, servicesLost: 4 } }),
  ],
  plans: [plan(20_000, 2_499), plan(100_000, 30_000)],
  migrations: [
    migration(1_000, 4_000, 99_000),
    migration(10_000, 5_000, 590_000, 200),
    migration(100_000, 55_000, 5_900_000, 900),
  ],
  work: [{ work: "the plan", sizes: "500 → 5,000 users", small: 10, large: 110, bound: "11 times", holds: true }],
  startUp: { ours: [run(9, 1), run(5_000, 1), run(4_500, 1)], empty: [run(3_000, 1)] },
};

const judged = (of: Results) =>
  Object.fromEntries(verdicts(of).map(({ number, measured, holds }) => [number, [measured, holds]]));

describe("The verdicts of the benchmark", () => {
  it("hold where every number is at its limit", () => {
    for (const verdict of verdicts(results)) assert.equal(verdict.holds, true, JSON.stringify(verdict));
  });

  it("are missed beyond it", () => {
    const worse: Results = {
      ...results,
      rates: [
        rate("no quota", SAMPLE_SCRIPT, 49_000),
        rate("no quota", OURS, 2_000, { graph: { ...graph, servicesLost: 1, throttled: 1, early: 1 } }),
        rate("quota", OURS, 10_000, { graph: { ...graph, busyMs: 11_000 } }),
      ],
      plans: [plan(20_000, 2_501), { ...plan(100_000, 1), pageOpensMs: 2_001, markdownCharacters: 60_001 }].map(
        (each) => ({
          ...each,
          graphStartMs: 3_001,
        }),
      ),
      migrations: [
        {
          ...migration(1_000, 1, 1),
          removeDirect: { ...run(1, 1), graph: { ...graph, http: 313 } },
        },
        migration(10_000, 5_000, 500_000, 100),
        { ...migration(100_000, 60_001, 6_100_000, 1_101), graphStartMs: 3_001 },
      ],
      work: [{ work: "the plan", sizes: "500 → 5,000 users", small: 10, large: 110, bound: "11 times", holds: false }],
      startUp: { ours: [run(4_600, 1)], empty: [run(3_000, 1)] },
    };
    for (const verdict of verdicts(worse)) assert.equal(verdict.holds, false, JSON.stringify(verdict));
  });

  it("are none where nothing was measured", () => {
    const none = verdicts({ ...results, rates: [], plans: [], startUp: null, migrations: [], work: [] });
    assert.deepEqual(
      [...new Set(none.map(({ measured, holds }) => `${measured ?? "no"} ${String(holds)}`))],
      ["no null"],
    );
    assert.match(verdictsTable(none), /not measured/);
  });

  it("judge a small tenant by no limit that is meant for a large one", () => {
    const small = verdicts({
      ...results,
      rates: [],
      plans: [],
      startUp: null,
      migrations: [migration(1_000, 1, 250_000)],
    });
    assert.deepEqual(
      small.filter(({ holds }) => holds === false),
      [],
    );
    assert.doesNotMatch(verdictsTable(small), /MISSED/);
  });

  it("judge ours alone: what a script loses or sends too early is its own", () => {
    assert.deepEqual(judged(results)["services lost"], ["0", true]);
    assert.deepEqual(judged(results)["requests of ours before Retry-After was over"], ["0", true]);
  });

  it("take the growth from the step, and from the process, that grow most", () => {
    const [seed, tenth, large] = results.migrations;
    assert.ok(seed && tenth && large);
    const waves = (cpuMs: number, provider: number): EngineFigures => ({
      ...run(1, cpuMs),
      peakMegabytes: { engine: 1, program: 500, provider },
    });
    const migrations = [
      seed,
      { ...tenth, removeDirect: waves(1_000, 100) },
      { ...large, removeDirect: waves(12_000, 950) },
    ];
    const found = judged({ ...results, migrations });
    assert.deepEqual(found["growth of the own time of any step, 10,000 to 100,000"], ["12.0-fold", false]);
    assert.deepEqual(found["growth of the memory of any of our processes, 10,000 to 100,000"], ["9.5-fold", true]);
    assert.deepEqual(found["memory in any of our processes at 100,000 users"], ["950 MiB", true]);
  });

  it("leave out what this system does not tell", () => {
    const elsewhere = results.migrations.map((each) => ({
      ...each,
      preview: { ...each.preview, cpuMs: null, peakMegabytes: {} },
      licenseGroups: { ...each.licenseGroups, peakMegabytes: {} },
      removeDirect: { ...each.removeDirect, peakMegabytes: {} },
      noChange: { ...each.noChange, peakMegabytes: {} },
    }));
    const found = judged({ ...results, migrations: elsewhere });
    assert.deepEqual(found["preview of 100,000 users, own time"], [null, null]);
    assert.deepEqual(found["memory in any of our processes at 100,000 users"], [null, null]);
  });

  it("stand below tables with every row", () => {
    const text = tablesOf(results).join("\n");
    for (const words of [
      "no quota: ours",
      "trouble: sample script",
      "first preview",
      "an empty program",
      "59 for a user",
    ]) {
      assert.ok(text.includes(words), `${words} is not in\n${text}`);
    }
  });
});
