import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { rigOf } from "../providers/rig";
import { emptyTable, foretell } from "./foretold";

/** The same tenants each time; `npm run prove` tries more. */
const TENANTS = 40;

describe("What the preview foretells of random tenants of real products", () => {
  const rig = rigOf();

  it("misses no failure, and is sure of none that does not happen", async function () {
    this.timeout(60_000);
    const table = emptyTable();
    const failures: string[] = [];
    for (let seed = 1; seed <= TENANTS; seed += 1) failures.push(...(await foretell(rig, seed, table)));
    assert.deepEqual(failures, []);
    // Each kind came up, and most exclusions are not left in doubt.
    for (const [kind, { happened, unknown }] of Object.entries(table)) assert.ok(happened + unknown > 0, kind);
    assert.ok(table.exclusion.happened > table.exclusion.unknown, "exclusions are told for sure");
  });
});
