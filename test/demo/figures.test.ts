import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { wrongFigures, type Figures, type SkuFigures } from "../../demo/figures";

const ems: SkuFigures = {
  sku: "EMS",
  direct: { before: 1_000, after: 0 },
  inherited: { before: 0, after: 1_000 },
  seats: { before: 1_000, after: 1_000, highest: 1_000 },
  removals: 1_000,
};

const well: Figures = { users: 1_000, skus: [ems], servicesLost: 0, usersWithoutAService: 0 };

const withEms = (changes: Partial<SkuFigures>): Figures => ({ ...well, skus: [{ ...ems, ...changes }] });

describe("the figures that close the demo", () => {
  it("pass when every user inherits what they held", () => {
    assert.deepEqual(wrongFigures(well), []);
  });

  const wrong: readonly (readonly [string, Figures])[] = [
    ["a service was lost", { ...well, servicesLost: 1 }],
    ["a user was without a service", { ...well, usersWithoutAService: 1 }],
    ["too little was removed", withEms({ removals: 999 })],
    ["more was removed than there was", withEms({ removals: 1_001 })],
    ["a direct assignment is left", withEms({ direct: { before: 1_000, after: 1 } })],
    ["a user inherits nothing", withEms({ inherited: { before: 0, after: 999 } })],
    ["a seat was freed", withEms({ seats: { before: 1_000, after: 999, highest: 1_000 } })],
    ["a seat more was taken for a while", withEms({ seats: { before: 1_000, after: 1_000, highest: 1_001 } })],
  ];
  for (const [what, figures] of wrong) {
    it(`are wrong when ${what}`, () => {
      assert.equal(wrongFigures(figures).length, 1);
    });
  }
});
