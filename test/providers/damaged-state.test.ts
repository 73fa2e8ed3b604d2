import assert from "node:assert/strict";
import type { BaselineOutputs } from "../../dynamic-providers/direct-license-baseline";
import { toPulumiProvider } from "../../dynamic-providers/engine/hosted";
import { groupLicense } from "../../dynamic-providers/group-license";
import { count, percent, skuId, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack } from "./small-stack";
import { GROUPS, tenant } from "./tenants";

const WAVES = [wave("canary", count(2)), wave("everyone", percent(100))];

const MADE_UP = { reason: { kind: "refused", detail: "Never." }, of: { [skuId("EMS")]: { "0123456789abcdef": "0" } } };

describe("a state that is damaged", function () {
  this.timeout(120_000);
  const rig = rigOf();

  for (const [what, name, change] of [
    ["the baseline lost a pattern", "baseline", (outs: Record<string, unknown>) => ({ ...outs, __entries: [] })],
    ["the baseline is cut short", "baseline", (outs) => ({ ...outs, __entries: cutShort(outs as never) })],
    ["a wave's users are others", "canary-1", (outs) => ({ ...outs, __taken: "ABEiM0RVZneImaq7zN3u/w==" })],
    ["a wave's removals are others", "canary-1", (outs) => ({ ...outs, __removed: [] })],
    ["a wave has refusals that it did not write", "canary-1", (outs) => ({ ...outs, __refused: [MADE_UP] })],
    ["the baseline lacks its digest", "baseline", without("digest")],
    ["the baseline lacks its departures", "baseline", without("__departed")],
    ["a wave lacks its seal", "canary-1", without("__seal")],
    ["a wave lacks its removals", "canary-1", without("__removed")],
    ["a wave lacks its outcome", "canary-1", without("outcome")],
    ["a wave does not say whether it is done", "canary-1", without("doneAt")],
    ["a wave was done at no time", "canary-1", (outs) => ({ ...outs, doneAt: "yesterday" })],
    ["the baseline lacks the groups' rules", "baseline", without("__rules")],
    ["a group does not say what this stack gave it", "all-users", without("given")],
    ["a group lacks its accepted losses", "all-users", without("acceptLoss")],
    ["a group lacks its plans", "all-users", without("__plans")],
    ["a group lacks its id", "all-users", without("groupId")],
    ["the gate lacks its digest", "inheritance", without("settled")],
    ["the gate lacks the users that move last", "inheritance", without("moveLast")],
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

describe("a group's row that is damaged", function () {
  this.timeout(120_000);
  const rig = rigOf();

  it("is refused by a destroy, which asks no program, and the group keeps its licences", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, { groups: GROUPS });
    await stack.up();
    const writes = rig.emulator.requests.writes().length;
    const row = { ...stack.outputs("all-users") };
    delete row["given"];
    await assert.rejects(
      toPulumiProvider(groupLicense, () => rig.host).delete("", row),
      /^Refusal: The record in this stack's state is damaged: the row of the licences of group all-users lacks given\. .*docs\/lost-state\.md/,
    );
    assert.equal(rig.emulator.requests.writes().length, writes);
  });

  it("is refused by the comparison where a field is missing that no plan reads", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, { groups: GROUPS });
    await stack.up();
    stack.rewrite("all-users", (outs) => ({ ...outs, licenses: null }));
    const writes = rig.emulator.requests.writes().length;
    await assert.rejects(
      stack.up(),
      /^Refusal: The record in this stack's state is damaged: the row .*docs\/lost-state\.md/,
    );
    assert.equal(rig.emulator.requests.writes().length, writes);
  });
});

function cutShort({ __entries }: BaselineOutputs): BaselineOutputs["__entries"] {
  return __entries.map((entry) => ({ ...entry, users: entry.users.slice(0, -8) }));
}

function without(key: string): (outs: Record<string, unknown>) => Record<string, unknown> {
  return (outs) => Object.fromEntries(Object.entries(outs).filter(([name]) => name !== key));
}
