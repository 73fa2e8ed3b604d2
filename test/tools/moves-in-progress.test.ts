import assert from "node:assert/strict";
import { RunProgress } from "../../cli/run/run-progress";
import { wavesIn } from "../../cli/run/state";
import type { PlanDocument } from "../../licensing/plan-document/schema";

const TYPE = "pulumi-nodejs:dynamic/licensing:";
const REMOVAL = `${TYPE}DirectLicenseRemoval`;
const MOVE = `${TYPE}GroupMembershipMove`;

describe("users that go from group to group, while a run goes on and after it", () => {
  const part = (type: string, outputs: Readonly<Record<string, unknown>>) => ({
    urn: `urn::${type}::x`,
    type,
    inputs: { wave: "canary", order: "1 of 1", slice: "1 of 1", users: 3 },
    outputs,
  });
  const removal = part(REMOVAL, {
    ...{ status: "done", doneAt: "2026-11-30T08:00:00.000Z", pending: {}, stays: {} },
    outcome: { moved: 3, missed: 0, blocked: 0 },
  });

  it("are counted apart by status, and a wave is done when its moves are", () => {
    const move = part(MOVE, {
      ...{ status: "halted", doneAt: null, pending: 4, stays: { "no seat": 1 } },
      outcome: { moved: 2, missed: 4, blocked: 1 },
    });
    const [wave] = wavesIn({ deployment: { resources: [removal, move] } });
    assert.deepEqual(
      [wave?.state, wave?.moved, wave?.groupMoves, wave?.blocked, wave?.pending, wave?.stays],
      ["not-done", 3, { moved: 2, pending: 4 }, 1, {}, { "no seat": 1 }],
    );
  });

  it("are counted apart while they move, in the phase of their wave", () => {
    const progress = new RunProgress({ waves: [] } as unknown as PlanDocument);
    const step = ({ urn, type, inputs, outputs }: ReturnType<typeof part>, lastMoved?: number) => ({
      metadata: { urn, type, op: "create", new: { inputs, outputs: { ...outputs, lastMoved } } },
    });
    const move = part(MOVE, { outcome: { moved: 2, missed: 0, blocked: 0 }, stays: {} });
    for (const [each, moved] of [
      [removal, undefined],
      [move, 2],
    ] as const) {
      progress.take({ resourcePreEvent: step(each) });
      assert.equal(progress.state.phase, "canary");
      progress.take({ resOutputsEvent: step(each, moved) });
    }
    const { moved, movedByGroup } = progress.done.get("canary") ?? assert.fail();
    assert.deepEqual([moved, movedByGroup], [3, 2]);
  });
});
