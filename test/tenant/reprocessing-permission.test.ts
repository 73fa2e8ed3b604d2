import assert from "node:assert/strict";
import type { SignedIn } from "../../graph/tenant-graph";
import { resolveReprocessing } from "../../tenant/missing-permissions";

describe("whether members in error may be reprocessed, as the token says", () => {
  const resolve = (permissions: readonly string[] | null, isAskedFor = true) =>
    resolveReprocessing({ signedInAs: () => Promise.resolve({ permissions } as SignedIn) }, isAskedFor);

  for (const [what, permissions] of [
    ["the role is there", ["User.ReadWrite.All"]],
    ["a larger one is", ["Directory.ReadWrite.All"]],
    ["the token does not tell", null],
    ["an app does what its user may", ["Directory.AccessAsUser.All"]],
  ] as const) {
    it(`they are where ${what}`, async () => {
      assert.deepEqual(await resolve(permissions), { reprocess: true, warnings: [] });
    });
  }

  it("they are not, and one warning says so, where the role is missing", async () => {
    const { reprocess, warnings } = await resolve(["LicenseAssignment.ReadWrite.All"]);
    assert.equal(reprocess, false);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /no User\.ReadWrite\.All, so .* nothing else depends on it/);
  });

  it("nothing is asked where the stack file does not ask for it", async () => {
    const never = { signedInAs: () => Promise.reject(new Error("asked")) };
    assert.deepEqual(await resolveReprocessing(never, false), { reprocess: false, warnings: [] });
  });
});
