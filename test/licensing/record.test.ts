import assert from "node:assert/strict";
import { baselineDigest, packBaseline } from "../../licensing/record/baseline";
import { NO_NAMES } from "../../licensing/catalog/recorded-names";
import { packIds } from "../../licensing/record/compact-ids";
import { EMPTY_RECORD, recordOf, type SliceOutputs } from "../../licensing/record/record";
import { withRun } from "../../licensing/record/removals-on-record";
import { packSliceRecord } from "../../licensing/record/slice-record";
import { groupId, license, planId, skuId, userId } from "./builders";

const nothing = { baselines: [], slices: [], groupLicenses: [] };
const slice = (wave: string, doneAt: string | null, ...taken: readonly string[]): SliceOutputs => ({
  wave,
  slice: "1 of 1",
  doneAt,
  outcome: { moved: 1, missed: 0, blocked: 0, minMoved: 0.5 },
  ...packSliceRecord({ taken: taken.map(userId), removed: [], refused: [] }),
});

describe("what a stack remembers of earlier runs", () => {
  it("of a new stack is nothing", () => {
    assert.deepEqual(recordOf(nothing), EMPTY_RECORD);
  });

  it("a wave was done when its last part was, and has taken the users of its parts", () => {
    const { waves } = recordOf({
      ...nothing,
      slices: [
        slice("canary", "2026-11-02T08:00:00.000Z", "ada"),
        slice("canary", "2026-11-02T09:00:00.000Z", "ben"),
        slice("canary", "2026-11-02T08:30:00.000Z", "cleo"),
      ],
    });
    assert.deepEqual(waves.get("canary"), {
      doneAtMs: Date.parse("2026-11-02T09:00:00Z"),
      taken: new Set(["ada", "ben", "cleo"].map(userId)),
      refused: [],
      unrestored: new Map(),
      moved: new Set(),
      missed: new Set(),
      outcome: { moved: 3, missed: 0, blocked: 0 },
      minMoved: 0.5,
    });
  });

  it("a wave that moved too few is not done, however often its parts ran", () => {
    const part = (moved: number, missed: number) => ({
      ...slice("canary", "2026-11-02T08:00:00.000Z", "ada"),
      outcome: { moved, missed, blocked: missed, minMoved: 0.5 },
      ...packSliceRecord({
        taken: [userId("zoe")],
        removed: [],
        refused: [],
        missed: missed > 0 ? [userId("zoe")] : [],
      }),
    });
    const doneAt = (...slices: readonly SliceOutputs[]) =>
      recordOf({ ...nothing, slices }).waves.get("canary")?.doneAtMs ?? null;
    assert.equal(doneAt(part(1, 2)), null);
    assert.notEqual(doneAt(part(1, 2), part(1, 0)), null, "its parts count together");
    assert.deepEqual(
      recordOf({ ...nothing, slices: [part(1, 2), part(1, 0)] }).waves.get("canary")?.missed,
      new Set([userId("zoe")]),
    );
  });

  it("what Entra refused in any part of a wave is known", () => {
    const licenses = "0123456789abcdef";
    const refused = {
      userId: userId("ada"),
      skuId: skuId("EMS"),
      reason: { kind: "source-unknown" },
      licenses,
    } as const;
    const { waves } = recordOf({
      ...nothing,
      slices: [
        { ...slice("canary", null), ...packSliceRecord({ taken: [refused.userId], removed: [], refused: [refused] }) },
        slice("canary", null),
      ],
    });
    assert.deepEqual(waves.get("canary")?.refused, [refused]);
  });

  it("a wave is not done while one part is not, whichever part that is", () => {
    const parts = [slice("canary", null), slice("canary", "2026-11-02T08:00:00.000Z")];
    for (const slices of [parts, [...parts].reverse()]) {
      assert.equal(recordOf({ ...nothing, slices }).waves.get("canary")?.doneAtMs, null);
    }
  });

  it("what the parts of all waves removed is known by user and SKU", () => {
    const pair = { userId: userId("ada"), skuId: skuId("EMS") };
    const removed = withRun([], "2026-11-02T08:00:00.000Z", [pair]);
    const ada = { ...slice("canary", null), ...packSliceRecord({ taken: [pair.userId], removed, refused: [] }) };
    const { removals } = recordOf({
      ...nothing,
      slices: [ada, slice("everyone", null, "ben")],
    });
    const at = Date.parse("2026-11-02T08:00:00Z");
    assert.deepEqual(removals, new Map([[pair.userId, new Map([[pair.skuId, at]])]]));
  });

  it("each wave stands for itself", () => {
    const { waves } = recordOf({
      ...nothing,
      slices: [slice("canary", "2026-11-02T08:00:00.000Z"), slice("everyone", null)],
    });
    assert.deepEqual([...waves.keys()], ["canary", "everyone"]);
    assert.equal(waves.get("everyone")?.doneAtMs, null);
  });

  it("the baseline and the groups' licences come back as they were", () => {
    const baseline = new Map([[userId("ada"), new Map([[skuId("EMS"), license("EMS")]])]]);
    const acceptLoss = [{ group: "staff", skuId: skuId("EMS"), planId: planId("INTUNE_A") }];
    const of = { groupId: groupId("Staff"), displayName: "Staff", given: [skuId("EMS")], acceptLoss };
    const __plans = { [skuId("EMS")]: packIds([planId("INTUNE_A")]) };
    const __entries = packBaseline(baseline);
    const record = recordOf({
      ...nothing,
      baselines: [{ users: 1, digest: baselineDigest(__entries), __entries, __departed: [], __rules: {} }],
      groupLicenses: [{ name: "staff", ...of, __leaving: [], __plans, __names: NO_NAMES }],
    });
    assert.deepEqual(record.baseline, baseline);
    assert.deepEqual(record.groupLicenses.get("staff"), {
      ...of,
      plans: __plans,
      names: NO_NAMES,
      leaving: [],
      hasTakeOff: false,
    });
  });

  it("is refused where a row lacks a field that it must have", () => {
    const { __departed: _, ...baseline } = {
      users: 0,
      digest: baselineDigest([]),
      __entries: [],
      __departed: [],
      __rules: {},
    };
    assert.throws(
      () => recordOf({ ...nothing, baselines: [baseline as never] }),
      /^Refusal: The record in this stack's state is damaged: (a row lacks a part of its record|the row of .+ lacks .+\.)/,
    );
  });
});
