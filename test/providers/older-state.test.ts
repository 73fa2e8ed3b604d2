import assert from "node:assert/strict";
import type { BaselineOutputs } from "../../dynamic-providers/direct-license-baseline";
import type { RemovalOutputs } from "../../dynamic-providers/removal/removal-outputs";
import { packPairs } from "../../licensing/record/compact-ids";
import { packSliceRecord, unpackSliceRecord } from "../../licensing/record/slice-record";
import { count, percent, skuId, wave } from "../licensing/builders";
import { openRig, type Rig } from "./rig";
import { SmallStack } from "./small-stack";
import { GROUPS, tenant, upn } from "./tenants";

const WAVES = [wave("canary", count(2)), wave("everyone", percent(100))];

/** The outputs as they were before users were told by their place in a list, and without anything to check them by. */
function asBefore(stack: SmallStack, waves: readonly string[]): void {
  stack.rewrite("baseline", (outs) => without(outs as unknown as BaselineOutputs, "digest"));
  for (const name of waves) {
    stack.rewrite(name, (outs) => {
      const slice = outs as unknown as RemovalOutputs;
      const { removed, refused } = unpackSliceRecord(slice);
      const __removed = removed.map(({ at, pairs }) => ({ at, pairs: packPairs(pairs) }));
      return { ...without(slice, "__seal"), __removed, __refused: refused };
    });
  }
}

/** The outputs as they were when each refusal stood by itself, under a seal that did not know of it. */
function withRefusalsByIds(stack: SmallStack, name: string): void {
  stack.rewrite(name, (outs) => {
    const known = unpackSliceRecord(outs as unknown as RemovalOutputs);
    return { ...outs, ...packSliceRecord({ ...known, refused: [] }), __refused: known.refused };
  });
}

function without<T extends object>(whole: T, key: keyof T): Record<string, unknown> {
  return Object.fromEntries(Object.entries(whole).filter(([each]) => each !== key));
}

