import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { Catalog } from "../../licensing/catalog/catalog";
import { changesToGroup } from "../../licensing/loss/group-change";
import { afterSwap } from "../../licensing/loss/after-swap";
import { oneCallOf } from "../../licensing/loss/one-call";
import type { Assignment } from "../../licensing/model";
import { whyNotInOneCall, type OneCallInput } from "../../licensing/plan/judge-one-call";
import { UNLISTED_PAIR } from "../../licensing/preflight/one-call-findings";
import { declared, direct, inherited, license, settled, sku, skuId, user, userId } from "./builders";

const catalog = new Catalog([sku("OLD", ["A", "B"]), sku("NEW", ["A", "B"]), sku("MORE", ["C"])]);
const STAFF = { ...declared("Staff", "NEW"), swaps: [skuId("OLD")] };
const NOW = settled(STAFF, { licenses: [license("OLD")] });

function judged(changes: Partial<OneCallInput> = {}): string {
  const call = oneCallOf(STAFF, NOW.licenses);
  assert.ok(call !== null);
  const reason = whyNotInOneCall({
    ...{ declared: STAFF, now: NOW, call, catalog, unknown: 0, comingBack: [], excludes: () => true },
    ...{ takenOff: call.off, changes: changesToGroup(STAFF.licenses, NOW.licenses) },
    members: [user("ada", [inherited("OLD", "Staff")])],
    trouble: { conflicts: [], seats: [] },
    ...changes,
  });
  return reason ?? "";
}

describe("a swap in one call on a group", () => {
  it("takes in all that is declared and not there, and takes off what is named and there", () => {
    const of = (names: readonly string[], on: readonly string[]) =>
      oneCallOf(
        { ...declared("Staff", ...names), swaps: [skuId("OLD")] },
        on.map((name) => license(name)),
      );
    assert.deepEqual(of(["NEW", "MORE"], ["OLD", "MORE"]), { add: [license("NEW")], off: [license("OLD")] });
    assert.equal(of(["NEW"], ["MORE"]), null, "nothing goes");
    assert.equal(of(["NEW"], ["OLD", "NEW"]), null, "nothing comes");
    assert.equal(oneCallOf(declared("Staff", "NEW"), [license("OLD")]), null, "nothing is named");
  });

  it("is allowed where nothing is known to stand in the way", () => {
    assert.equal(judged(), "");
  });

  it("is refused where members can have both, with the safe way", () => {
    assert.match(
      judged({ excludes: () => false }),
      /two steps are the safe way.*removeLicenses instead\. If two steps ended with the new licence in error.*docs\/stack-file\.md.* Nothing was changed\.$/,
    );
  });

  it("is refused with a place in the documents that is there", () => {
    const [, file = "", heading = "", bullet = ""] = /^(\S+), "(.+)", under "(.+)"$/.exec(UNLISTED_PAIR) ?? [];
    const text = readFileSync(file, "utf8");
    const at = text.indexOf(`### ${heading}\n`);
    assert.ok(at > 0, heading);
    assert.ok(text.indexOf(`- **${bullet}**`) > at, bullet);
  });

  it("is refused beside other changes of the group", () => {
    const plans = { kind: "change-plans", license: license("MORE"), disabledNow: [] } as const;
    assert.match(judged({ changes: [plans] }), /change the group in other ways, too/);
    assert.match(judged({ takenOff: [license("OLD"), license("MORE")] }), /change the group in other ways, too/);
  });

  it("is refused for members that join or could not be read", () => {
    assert.match(judged({ unknown: 2 }), /the licences of 2 members are not known.*create\.except/);
  });

  const elsewhere: readonly (readonly [string, Partial<OneCallInput>, RegExp])[] = [
    [
      "directly",
      { members: [user("ada", [inherited("OLD", "Staff"), direct("OLD")])] },
      /1 member has OLD directly, too \(.*give OLD under licenses instead, without swapInOneCall, until the waves have removed it/,
    ],
    [
      "from another group",
      { members: [user("ada", [inherited("OLD", "Staff"), inherited("OLD", "Else")])] },
      /1 member has OLD from another group or an unknown source, too \(.*Take them out of one of the two groups/,
    ],
    [
      "from an unknown source",
      { members: [user("ada", [], { assignedLicenses: [license("OLD")] })] },
      /1 member has OLD from another group or an unknown source, too/,
    ],
    [
      "by a rollback or a debt of this stack",
      { comingBack: [{ userId: userId("ada"), skuId: skuId("OLD") }] },
      /1 member gets OLD back directly in this run \(.*end the rollback/,
    ],
  ];
  for (const [how, changes, words] of elsewhere) {
    it(`is refused for a member that has the old licence ${how}, with the way out`, () => {
      assert.match(judged(changes), words);
      assert.match(judged(changes), /the new licence would stay in error for them/);
    });
  }

  it("is refused for members that could not be repaired", () => {
    const held = [inherited("OLD", "Staff")];
    assert.match(judged({ members: [user("ada", held, { usageLocation: null })] }), /1 member has no usageLocation/);
    assert.match(judged({ members: [user("ada", held, { isManagementRestricted: true })] }), /administrative unit/);
  });
});

describe("a member after a swap in one call", () => {
  const seen = (...entries: readonly Assignment[]) =>
    afterSwap(user("ada", entries), [license("OLD")], [skuId("NEW")], STAFF, [], catalog).kind;

  it("is waited for while the old entry is in force, though the new one is not there", () => {
    assert.equal(seen(inherited("OLD", "Staff")), "still");
    assert.equal(seen(inherited("OLD", "Staff", { state: "ActiveWithError", error: "Other" })), "still");
  });

  it("lacks plans when the old entry is gone and nothing else gives them", () => {
    assert.equal(seen(), "lacks");
    assert.equal(seen(inherited("NEW", "Staff", { state: "Error", error: "UniquenessViolation" })), "lacks");
  });

  it("is done when the new licence is active", () => {
    assert.equal(seen(inherited("NEW", "Staff")), "kept");
  });

  it("is waited for while another licence gives the plans, until the new one has come or failed", () => {
    assert.equal(seen(direct("OLD")), "still");
    assert.equal(seen(direct("OLD"), inherited("NEW", "Staff", { state: "Error", error: "Other" })), "kept");
  });

  it("is done when the new licence is active with an error: the gate reports that", () => {
    assert.equal(seen(inherited("NEW", "Staff", { state: "ActiveWithError", error: "Other" })), "kept");
  });
});
