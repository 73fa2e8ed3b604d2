import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Catalog } from "../../licensing/catalog/catalog";
import type { Successor } from "../../licensing/catalog/successors";
import { troubleAfter } from "../../licensing/decision/after-removal";
import { remedyOf } from "../../licensing/decision/remedy";
import { decideUser } from "../../licensing/decision/replacement";
import { namesOf } from "../../licensing/plan/names-of";
import { lookAtMoved } from "../../licensing/drift/moved-users";
import type { DeclaredGroup } from "../../licensing/declaration";
import type { Assignment } from "../../licensing/model";
import { Refusal } from "../../licensing/refusal";
import { resolveSuccessors } from "../../tenant/resolve-successors";
import {
  declared,
  direct,
  evidence,
  groupId,
  inherited,
  license,
  planId,
  record,
  settled,
  sku,
  skuId,
  snapshot,
  user,
} from "./builders";

const E1 = sku("STANDARDPACK", ["EXCHANGE_S_STANDARD", "TEAMS1", "FORMS_PLAN_E1"]);
const E3 = sku("ENTERPRISEPACK", ["EXCHANGE_S_ENTERPRISE", "TEAMS1", "FORMS_PLAN_E3"]);
const FORMS: Successor = { planId: planId("FORMS_PLAN_E1"), byId: planId("FORMS_PLAN_E3") };
const STAFF: DeclaredGroup = {
  ...declared("Staff", "ENTERPRISEPACK"),
  replaces: [{ skuId: skuId("STANDARDPACK"), by: skuId("ENTERPRISEPACK") }],
};
const INHERITED = inherited("ENTERPRISEPACK", "Staff");

const catalogWith = (...accepted: readonly Successor[]) => new Catalog([E1, E3], accepted);

function decide(catalog: Catalog, ...assignments: readonly Assignment[]) {
  const world = { declared: [STAFF], groups: new Map([[STAFF.groupId, settled(STAFF)]]), catalog };
  const decisions = decideUser(evidence(user("ada", assignments), { memberOf: ["Staff"] }), world);
  return decisions.find((each) => each.skuId === skuId("STANDARDPACK"));
}

