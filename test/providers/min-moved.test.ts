import assert from "node:assert/strict";
import type { WavePlan } from "../../licensing/plan/plan";
import type { WaveSpec } from "../../licensing/stack-file/stack-file";
import { formatHold } from "../../licensing/plan/hold-words";
import { wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack } from "./small-stack";
import { GROUPS, NAMES, tenant, upn } from "./tenants";

const HOUR = 3_600_000;
const CANARY = ["cleo", "dan", "eve", "fay"];

describe("a wave that has to show that it moves its users", () => {
  const rig = rigOf({ processing: { joinMs: 0 } });
  beforeEach(() => {
    rig.start(tenant());
  });

  const wavesWith = (canary: Partial<WaveSpec>): readonly WaveSpec[] => [
    wave("canary", { kind: "users", users: CANARY.map(upn) }, { soakMs: 24 * HOUR, ...canary }),
    wave("everyone", { kind: "percent", percent: 100 }),
  ];
  const stackOf = (canary: Partial<WaveSpec> = {}) =>
    new SmallStack(rig, { groups: GROUPS, waves: wavesWith(canary), applyThrough: "everyone" });
  const direct = () => rig.emulator.tenant.directAssignmentCount("EMS");
  const leave = (names: readonly string[]) => {
    for (const name of names) rig.emulator.tenant.leaveGroup(upn(name), "All users");
  };
  const planned = async (stack: SmallStack): Promise<readonly WavePlan[]> => (await stack.plan()).plan.waves;
  const heldBy = async (stack: SmallStack): Promise<string | null> => {
    const [, everyone] = await planned(stack);
    return everyone?.hold == null ? null : formatHold(everyone.hold);
  };

  it("and with all users blocked is not done: it holds what comes later, for ever and without a change", async () => {
    leave(CANARY);
    const stack = stackOf();
    assert.deepEqual((await stack.up()).unfinished, []);
    rig.emulator.clock.advance(48 * HOUR);
    const why = "it moved no user, and 4 users are blocked";
    assert.equal(await heldBy(stack), `not now: canary is not done: ${why}`);
    assert.match(
      (await planned(stack))[0]?.shortfall ?? "",
      /^not done: it moved no user, and 4 users are blocked\. Later waves wait: .+ minMoved: 0 %/,
    );
    assert.deepEqual(await stack.preview(), []);
    assert.equal(direct(), NAMES.length, "not even those of the later wave");
  });

  it("soaks from the moment it is done, and not from a run that moved no user", async () => {
    leave(CANARY);
    const stack = stackOf();
    await stack.up();
    rig.emulator.clock.advance(48 * HOUR);
    for (const name of CANARY) rig.emulator.tenant.joinGroup(upn(name), "All users");
    rig.emulator.clock.advance(1_000);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.equal(direct(), NAMES.length - CANARY.length);
    assert.match((await heldBy(stack)) ?? "", /^not now: soaks until /);
    rig.emulator.clock.advance(25 * HOUR);
    await stack.up();
    assert.equal(direct(), 0);
  });

  it("and moves fewer than its share of the movable users of its plan is not done", async () => {
    const stack = stackOf();
    const ended = await stack.up(() => {
      leave(CANARY.slice(1));
    });
    assert.deepEqual(ended.unfinished, [], "three surprises are no halt");
    assert.equal(direct(), NAMES.length - 1);
    rig.emulator.clock.advance(48 * HOUR);
    const why = "it moved 1 of 4 users that its plan thought movable, and minMoved asks for 50 %";
    assert.equal(await heldBy(stack), `not now: canary is not done: ${why}`);
    assert.deepEqual(await stack.preview(), []);
  });

  it("is done when one more is moved, or taken out of the way", async () => {
    const stack = stackOf();
    await stack.up(() => {
      leave(CANARY.slice(1));
    });
    rig.emulator.tenant.joinGroup(upn("dan"), "All users");
    rig.emulator.clock.advance(1_000);
    await stack.up();
    assert.match((await heldBy(stack)) ?? "", /^not now: soaks until /);
  });

  it("passes where the stack file asks for nothing, and soaks from then on", async () => {
    leave(CANARY);
    const stack = stackOf();
    await stack.up();
    rig.emulator.clock.advance(48 * HOUR);
    stack.file = { ...stack.file, waves: wavesWith({ minMoved: 0 }) };
    assert.deepEqual(await stack.up(), { ran: ["canary-1"], unfinished: [] });
    assert.match((await heldBy(stack)) ?? "", /^not now: soaks until /);
    assert.deepEqual(await stack.preview(), []);
    rig.emulator.clock.advance(25 * HOUR);
    assert.equal(await heldBy(stack), null);
  });

  it("holds what comes later in the same run, too, where it has no soak", async () => {
    const stack = stackOf({ soakMs: 0 });
    await assert.rejects(
      stack.up(() => {
        leave(CANARY);
      }),
      {
        message:
          /^wave everyone \(1 of 1\) was not begun: canary comes first and is not done: it moved 0 of 4 users that its plan thought movable/,
      },
    );
    assert.equal(direct(), NAMES.length);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(await stack.preview(), []);
    assert.equal(direct(), NAMES.length);
  });

  it("holds what comes later where a flag leaves it out", async () => {
    const stack = stackOf({ soakMs: 0 });
    await assert.rejects(stack.up(undefined, ["canary-1"]), {
      message: /canary comes first and is not done: this run has not done all of it/,
    });
    assert.equal(direct(), NAMES.length);
  });

  it("and without direct licences is done without a soak", async () => {
    for (const name of CANARY) rig.emulator.tenant.removeDirect(upn(name), "EMS");
    const stack = stackOf();
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.equal(direct(), 0);
    assert.deepEqual(await stack.preview(), []);
  });

  it("by count, without a candidate because the list of members lags, is not done either", async () => {
    leave(NAMES);
    for (const name of ["ada", "ben"]) rig.emulator.tenant.leaveGroup(upn(name), "Finance department");
    const stack = stackOf();
    const [, everyone] = wavesWith({});
    assert.ok(everyone);
    stack.file = {
      ...stack.file,
      waves: [wave("canary", { kind: "count", count: 2 }, { soakMs: 24 * HOUR }), everyone],
    };
    assert.deepEqual((await stack.up()).unfinished, []);
    rig.emulator.clock.advance(48 * HOUR);
    assert.match(
      (await heldBy(stack)) ?? "",
      /^not now: canary is not done: it moved no user, and 6 users are blocked$/,
    );
    for (const name of NAMES) rig.emulator.tenant.joinGroup(upn(name), "All users");
    rig.emulator.clock.advance(1_000);
    await stack.up();
    assert.equal(direct(), NAMES.length - 2, "the canary alone");
    assert.match((await heldBy(stack)) ?? "", /^not now: soaks until /);
  });
});
