import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ShownLines } from "../../demo/engine";

describe("the engine's output as a page", () => {
  it("keeps what was done, and all of the diagnostics", () => {
    const removal = "pulumi-nodejs:dynamic/licensing:DirectLicenseRemoval canary-1";
    const kept = [
      "Updating (demo):",
      ` ~  ${removal} updated (0.2s) [diff: ~waits]; canary: removed 25 direct assignments`,
      "Diagnostics:",
      `  pulumi-nodejs:dynamic/licensing:DirectLicenseRemoval (canary-1):`,
      "    canary: removed 25 direct assignments (20 EMS, 5 ENTERPRISEPACK)",
      "Resources:",
      "    ~ 1 updated",
    ];
    const dropped = [
      "@ updating....",
      "    licensing:index:LicensingGroup all-users  gives EMS to 1,000 members",
      ` ~  ${removal} updating (0s) [diff: ~waits]; 20 of 20 users, 230/s, 0 blocked, 0 s left`,
      "",
    ];
    const output = [kept[0], ...dropped, ...kept.slice(1, 3), "", ...kept.slice(3)].map(String);
    const shown = new ShownLines();
    assert.deepEqual(
      output.filter((line) => shown.shows(line)),
      kept,
    );
  });
});
