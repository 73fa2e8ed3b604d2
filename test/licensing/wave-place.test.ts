import assert from "node:assert/strict";
import type { WaveSpec } from "../../licensing/stack-file/stack-file";
import { placed, type WavePlace } from "../../licensing/plan/wave-place";
import { count, userId, wave } from "./builders";

const HOUR_MS = 3_600_000;
const nobodyBefore = { wave: "", users: 0, soakMs: 0 };
const people = (...names: readonly string[]) => names.map(userId);

type Filled = readonly [wave: WaveSpec, toMove?: readonly string[], moved?: readonly string[]];

function places(...waves: readonly Filled[]): readonly WavePlace[] {
  const assigned = waves.flatMap(([{ name }, toMove = [], moved = []]) =>
    [...toMove, ...moved].map((id) => [id, name] as const),
  );
  const specs = waves.map(([spec]) => spec);
  const [toMove, moved] = [waves.flatMap(([, users = []]) => users), waves.flatMap(([, , users = []]) => users)];
  return placed(specs, new Map(assigned), toMove, moved).map(({ place }) => place);
}

describe("the place of a wave", () => {
  const canary = wave("canary", count(2), { soakMs: 24 * HOUR_MS });
  const rest = wave("rest", count(9));

  it("is its number, its users, and the users before it", () => {
    assert.deepEqual(places([canary, people("ada", "ben")], [rest, people("cleo")]), [
      { number: 1, of: 2, users: 2, after: nobodyBefore },
      { number: 2, of: 2, users: 1, after: { wave: "canary", users: 2, soakMs: 24 * HOUR_MS } },
    ]);
  });

  it("stays the same for later waves when a wave is done: its users count as gone before, once", () => {
    const [, behind] = places([canary, people("ada"), people("ada", "ben")], [rest, people("cleo")]);
    assert.deepEqual(behind?.after, { wave: "canary", users: 2, soakMs: 24 * HOUR_MS });
  });

  it("is the first one where the wave before moves no user: that was no canary", () => {
    const [, behind] = places([canary], [rest, people("cleo")]);
    assert.equal(behind?.after.users, 0);
  });

  it("looks past a wave that moves no user, and takes the longer soak of the two", () => {
    const empty = wave("empty", count(1));
    const slow = wave("slow", count(1), { soakMs: 48 * HOUR_MS });
    const after = (between: WaveSpec) => places([canary, people("ada")], [between], [rest, people("cleo")])[2]?.after;
    assert.deepEqual(after(empty), { wave: "canary", users: 1, soakMs: 24 * HOUR_MS });
    assert.deepEqual(after(slow), { wave: "canary", users: 1, soakMs: 48 * HOUR_MS });
  });
});
