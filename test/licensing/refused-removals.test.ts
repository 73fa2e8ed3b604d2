import assert from "node:assert/strict";
import {
  heedRefusals,
  licensesDigest,
  refusalsInForce,
  type RefusedRemoval,
} from "../../licensing/decision/refused-removals";
import { direct, inherited, skuId, user, userId } from "./builders";
import { keptByEngine } from "./kept-by-engine";

describe("a removal that Entra has refused", () => {
  const ada = user("ada", [direct("EMS"), inherited("EMS", "Staff")]);
  const reason = { kind: "dependent-plan", detail: "x" } as const;
  const refused: RefusedRemoval = { userId: userId("ada"), skuId: skuId("EMS"), reason, licenses: licensesDigest(ada) };

  it("is blocked with Entra's reason", () => {
    const blocked = { skuId: skuId("EMS"), verdict: "blocked", reason };
    assert.deepEqual(heedRefusals([{ skuId: skuId("EMS"), verdict: "remove", gains: [] }], [refused]), [blocked]);
  });

  it("is blocked by the same text, whether Entra has just said it or the engine has kept it", () => {
    const [decision] = heedRefusals([{ skuId: skuId("EMS"), verdict: "remove", gains: [] }], [keptByEngine(refused)]);
    assert.ok(decision?.verdict === "blocked");
    assert.equal(JSON.stringify(decision.reason), JSON.stringify(reason));
  });

  it("says nothing about another SKU, nor where the rule has its own reason or nothing is left", () => {
    const others = [
      { skuId: skuId("ENTERPRISEPACK"), verdict: "remove", gains: [] },
      { skuId: skuId("EMS"), verdict: "inherited" },
      { skuId: skuId("EMS"), verdict: "blocked", reason: { kind: "source-unknown" } },
    ] as const;
    assert.deepEqual(heedRefusals(others, [refused]), others);
  });

  it("holds while the licences are the same, in any order, and no longer", () => {
    assert.deepEqual(refusalsInForce(ada, [refused]), [refused]);
    assert.deepEqual(refusalsInForce({ ...ada, assignments: [...ada.assignments].reverse() }, [refused]), [refused]);
    const changed = [
      [direct("EMS")],
      [direct("EMS", { without: ["INTUNE_A"] }), inherited("EMS", "Staff")],
      [direct("EMS"), inherited("EMS", "Staff", { state: "Error" })],
      [direct("EMS"), inherited("EMS", "Staff", { error: "Other" })],
      [direct("EMS"), inherited("EMS", "Devices")],
      [...ada.assignments, direct("VISIOCLIENT")],
    ];
    for (const assignments of changed) assert.deepEqual(refusalsInForce(user("ada", assignments), [refused]), []);
    assert.deepEqual(refusalsInForce({ ...ada, isManagementRestricted: true }, [refused]), []);
  });
});
