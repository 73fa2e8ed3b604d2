import assert from "node:assert/strict";
import { rowsWithin } from "../../components/own-record";
import { ReceiptsByTenant } from "../../dynamic-providers/engine/receipts";
import { NO_OUTCOME } from "../../licensing/wave-outcome";

describe("two tenants in one program", () => {
  it("keep receipts of their own: a wave that is done in one is not done in the other", () => {
    const receipts = new ReceiptsByTenant();
    const after = { outcome: NO_OUTCOME, moved: new Set<string>(), missed: new Set<string>() };
    receipts.of("contoso.com").partIsDone("canary", "1", { after, before: null });
    receipts.of("contoso.com").baselineIsKept("digest");
    assert.deepEqual([...receipts.of("fabrikam.com").waveOf("canary").parts], []);
    assert.equal(receipts.of("fabrikam.com").hasBaseline("digest"), false);
    assert.deepEqual([...receipts.of("contoso.com").waveOf("canary").parts], ["1"], "kept for the rows to come");
  });

  it("read their own rows of the state, by how the URNs begin, also where one name begins the other", () => {
    const urnOf = (component: string, row: string) =>
      `urn:pulumi:main::program::licensing:${component}:GroupLicensing${row}`;
    const rows = {
      [urnOf(
        "contoso",
        "$licensing:index:LicenseMigration$pulumi-nodejs:dynamic/licensing:DirectLicenseBaseline::baseline",
      )]: 1,
      [urnOf(
        "contoso-it",
        "$licensing:index:LicenseMigration$pulumi-nodejs:dynamic/licensing:DirectLicenseBaseline::baseline",
      )]: 2,
      [urnOf("contoso", "::contoso")]: 3,
    };
    const found = (component: string) => rowsWithin(rows, urnOf(component, `::${component}`)).map(([, row]) => row);
    assert.deepEqual([found("contoso"), found("contoso-it"), found("fabrikam")], [[1], [2], []]);
  });
});
