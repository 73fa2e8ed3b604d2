import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rowsThatDiffer } from "../../../cli/pipeline/update-plan";

describe("the engine's saved plans, side by side", () => {
  const folder = mkdtempSync(join(tmpdir(), "update-plan-"));
  after(() => rmSync(folder, { recursive: true }));

  function differ(one: object, other: object): readonly string[] {
    const files = [one, other].map((plan, index) => {
      const file = join(folder, `${index}.json`);
      writeFileSync(file, JSON.stringify(plan));
      return file;
    });
    return rowsThatDiffer(files[0] ?? "", files[1] ?? "");
  }

  const row = (goal: object, steps = ["same"], seed = "a") => ({ goal, steps, seed });
  const plan = (rows: object) => ({ manifest: { time: Math.random() }, config: { a: 1 }, resourcePlans: rows });

  it("are the same when only their times and seeds differ", () => {
    const rows = (seed: string) => plan({ "urn::stack::canary-1": row({ inputDiff: { a: 1 } }, ["same"], seed) });
    assert.deepEqual(differ(rows("a"), rows("b")), []);
  });

  it("are the same in any order of a row's dependencies", () => {
    const depending = (...dependencies: string[]) =>
      plan({ "u::everyone-1": row({ a: 1, dependencies, propertyDependencies: { __planned: dependencies } }) });
    assert.deepEqual(differ(depending("u::baseline", "u::canary-1"), depending("u::canary-1", "u::baseline")), []);
    assert.deepEqual(differ(depending("u::baseline"), depending("u::canary-1")), ["everyone-1: what it waits for"]);
  });

  it("differ in rows by name: other inputs, other steps, there in one of them alone", () => {
    const removal = "u::licensing:index:LicenseWave$pulumi-nodejs:dynamic/licensing:DirectLicenseRemoval";
    const group = "u::licensing:index:LicensingGroup$pulumi-nodejs:dynamic/licensing:GroupLicense::staff";
    const one = plan({
      [`${removal}::canary-1`]: row({ inputDiff: { updates: { users: 3 } } }),
      [`${removal}::tenth-2`]: row({ a: 1 }),
      "u::gone": row({}),
      "u::same": row({}),
    });
    const other = plan({
      [`${removal}::canary-1`]: row({ inputDiff: { updates: { users: 4 } } }),
      [`${removal}::tenth-2`]: row({ a: 1 }, ["update"]),
      "u::same": row({}),
      [group]: row({}),
    });
    assert.deepEqual(differ(one, other), [
      "gone: in the reviewed plan, and no longer",
      "group staff: not in the plan that was reviewed",
      "wave canary, part 1: other values in the users that the waves move, in order",
      "wave tenth, part 2: the plan was to leave it as it is, and now is to change it",
    ]);
  });

  it("say in which inputs, in words where the plan for people has none", () => {
    const inputs = (updates: object) =>
      plan({ "u::everyone-1": row({ inputDiff: { updates, deletes: ["restore"] } }) });
    const before = inputs({ __inError: { a: 1 }, users: 3, order: "1 of 2", waits: true });
    const now = inputs({ __inError: { a: 2 }, users: 4, order: "1 of 1", waits: true, __planned: {} });
    assert.deepEqual(differ(before, now), [
      "everyone-1: other values in members in error, planned, the users that the waves move, in order",
    ]);
  });

  it("differ in the stack file: by its keys", () => {
    assert.deepEqual(differ(plan({}), { ...plan({}), config: { a: 2, b: 1 } }), [
      "the stack file: `a` has another value",
      "the stack file: `b` is new",
    ]);
    assert.deepEqual(differ(plan({}), { ...plan({}), config: {} }), ["the stack file: `a` is gone"]);
  });
});
