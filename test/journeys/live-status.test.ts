import assert from "node:assert/strict";
import { seedTenant } from "../../emulator/tenants/seed";
import type { EngineWords } from "./engine-words";
import { journeyOf, seedStackFile } from "./journey";

const PROGRESS =
  /(?<done>\d+) of (?<all>\d+) users, (?<rate>[\d.]+)\/s, (?<share>\d+)% of the quota, (?<blocked>\d+) blocked, (?<left>\d+) s left$/;
const WAITING = /^waiting for Entra \((?<seconds>\d+) s\): All users: QueuedForProcessing; Finance department: Queued/;

/** Two waves of the same size, one in a terminal and one in CI; each takes about four seconds of waiting for Graph. */
describe("journey: what a person reads while it runs", function () {
  this.timeout(120_000);

  const slowTenant = () => ({
    tenant: seedTenant({ users: 480, finance: 8 }),
    latencyMs: 250,
    processing: { queueMs: 6_000 },
  });
  const journey = journeyOf(slowTenant, {
    ...seedStackFile,
    "licensing:waves": [
      { name: "first", count: 240 },
      { name: "second", percent: 100 },
    ],
  });
  let inTerminal: EngineWords;

  before(async () => {
    journey.edit({ "licensing:applyThrough": "first" });
    inTerminal = await journey.up();
  });

  it("the gate says what it waits for, and how long it has waited", () => {
    const seconds = numbersIn(inTerminal.row("inheritance"), WAITING).map((each) => each["seconds"] ?? NaN);
    assert(seconds.length >= 2, inTerminal.text);
    assert(isRising(seconds), seconds.join());
  });

  it("the row of a wave says how many of how many are done, how fast, by which part of the quota, how many are blocked, and how long is left", () => {
    const progress = numbersIn(inTerminal.row("first-1"), PROGRESS);
    assert(progress.length >= 2, inTerminal.text);
    assert(isRising(progress.map(({ done }) => done ?? NaN)), inTerminal.text);
    for (const { done = NaN, all = NaN, rate = NaN, share = NaN, blocked = NaN, left = NaN } of progress) {
      assert(done > 0 && done <= all);
      assert.equal(all, 240);
      assert.equal(blocked, 0);
      assert(share > 0 && share <= 100, `${share} % of the quota`);
      // The rate is shown rounded, which matters where the machine is slow.
      const [least, most] = [(all - done) / (rate + 0.5) - 1, (all - done) / Math.max(rate - 0.5, 0.1) + 1];
      assert(left >= least && left <= most, `${left} s for ${all - done} users at ${rate}/s`);
    }
  });

  it("in CI the same work is a line now and then, not one a second", async () => {
    journey.edit({ "licensing:applyThrough": "second" });
    const inCi = await journey.up({ environment: { CI: "true" } });
    const lines = numbersIn(inCi.row("second-1"), PROGRESS).length;
    const inTerminalLines = numbersIn(inTerminal.row("first-1"), PROGRESS).length;
    assert(lines >= 1, inCi.text);
    assert(lines * 2 <= inTerminalLines, `${lines} in CI, ${inTerminalLines} in a terminal`);
  });
});

function numbersIn(lines: readonly string[], words: RegExp): readonly Readonly<Record<string, number>>[] {
  return lines.flatMap((line) => {
    const groups = words.exec(line)?.groups;
    return groups === undefined ? [] : [Object.fromEntries(Object.entries(groups).map(([k, v]) => [k, Number(v)]))];
  });
}

function isRising(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? Infinity));
}
