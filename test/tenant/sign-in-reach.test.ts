import assert from "node:assert/strict";
import type { WavePlan } from "../../licensing/plan/plan";
import { signInReach, signInWarnings } from "../../tenant/sign-in-reach";

const NOW = Date.UTC(2026, 10, 29, 12);

describe("whether the sign-in lasts as long as the run", () => {
  const reach = (lastsMs: number | null, env: NodeJS.ProcessEnv = { TF_BUILD: "True" }) => {
    const tokenEndsAtMs = () => Promise.resolve(lastsMs === null ? null : NOW + lastsMs);
    return signInReach({ tokenEndsAtMs, writesAhead: () => ({ atOnce: 100, perSecond: 10 }) }, env, NOW);
  };

  /** A wave that removes two SKUs of each of so many users. */
  function wave(users: number, hold: WavePlan["hold"] = null): WavePlan {
    const removals = Array.from({ length: 2 * users }, (_, at) => ({ userId: `u${at % users}`, skuId: `s${at % 2}` }));
    return { hold, slices: [{ removals, restores: [] }] } as unknown as WavePlan;
  }

  it("is said with the numbers where the run takes longer", async () => {
    const [said, ...more] = signInWarnings(await reach(8 * 60_000), [wave(12_100)]);
    assert.deepEqual(more, []);
    assert.match(
      said ?? "",
      /az login of this pipeline.*AADSTS700024.*of 12,100 users, which takes about 20 min; its token lasts 8 min, time for about 4,900 users at this pace\. On Azure DevOps/,
    );
  });

  it("is said where the token does not tell", async () => {
    assert.match(signInWarnings(await reach(null), [wave(1)]).join(), /its token does not say how long it lasts/);
  });

  for (const [what, lastsMs, waves, env] of [
    ["the token lasts long enough", 8 * 60_000, [wave(4_900)], undefined],
    [
      "the wave waits",
      8 * 60_000,
      [wave(12_100, { kind: "beyond", applyThrough: null } as unknown as WavePlan["hold"])],
      undefined,
    ],
    ["nothing is to be written", null, [], undefined],
    ["the sign-in can be renewed", 1_000, [wave(12_100)], {}],
  ] as const) {
    it(`is not said where ${what}`, async () => {
      assert.deepEqual(signInWarnings(await reach(lastsMs, env), waves), []);
    });
  }
});
