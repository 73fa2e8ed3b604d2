import assert from "node:assert/strict";
import { closeSkies, openSkies, type Skies } from "./proof-rig";
import { prove, type Kind } from "./proving";
import type { Seen } from "./trial";

const CASES = 1_000;
/** The suite always tries the same cases; the command tries others. */
const SEED = 20_261_102;

/** The proof of one kind of cases, as a mocha suite: each kind has a file of its own, so that they run side by side. */
export function proofOf(kind: Kind, atLeast: Partial<Record<keyof Seen, number>>): void {
  describe(`nobody loses a service: ${CASES} random tenants, with ${kind}`, function () {
    this.timeout(600_000);
    let skies: Skies;

    before(async () => {
      skies = await openSkies();
    });

    after(() => closeSkies(skies));

    it("every promise holds in each of them, and they are not the easy ones", async () => {
      const { cases, shares, failure } = await prove(kind, CASES, SEED, skies);
      assert.ok(failure === null, failure ?? "");
      assert.equal(cases, CASES);
      for (const [name, share] of Object.entries(atLeast)) {
        const is = shares[name as keyof Seen];
        assert.ok(is >= share, `only ${is} of the cases have ${name}`);
      }
    });
  });
}
