import assert from "node:assert/strict";
import { removedLicenses, troubleAfter, type RemovalTrouble } from "../../licensing/decision/after-removal";
import { Catalog } from "../../licensing/catalog/catalog";
import type { DeclaredGroup } from "../../licensing/declaration";
import type { Assignment, LicensedGroup } from "../../licensing/model";
import { catalog, declared, direct, groupId, inherited, license, planId, settled, skuId, user } from "./builders";

const STAFF = declared("Staff", "EMS");
const DEVICES = declared("Devices", "EMS");

/** Ada held EMS directly and from Staff; the direct licence is gone. What is so now? */
function after(
  now: {
    readonly assignments?: readonly Assignment[];
    readonly memberOf?: readonly string[];
    readonly groups?: readonly LicensedGroup[];
  } = {},
  before: readonly Assignment[] = [direct("EMS"), inherited("EMS", "Staff")],
  groups: readonly DeclaredGroup[] = [STAFF],
  skus: Catalog = catalog,
): RemovalTrouble | null {
  const ada = user("ada", before);
  const stays = before.filter((entry) => entry.assignedByGroup !== null || entry.skuId !== skuId("EMS"));
  return troubleAfter(
    { before: ada, proven: ada, skuIds: new Set([skuId("EMS")]) },
    {
      user: user("ada", now.assignments ?? stays),
      memberOf: new Set((now.memberOf ?? ["Staff"]).map(groupId)),
      groups: new Map((now.groups ?? groups.map((group) => settled(group))).map((group) => [group.id, group])),
      catalog: skus,
    },
    { declared: groups },
  );
}

describe("after a removal", () => {
  const planIds = ["AAD_PREMIUM", "INTUNE_A", "RMS_S_ENTERPRISE"].map(planId).sort();
  const intune = [planId("INTUNE_A")];
  const withoutIntune = license("EMS", { without: ["INTUNE_A"] });

  it("nothing is wrong when all is as it was", () => {
    assert.equal(after(), null);
  });

  it("a former member will lose the licence, even if it still shows", () => {
    assert.deepEqual(after({ memberOf: [] }), { kind: "left-group", groupIds: [groupId("Staff")], planIds });
  });

  it("a member of another group with the SKU will not lose it", () => {
    const before = [direct("EMS"), inherited("EMS", "Staff"), inherited("EMS", "Devices")];
    assert.equal(after({ memberOf: ["Devices"] }, before, [STAFF, DEVICES]), null);
  });

  it("unless what that one gives was in error already", () => {
    const before = [direct("EMS"), inherited("EMS", "Staff"), inherited("EMS", "Devices", { state: "Error" })];
    assert.equal(after({ memberOf: ["Devices"] }, before, [STAFF, DEVICES])?.kind, "left-group");
  });

  it("a group that was narrowed will take the plan away", () => {
    const groups = [settled(STAFF, { licenses: [withoutIntune] })];
    const expected = { kind: "group-narrowed", groupIds: [groupId("Staff")], planIds: intune };
    assert.deepEqual(after({ groups }), expected);
    assert.equal(after({ groups: [settled(STAFF, { licenses: [] })] })?.kind, "group-narrowed");
    assert.equal(after({ groups: [] })?.kind, "group-narrowed", "a group that was not read gives nothing");
  });

  it("but not one that was off in the direct licence, too", () => {
    const before = [direct("EMS", { without: ["INTUNE_A"] }), inherited("EMS", "Staff")];
    assert.equal(after({ groups: [settled(STAFF, { licenses: [withoutIntune] })] }, before), null);
  });

  it("a group that Entra processes again takes nothing from anybody", () => {
    assert.equal(after({ groups: [settled(STAFF, { processingState: "ProcessingInProgress" })] }), null);
  });

  it("a plan that does not work is missing, in either view", () => {
    const inError = [inherited("EMS", "Staff", { state: "Error", error: "CountViolation" })];
    assert.deepEqual(after({ assignments: inError }), { kind: "plans-missing", planIds });
    assert.deepEqual(after({ assignments: [inherited("EMS", "Staff", { without: ["INTUNE_A"] })] }), {
      kind: "plans-missing",
      planIds: intune,
    });
  });

  it("what becomes of the user's other licences in that second is not by the removal", () => {
    const before = [direct("EMS"), direct("VISIOCLIENT"), inherited("EMS", "Staff")];
    assert.equal(after({ assignments: [inherited("EMS", "Staff")] }, before), null);
  });

  it("what was removed is known with the plans that were off in it", () => {
    const ada = user("ada", [
      direct("EMS", { without: ["INTUNE_A"] }),
      direct("VISIOCLIENT"),
      inherited("EMS", "Staff"),
    ]);
    assert.deepEqual(removedLicenses({ before: ada, proven: ada, skuIds: new Set([skuId("EMS")]) }, catalog), [
      withoutIntune,
    ]);
  });
});
