import assert from "node:assert/strict";
import type { GroupLicenseInputs } from "../../dynamic-providers/group-license";
import type { RemovalInputs } from "../../dynamic-providers/removal/removal-inputs";
import type { GateInputs } from "../../dynamic-providers/gate/gate";
import { rowOf, type GateRow, type GroupRow, type RemovalRow } from "../../policy/rows";

type Shows<Inputs, Row> = Inputs extends Omit<Row, "kind" | "urn"> ? true : never;

describe("a resource as a row that rules look at", () => {
  const ours = (type: string) => rowOf(`pulumi-nodejs:dynamic/licensing:${type}`, "urn", { wave: "canary" });

  it("is told by its type, and keeps its inputs", () => {
    assert.deepEqual(ours("DirectLicenseRemoval"), { kind: "removal", urn: "urn", wave: "canary" });
    assert.equal(ours("GroupLicense")?.kind, "group");
    assert.equal(ours("VerifiedInheritance")?.kind, "gate");
  });

  it("is none where no rule is about it", () => {
    assert.equal(ours("DirectLicenseBaseline"), null);
    assert.equal(rowOf("pulumi:pulumi:Stack", "urn", {}), null);
  });

  it("has all that rules rely on: the compiler stops a key of the program that is renamed or made internal", () => {
    const shown: [Shows<RemovalInputs, RemovalRow>, Shows<GroupLicenseInputs, GroupRow>, Shows<GateInputs, GateRow>] = [
      true,
      true,
      true,
    ];
    assert.equal(shown.length, 3);
  });
});
