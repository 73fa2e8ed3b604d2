import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  onlyPairs,
  removalTimes,
  withoutPairs,
  withRun,
  type RemovalRun,
} from "../../licensing/record/removals-on-record";
import { skuId, userId } from "./builders";

const FIRST = "2026-11-01T10:00:00.000Z";
const SECOND = "2026-11-02T10:00:00.000Z";
const pair = (user: string, sku = "EMS") => ({ userId: userId(user), skuId: skuId(sku) });

/** `ada EMS: first`, readable. */
function told(runs: readonly RemovalRun[]): ReadonlyMap<string, string> {
  const names = new Map(["ada", "ben", "cleo"].map((name) => [userId(name), name]));
  const skus = new Map(["EMS", "ENTERPRISEPACK"].map((sku) => [skuId(sku), sku]));
  return new Map(
    [...removalTimes(runs)].flatMap(([user, bySku]) =>
      [...bySku].map(([sku, atMs]) => [`${names.get(user)} ${skus.get(sku)}`, new Date(atMs).toISOString()] as const),
    ),
  );
}

describe("removals on record", () => {
  it("say when each direct assignment went", () => {
    const runs = withRun(withRun([], FIRST, [pair("ada"), pair("ada", "ENTERPRISEPACK")]), SECOND, [pair("ben")]);
    assert.deepEqual(
      told(runs),
      new Map([
        ["ada EMS", FIRST],
        ["ada ENTERPRISEPACK", FIRST],
        ["ben EMS", SECOND],
      ]),
    );
  });

  it("a run that removed nothing leaves no trace", () => {
    const runs = withRun([], FIRST, [pair("ada")]);
    assert.equal(withRun(runs, SECOND, []), runs);
  });

  it("what came back and went again stands once, at its last removal", () => {
    const runs = withRun(withRun([], FIRST, [pair("ada"), pair("ben")]), SECOND, [pair("ada")]);
    assert.deepEqual(told(runs), new Map([...told(withRun([], FIRST, [pair("ben")])), ["ada EMS", SECOND]]));
    const again = withRun(runs, "2026-11-03T10:00:00.000Z", [pair("ben")]);
    assert.equal(again.length, 2, "a run of which nothing is left goes");
  });

  it("what was put back is taken out, SKU by SKU", () => {
    const runs = withRun([], FIRST, [pair("ada"), pair("ada", "ENTERPRISEPACK"), pair("ben")]);
    assert.deepEqual([...told(withoutPairs(runs, [pair("ada"), pair("cleo")])).keys()].sort(), [
      "ada ENTERPRISEPACK",
      "ben EMS",
    ]);
    assert.deepEqual([...told(onlyPairs(runs, [pair("ben"), pair("cleo")])).keys()], ["ben EMS"]);
    assert.deepEqual(onlyPairs(runs, []), []);
  });

  it("the last removal counts for a user that came from one part of a wave to another, in any order", () => {
    const old = withRun([], FIRST, [pair("ada")]);
    const young = withRun([], SECOND, [pair("ada")]);
    for (const runs of [
      [...old, ...young],
      [...young, ...old],
    ]) {
      assert.equal(removalTimes(runs).get(userId("ada"))?.get(skuId("EMS")), Date.parse(SECOND));
    }
  });
});
