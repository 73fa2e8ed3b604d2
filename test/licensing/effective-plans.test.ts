import assert from "node:assert/strict";
import { effectivePlans, lostPlans, missing } from "../../licensing/effective-plans";
import type { Assignment, Guid } from "../../licensing/model";
import { catalog, direct, inherited, license, planId, user } from "./builders";

const names = (plans: Iterable<Guid>): string[] => [...plans].map((id) => catalog.planName(id)).sort();
const effective = (...assignments: Assignment[]): string[] => names(effectivePlans(user("ada", assignments), catalog));

describe("the plans that work", () => {
  it("are the union over the sources in force", () => {
    const both = effective(
      direct("EMS", { without: ["INTUNE_A", "AAD_PREMIUM"] }),
      inherited("EMS", "Staff", { without: ["AAD_PREMIUM", "RMS_S_ENTERPRISE"] }),
    );
    assert.deepEqual(both, ["INTUNE_A", "RMS_S_ENTERPRISE"]);
  });

  it("count what is Active or ActiveWithError, and nothing else", () => {
    assert.deepEqual(effective(inherited("VISIOCLIENT", "Staff")), ["VISIO"]);
    assert.deepEqual(effective(inherited("VISIOCLIENT", "Staff", { state: "ActiveWithError" })), ["VISIO"]);
    for (const state of ["Error", "Disabled", "Paused"]) {
      assert.deepEqual(effective(inherited("VISIOCLIENT", "Staff", { state })), [], state);
    }
  });

  it("are the user's: what applies to the company is none", () => {
    assert.deepEqual(effective(direct("EMS")), ["AAD_PREMIUM", "INTUNE_A", "RMS_S_ENTERPRISE"]);
  });

  it("come from every SKU that has them", () => {
    assert.deepEqual(effective(direct("EMS"), direct("ENTERPRISEPACK")), [
      "AAD_PREMIUM",
      "EXCHANGE",
      "INTUNE_A",
      "RMS_S_ENTERPRISE",
      "TEAMS1",
      "YAMMER",
    ]);
  });
});

describe("the plans that were lost", () => {
  const before = user("ada", [direct("EMS"), inherited("EMS", "Staff")]);
  const everyPlan = new Set(catalog.skus.flatMap(({ servicePlans }) => servicePlans.map(({ id }) => id)));
  const lost = (after: typeof before, of: ReadonlySet<string> = everyPlan): string[] =>
    names(lostPlans(of, before, after, catalog));

  it("are none when what stays has them all", () => {
    assert.deepEqual(lost(user("ada", [inherited("EMS", "Staff")])), []);
  });

  it("are those that no assignment in force has any more, each once", () => {
    const narrowed = inherited("EMS", "Staff", { without: ["INTUNE_A"] });
    assert.deepEqual(lost(user("ada", [narrowed])), ["INTUNE_A"]);
    assert.equal(lost(user("ada")).length, 3);
  });

  it("show also where only the merged licences lack them", () => {
    const assignments = [inherited("EMS", "Staff")];
    const behind = user("ada", assignments, { assignedLicenses: [license("EMS", { without: ["INTUNE_A"] })] });
    assert.deepEqual(lost(behind), ["INTUNE_A"]);
    assert.equal(lost(user("ada", assignments, { assignedLicenses: [] })).length, 3);
  });

  it("show also where only the assignments lack them", () => {
    const inError = [inherited("EMS", "Staff", { state: "Error" })];
    assert.equal(lost(user("ada", inError, { assignedLicenses: [license("EMS")] })).length, 3);
  });

  it("of a SKU from an unknown source show in the merged licences", () => {
    const hidden = user("ada", [], { assignedLicenses: [license("VISIOCLIENT")] });
    assert.deepEqual(lostPlans(everyPlan, hidden, user("ada"), catalog), [planId("VISIO")]);
  });

  it("come in the same order for any order of SKUs: they stand in a digest", () => {
    const both = [direct("EMS"), direct("ENTERPRISEPACK")];
    const there = lostPlans(everyPlan, user("ada", both), user("ada"), catalog);
    const back = lostPlans(everyPlan, user("ada", [...both].reverse()), user("ada"), catalog);
    assert.deepEqual([there.length, back], [6, there]);
    assert.deepEqual(missing(new Set(["b", "a", "c"]), new Set(["c"])), ["a", "b"]);
  });

  it("are asked for by name: others belong to other changes", () => {
    assert.deepEqual(lost(user("ada"), new Set([planId("INTUNE_A"), planId("TEAMS1")])), ["INTUNE_A"]);
  });

  it("a gain is no loss", () => {
    assert.deepEqual(lost(user("ada", [inherited("EMSPREMIUM", "Staff")])), []);
  });
});
