import assert from "node:assert/strict";
import { closeSkies, openEmulators, type Skies } from "./proof-rig";
import { prove, type Kind } from "./proving";
import type { Seen } from "./trial";

/** The suite always tries the same cases, fewer of them in the quick tests; the command tries others. */
const SEED = 20_261_102;

/** The proof of one kind of cases, as a mocha suite: each kind has a file of its own, so that they run side by side. */
export function proofOf(kind: Kind, count: number, atLeast: Partial<Record<keyof Seen, number>> = {}): void {
  describe(`no user loses a service: ${count} random tenants, with ${kind}`, function () {
    this.timeout(600_000);
    let skies: Skies;

    before(async () => {
      skies = await openEmulators();
    });

    after(() => closeSkies(skies));

    it("every promise holds in each of them, and they are not the easy ones", async () => {
      const { cases, shares, failure } = await prove(kind, count, SEED, skies);
      assert.ok(failure === null, failure ?? "");
      assert.equal(cases, count);
      for (const [name, share] of Object.entries(atLeast)) {
        const is = shares[name as keyof Seen];
        assert.ok(is >= share, `only ${is} of the cases have ${name}`);
      }
    });
  });
}