describe("a state that an older version wrote", function () {
  this.timeout(120_000);
  let rig: Rig;

  before(async () => {
    rig = await openRig();
  });

  after(() => rig.close());

  const directNow = () =>
    rig.emulator.tenant
      .users()
      .flatMap(({ holdings }) => holdings.assignments.filter((each) => each.assignedByGroup === null));

  async function movedThroughCanary(): Promise<SmallStack> {
    rig.start(tenant());
    const stack = new SmallStack(rig, { groups: GROUPS, waves: WAVES, applyThrough: "canary" });
    await stack.up();
    asBefore(stack, ["canary-1", "everyone-1"]);
    return stack;
  }

  it("is no change: nothing is to do, and nothing is removed", async () => {
    const stack = await movedThroughCanary();
    const before = directNow();
    assert.deepEqual(await stack.preview(), []);
    assert.deepEqual((await stack.up()).ran, []);
    assert.deepEqual(directNow(), before);
  });

  it("goes on with its next wave, finds what came back, and is written anew as it goes", async () => {
    const stack = await movedThroughCanary();
    const canary = unpackSliceRecord(stack.wave("canary-1")).taken;
    const [first = ""] = canary;
    rig.emulator.tenant.assignDirect(first, "EMS");
    assert.equal((await stack.plan()).plan.drift.tallies.length, 1, "a licence that this stack removed is there again");
    stack.file = { ...stack.file, applyThrough: "everyone" };
    assert.deepEqual((await stack.up()).ran, ["baseline", "canary-1", "everyone-1"]);
    assert.deepEqual(directNow(), []);
    assert.deepEqual(unpackSliceRecord(stack.wave("canary-1")).taken, canary);
    for (const name of ["canary-1", "everyone-1"]) assert.ok(stack.wave(name).__seal !== undefined, name);
  });

  it("is what a rollback puts back from, in full", async () => {
    rig.start(tenant());
    const before = directNow();
    const stack = new SmallStack(rig, { groups: GROUPS, waves: WAVES, applyThrough: "everyone" });
    await stack.up();
    assert.deepEqual(directNow(), []);
    asBefore(stack, ["canary-1", "everyone-1"]);
    stack.file = { ...stack.file, waves: WAVES.map((each) => ({ ...each, rollback: true })) };
    await stack.up();
    const told = (all: ReturnType<typeof directNow>) =>
      all.map(({ skuId, disabledPlans }) => [skuId, disabledPlans]).sort();
    assert.deepEqual(told(directNow()), told(before));
  });

  for (const [what, rewrite] of [
    ["by ids", withRefusalsByIds],
    ["by ids, and all else too", (stack: SmallStack, name: string) => asBefore(stack, [name])],
  ] as const) {
    it(`knows what Entra refused, ${what}: it is no change, not tried again, and written anew with the next run`, async () => {
      rig.start(tenant());
      const rule = rig.emulator.faults.add({
        match: { path: /assignLicense/, userId: rig.emulator.tenant.user(upn("ada")).id },
        then: { status: 400, message: "Never." },
      });
      const waves = [wave("everyone", percent(100))];
      const stack = new SmallStack(rig, { groups: GROUPS, waves, applyThrough: "everyone" });
      await stack.up();
      const refused = unpackSliceRecord(stack.wave()).refused;
      assert.equal(refused.length, 2, "both of her SKUs");
      const before = stack.wave();
      rewrite(stack, "everyone-1");
      assert.notDeepEqual(stack.wave().__refused, before.__refused);
      assert.deepEqual(await stack.preview(), []);
      assert.deepEqual([(await stack.up()).ran, rule.hits], [[], 1]);
      rig.emulator.tenant.assignDirect(upn("cleo"), "EMS");
      assert.deepEqual([(await stack.up()).ran, rule.hits], [["baseline", "everyone-1"], 1]);
      assert.deepEqual(stack.wave().__refused, before.__refused, "neither more nor less, in the form of now");
      assert.deepEqual(await stack.preview(), []);
    });
  }

  it("has its baseline written anew when a user is new", async () => {
    const stack = await movedThroughCanary();
    rig.emulator.tenant.addUser({ userPrincipalName: upn("gus"), licenses: [{ sku: "EMS" }] });
    assert.ok((await stack.up()).ran.includes("baseline"));
    assert.deepEqual([stack.baseline().users, typeof stack.baseline().digest], [7, "string"]);
  });
});

const MADE_UP = { reason: { kind: "refused", detail: "Never." }, of: { [skuId("EMS")]: { "0123456789abcdef": "0" } } };

describe("a state that is damaged", function () {
  this.timeout(120_000);
  let rig: Rig;

  before(async () => {
    rig = await openRig();
  });

  after(() => rig.close());

  for (const [what, name, change] of [
    ["the baseline lost a pattern", "baseline", (outs: Record<string, unknown>) => ({ ...outs, __entries: [] })],
    ["the baseline is cut short", "baseline", (outs) => ({ ...outs, __entries: cutShort(outs as never) })],
    ["a wave's users are others", "canary-1", (outs) => ({ ...outs, __taken: "ABEiM0RVZneImaq7zN3u/w==" })],
    ["a wave's removals are others", "canary-1", (outs) => ({ ...outs, __removed: [] })],
    ["a wave has refusals that it did not write", "canary-1", (outs) => ({ ...outs, __refused: [MADE_UP] })],
  ] as const satisfies readonly (readonly [
    string,
    string,
    (outs: Record<string, unknown>) => Record<string, unknown>,
  ])[]) {
    it(`is refused, and nothing is removed: ${what}`, async () => {
      rig.start(tenant());
      const stack = new SmallStack(rig, { groups: GROUPS, waves: WAVES, applyThrough: "canary" });
      await stack.up();
      stack.rewrite(name, change);
      stack.file = { ...stack.file, applyThrough: "everyone" };
      const writes = rig.emulator.requests.writes().length;
      await assert.rejects(stack.up(), /^Refusal: The record in this stack's state is damaged: .*docs\/lost-state\.md/);
      assert.equal(rig.emulator.requests.writes().length, writes);
    });
  }
});

function cutShort({ __entries }: BaselineOutputs): BaselineOutputs["__entries"] {
  return __entries.map((entry) => ({ ...entry, users: entry.users.slice(0, -8) }));
}
