import assert from "node:assert/strict";
import { runLines } from "../../cli/run/status";
import { wavesIn } from "../../cli/run/state";

const type = "pulumi-nodejs:dynamic/licensing:DirectLicenseRemoval";
const part = (number: number, more: object) => ({
  urn: `urn:pulumi:contoso::p::${type}::everyone-${number}`,
  type,
  inputs: { wave: "everyone", order: "1 of 1", slice: `${number} of 2`, remove: { EMS: 40, ENTERPRISEPACK: 2 } },
  ...more,
});

describe("status after a run was killed in a part of a wave", () => {
  const waves = wavesIn({
    deployment: {
      resources: [
        part(1, { outputs: { wave: "everyone", status: "done", outcome: { moved: 38, blocked: 0 } } }),
        part(2, { outputs: { wave: "everyone", status: "waiting", outcome: { moved: 0, blocked: 0 } } }),
      ],
      pending_operations: [{ type: "updating", resource: part(2, {}) }],
    },
  });

  it("has what the part was about to remove beside what the state counts", () => {
    const [wave] = waves;
    assert.deepEqual([wave?.moved, wave?.partInHand, wave?.begun], [38, "2 of 2", { EMS: 40, ENTERPRISEPACK: 2 }]);
  });

  it("says that its numbers are the state's, and that the next up reads the tenant", () => {
    const said = runLines(null, waves, 80).join(" ");
    assert.match(said, /The numbers below are those of the state/);
    assert.match(said, /about to remove 40 EMS, 2 ENTERPRISEPACK: how many of them are gone, only the tenant knows/);
    assert.match(said, /The next up reads the tenant first, and records what is gone/);
  });

  it("says nothing of it while no part is in hand", () => {
    assert.deepEqual(runLines(null, wavesIn({ deployment: { resources: [part(1, { outputs: {} })] } }), 80), [
      "No run is going on that this state knows of.",
    ]);
  });
});
