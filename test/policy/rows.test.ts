import assert from "node:assert/strict";
import * as pulumiPolicy from "@pulumi/policy";
import type { GroupLicenseInputs } from "../../dynamic-providers/group-license";
import type { TakeOffInputs } from "../../dynamic-providers/group-license-take-off";
import { removalInputs, type RemovalInputs } from "../../dynamic-providers/removal/removal-inputs";
import type { MoveInputs } from "../../dynamic-providers/moving/move-inputs";
import type { GateInputs } from "../../dynamic-providers/gate/gate";
import { planMigration } from "../../licensing/plan/plan-migration";
import {
  known,
  rowOf,
  type GateRow,
  type GroupRow,
  type MoveRow,
  type RemovalRow,
  type TakeOffRow,
} from "../../policy/rows";
import { canaryFirst } from "../../policy/rules/canary-first";
import { removalsPerUpdate } from "../../policy/rules/removals-per-update";
import { swapInput } from "../report/documents";

/** The SDK exports these, and leaves them out of its types. */
const { unknownCheckingProxy, UnknownValueError } = pulumiPolicy as unknown as {
  readonly unknownCheckingProxy: (props: object) => object;
  readonly UnknownValueError: new () => Error;
};

type Shows<Inputs, Row> = Inputs extends Omit<Row, "kind" | "urn"> ? true : never;

describe("a resource as a row that rules look at", () => {
  const ours = (type: string) => rowOf(`pulumi-nodejs:dynamic/licensing:${type}`, "urn", { wave: "canary" });

  it("is told by its type, and keeps its inputs", () => {
    const row = ours("DirectLicenseRemoval");
    assert.ok(row?.kind === "removal");
    assert.deepEqual([row.urn, row.wave], ["urn", "canary"]);
    assert.equal(ours("GroupLicense")?.kind, "group");
    assert.equal(ours("VerifiedInheritance")?.kind, "gate");
    assert.equal(ours("GroupMembershipMove")?.kind, "move");
    assert.equal(ours("GroupLicenseTakeOff")?.kind, "take-off");
  });

  it("stops a rule only where the rule reads what the preview does not know", () => {
    // How the engine writes a text that it does not know.
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const props = unknownCheckingProxy({ group: { name: "visio", groupId: unknown }, others: unknown });
    const row = rowOf("pulumi-nodejs:dynamic/licensing:GroupLicense", "urn", props as Record<string, unknown>);
    assert.ok(row?.kind === "group");
    assert.equal(row.group.name, "visio");
    assert.throws(() => row.group.groupId, UnknownValueError);
    assert.equal(
      known(() => row.group.groupId),
      null,
    );
    assert.throws(() => known(() => assert.fail("another failure")), /another failure/);
  });

  it("is a group that the stack makes, and no other group of the program", () => {
    const type = "azuread:index/group:Group";
    const made = rowOf(type, `urn:pulumi:a::b::licensing:index:LicensingGroup$${type}::visio`, { displayName: "LIC" });
    assert.equal(made?.kind, "made-group");
    assert.equal(rowOf(type, `urn:pulumi:a::b::${type}::visio`, { displayName: "LIC" }), null);
  });

  it("is none where no rule is about it", () => {
    assert.equal(ours("DirectLicenseBaseline"), null);
    assert.equal(rowOf("pulumi:pulumi:Stack", "urn", {}), null);
  });

  it("counts replaced SKUs among the removals, with swaps, so that limits hold for them", () => {
    const input = swapInput();
    const plan = planMigration(input);
    const [wave] = plan.waves;
    const [slice] = wave?.slices ?? [];
    assert.ok(wave !== undefined && slice !== undefined);
    const inputs = removalInputs(wave, slice, {
      connection: { cloud: "global", tenant: "contoso.com" },
      snapshot: input.snapshot,
      nestedUsers: new Map(),
      inError: {},
      moveLast: plan.moveLast,
      baselineDigest: "",
      timeouts: { processingMs: 1, inheritanceMs: 1, settleMs: 1, putBackMs: 900_000 },
      showNames: false,
    });
    const row = rowOf("pulumi-nodejs:dynamic/licensing:DirectLicenseRemoval", "urn", { ...inputs });
    assert.ok(row?.kind === "removal");
    assert.deepEqual(
      [row.remove, row.swaps, row.users],
      [{ STANDARDPACK: 2 }, { "STANDARDPACK for a direct ENTERPRISEPACK": 2 }, 2],
    );
    assert.match(
      removalsPerUpdate().judge(row, { atMost: 1 }).join(),
      /would remove 2 direct assignments; 1 are allowed/,
    );
    assert.match(canaryFirst.judge(row, { atMostUsers: 1 }).join(), /first to remove something, from 2 users/);
  });

  it("has all that rules rely on: the compiler stops a key of the program that is renamed or made internal", () => {
    const shown: [
      Shows<RemovalInputs, RemovalRow>,
      Shows<MoveInputs, MoveRow>,
      Shows<GroupLicenseInputs, GroupRow>,
      Shows<TakeOffInputs, TakeOffRow>,
      Shows<GateInputs, GateRow>,
    ] = [true, true, true, true, true];
    assert.equal(shown.length, 5);
  });
});
