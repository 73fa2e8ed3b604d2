import assert from "node:assert/strict";
import { holds, type Hold } from "../../licensing/plan/hold";
import { percent, record, wave } from "./builders";

const HOUR = 3_600_000;
const NOON = Date.parse("2026-11-02T12:00:00Z");

const WAVES = [
  wave("canary", percent(1), { soakMs: 24 * HOUR }),
  wave("tenth", percent(10)),
  wave("half", percent(50), { soakMs: 2 * HOUR }),
  wave("everyone", percent(100)),
];

function held(
  applyThrough: string | null,
  doneAt: Readonly<Record<string, number>>,
  nowMs = NOON,
): Record<string, Hold> {
  const known = record(Object.fromEntries(Object.entries(doneAt).map(([name, doneAtMs]) => [name, { doneAtMs }])));
  return Object.fromEntries(holds(WAVES, applyThrough, known, nowMs));
}

const soak = (after: string, hours: number, untilMs: number | null): Hold => ({
  kind: "soak",
  after,
  soakMs: hours * HOUR,
  untilMs,
});
const beyond = (applyThrough: string | null): Hold => ({ kind: "beyond-apply-through", applyThrough });

describe("which waves a run leaves alone", () => {
  it("all of them, without applyThrough", () => {
    assert.deepEqual(held(null, {}), {
      canary: beyond(null),
      tenth: beyond(null),
      half: beyond(null),
      everyone: beyond(null),
    });
  });

  it("all of them, when applyThrough names none", () => {
    assert.deepEqual(Object.keys(held("canry", {})), ["canary", "tenth", "half", "everyone"]);
  });

  it("those beyond applyThrough", () => {
    const done = { canary: NOON - 25 * HOUR };
    assert.deepEqual(held("tenth", done), { half: beyond("tenth"), everyone: beyond("tenth") });
  });

  it("those behind a wave that has still to be done and then to soak", () => {
    assert.deepEqual(held("everyone", {}), {
      tenth: soak("canary", 24, null),
      half: { kind: "order", after: "tenth" },
      everyone: { kind: "order", after: "half" },
    });
  });

  it("those behind a wave that soaks: counted from the moment it was done", () => {
    const doneAt = NOON - 23 * HOUR;
    assert.deepEqual(held("tenth", { canary: doneAt })["tenth"], soak("canary", 24, doneAt + 24 * HOUR));
  });

  it("a soak is over to the millisecond", () => {
    const done = { canary: NOON - 24 * HOUR };
    assert.equal(held("tenth", done, NOON - 1)["tenth"]?.kind, "soak");
    assert.equal(held("tenth", done, NOON)["tenth"], undefined);
  });

  it("a wave without soak holds no wave, done or not", () => {
    const done = { canary: NOON - 25 * HOUR };
    assert.deepEqual(held("half", done), { everyone: beyond("half") });
  });

  it("a later soak holds what is behind it, and not what is before", () => {
    const done = { canary: NOON - 25 * HOUR, tenth: NOON - 24 * HOUR, half: NOON - HOUR };
    assert.deepEqual(held("everyone", done), { everyone: soak("half", 2, NOON + HOUR) });
  });

  it("none, when everything is done and has soaked", () => {
    const done = { canary: NOON - 30 * HOUR, tenth: NOON, half: NOON - 2 * HOUR, everyone: NOON };
    assert.deepEqual(held("everyone", done), {});
  });

  it("all removals, while the users of a rule are unknown; a rollback goes on", () => {
    const unknown: Hold = { kind: "members-unknown", group: "LIC Design", groupIds: ["design"] };
    const waves = WAVES.map((each) => (each.name === "half" ? { ...each, rollback: true } : each));
    const found = Object.fromEntries(
      holds(waves, "everyone", record({}), NOON, { group: "LIC Design", groupIds: ["design"] }),
    );
    assert.deepEqual(found, { canary: unknown, tenth: unknown, everyone: { kind: "rollback", after: "half" } });
    assert.deepEqual(
      Object.fromEntries(holds(WAVES, null, record({}), NOON, { group: "LIC Design", groupIds: ["design"] }))["canary"],
      beyond(null),
    );
  });
});