describe("a plan that has a successor", () => {
  const withoutForms = direct("STANDARDPACK", { without: ["FORMS_PLAN_E1"] });

  it("is kept by the successor that Microsoft's pages name, and the move says so", () => {
    assert.deepEqual(decide(catalogWith(), withoutForms, INHERITED), {
      skuId: skuId("STANDARDPACK"),
      verdict: "remove",
      gains: [],
      successions: [{ planId: planId("EXCHANGE_S_STANDARD"), byId: planId("EXCHANGE_S_ENTERPRISE") }],
    });
  });

  it("that Microsoft's pages do not name is proposed in the remedy by its name, as an entry to copy", () => {
    const decision = decide(catalogWith(), direct("STANDARDPACK"), INHERITED);
    assert.equal(decision?.verdict, "blocked");
    const remedy = remedyOf(decision.reason, namesOf({ declared: [STAFF], catalog: catalogWith() }));
    assert.match(remedy, /licensing:successors: \[\{plan: FORMS_PLAN_E1, by: FORMS_PLAN_E3\}\]\.$/);
    const lower: DeclaredGroup = { ...STAFF, licenses: [license("STANDARDPACK")] };
    const other = remedyOf(decision.reason, namesOf({ declared: [lower], catalog: catalogWith() }));
    assert.doesNotMatch(other, /successors/, "the group gives no other edition");
  });

  it("blocks where the successor is unknown, off, or only the lesser plan of the two", () => {
    assert.deepEqual(decide(catalogWith(), direct("STANDARDPACK"), INHERITED), {
      skuId: skuId("STANDARDPACK"),
      verdict: "blocked",
      reason: { kind: "plans-missing", planIds: [planId("FORMS_PLAN_E1")] },
    });
    const off = inherited("ENTERPRISEPACK", "Staff", { without: ["EXCHANGE_S_ENTERPRISE"] });
    assert.equal(decide(catalogWith(), withoutForms, off)?.verdict, "blocked");
    const back: DeclaredGroup = {
      ...declared("Staff", "STANDARDPACK"),
      replaces: [{ skuId: skuId("ENTERPRISEPACK"), by: skuId("STANDARDPACK") }],
    };
    const world = { declared: [back], groups: new Map([[back.groupId, settled(back)]]), catalog: catalogWith() };
    const ada = user("ada", [
      direct("ENTERPRISEPACK", { without: ["FORMS_PLAN_E3"] }),
      inherited("STANDARDPACK", "Staff"),
    ]);
    assert.deepEqual(
      decideUser(evidence(ada, { memberOf: ["Staff"] }), world).find((each) => each.skuId === skuId("ENTERPRISEPACK")),
      {
        skuId: skuId("ENTERPRISEPACK"),
        verdict: "blocked",
        reason: { kind: "plans-missing", planIds: [planId("EXCHANGE_S_ENTERPRISE")] },
      },
    );
  });

  it("is kept by a successor that the stack file accepts", () => {
    const decision = decide(catalogWith(FORMS), direct("STANDARDPACK"), INHERITED);
    assert.equal(decision?.verdict === "remove" && decision.successions?.length, 2);
  });

  it("does not count as missing after the write while the successor works, and does once that is gone", () => {
    const before = user("ada", [withoutForms, INHERITED]);
    const removed = { before, proven: before, skuIds: new Set([skuId("STANDARDPACK")]) };
    const after = (assignments: readonly Assignment[]) =>
      troubleAfter(
        removed,
        {
          user: user("ada", assignments),
          memberOf: new Set([groupId("Staff")]),
          groups: new Map([[STAFF.groupId, settled(STAFF)]]),
          catalog: catalogWith(),
        },
        { declared: [STAFF] },
      );
    assert.equal(after([INHERITED]), null);
    const off = inherited("ENTERPRISEPACK", "Staff", { without: ["EXCHANGE_S_ENTERPRISE"] });
    assert.deepEqual(after([off]), { kind: "plans-missing", planIds: [planId("EXCHANGE_S_STANDARD")] });
  });

  it("is owed to a moved member without the successor", () => {
    const onRecord = record(
      {},
      { baseline: new Map([[user("ada").id, new Map([[skuId("STANDARDPACK"), license("STANDARDPACK")]])]]) },
    );
    const moved = (...assignments: readonly Assignment[]) =>
      lookAtMoved(
        snapshot({
          declared: [STAFF],
          users: [user("ada", assignments)],
          members: { Staff: ["ada"] },
          catalog: catalogWith(FORMS),
        }),
        onRecord,
        [],
      ).regressions;
    assert.deepEqual(moved(INHERITED), []);
    const off = inherited("ENTERPRISEPACK", "Staff", { without: ["EXCHANGE_S_ENTERPRISE"] });
    assert.deepEqual(
      moved(off).map(({ plans, licenses }) => [plans.map((each) => each.planId), licenses.map((each) => each.skuId)]),
      [[[planId("EXCHANGE_S_ENTERPRISE")], [skuId("STANDARDPACK")]]],
    );
  });
});

describe("licensing:successors", () => {
  const refusal = (...successors: readonly { readonly plan: string; readonly by: string }[]) => {
    try {
      resolveSuccessors(successors, catalogWith());
      return "";
    } catch (error) {
      assert.ok(error instanceof Refusal);
      return error.message;
    }
  };

  it("are plans by name or id, also of a SKU that has left the tenant", () => {
    assert.deepEqual(
      resolveSuccessors(
        [
          { plan: "forms_plan_e1", by: planId("FORMS_PLAN_E3") },
          { plan: "KAIZALA_O365_P3", by: "TEAMS1" },
        ],
        catalogWith(),
      ),
      [FORMS, { planId: "aebd3021-9f8f-4bf8-bbe3-0ed2f4f047a1", byId: planId("TEAMS1") }],
    );
  });

  it("are refused by their path where a plan is unknown, or its own successor", () => {
    assert.match(
      refusal({ plan: "TEAMS2", by: "TEAMS1" }),
      /licensing:successors\[0\]\.plan no SKU of the tenant has a service plan "TEAMS2"\. Did you mean "TEAMS1"/,
    );
    assert.match(refusal({ plan: "TEAMS1", by: "TEAMS1" }), /licensing:successors\[0\]\.by is TEAMS1 itself/);
  });
});
