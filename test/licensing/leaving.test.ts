import assert from "node:assert/strict";
import { proveLeaving } from "../../licensing/decision/leave-proof";
import type { Leaving } from "../../licensing/decision/leaving";
import type { Assignment, LicensedUser } from "../../licensing/model";
import type { TenantSnapshot } from "../../licensing/snapshot";
import {
  declared,
  direct,
  E5,
  EMS,
  evidence,
  inherited,
  planId,
  settled,
  sku,
  skuId,
  snapshot,
  user,
} from "./builders";
import { Catalog } from "../../licensing/catalog/catalog";

const OLD = declared("Old", "EMS");
const NEW = declared("New", "EMSPREMIUM");
const VISIO = declared("Visio", "VISIOCLIENT");
const FROM_OLD = inherited("EMS", "Old");
const FROM_NEW = inherited("EMSPREMIUM", "New");

const world = (changes: Partial<TenantSnapshot> = {}): TenantSnapshot => ({
  ...snapshot({ declared: [OLD, NEW, VISIO], users: [], members: {} }),
  ...changes,
});

function decide(
  entries: readonly Assignment[],
  {
    memberOf = ["Old", "New"],
    of = {},
    by = {},
    at = {},
  }: {
    readonly memberOf?: readonly string[];
    readonly of?: Partial<LicensedUser>;
    readonly by?: Partial<Leaving>;
    readonly at?: Partial<TenantSnapshot>;
  } = {},
) {
  const leaving = { leave: OLD, join: NEW, mayLose: [], ...by };
  const { proof, decision } = proveLeaving(evidence(user("ada", entries, of), { memberOf }), world(at), leaving);
  assert.equal(proof !== null, decision.verdict === "leave");
  return decision.verdict === "leave" ? "leave" : `${decision.verdict}: ${decision.reason.kind}`;
}

describe("a user leaves a group for another", () => {
  it("when all licences of the new group are active and give every plan of the old one", () => {
    assert.equal(decide([FROM_OLD, FROM_NEW]), "leave");
  });

  it("not before it is a member of the new group, although an entry is there", () => {
    assert.equal(decide([FROM_OLD, FROM_NEW], { memberOf: ["Old"] }), "wait: not-inherited");
  });

  it("not before the new entry is there, without an error, and the new group is processed", () => {
    assert.equal(decide([FROM_OLD]), "wait: not-inherited");
    const failed = inherited("EMSPREMIUM", "New", { state: "Error", error: "CountViolation" });
    assert.equal(decide([FROM_OLD, failed]), "blocked: in-error");
    const doubtful = inherited("EMSPREMIUM", "New", { state: "ActiveWithError", error: "DependencyViolation" });
    assert.equal(decide([FROM_OLD, doubtful]), "blocked: in-error");
    const groups = new Map([OLD, NEW, VISIO].map((group) => [group.groupId, settled(group)]));
    groups.set(NEW.groupId, settled(NEW, { processingState: "ProcessingInProgress" }));
    assert.equal(decide([FROM_OLD, FROM_NEW], { at: { groups } }), "wait: not-inherited");
  });

  it("not when a plan would be lost, unless that is accepted for its SKU", () => {
    const less = inherited("EMSPREMIUM", "New", { without: ["INTUNE_A"] });
    assert.equal(decide([FROM_OLD, less]), "blocked: plans-lost");
    const loss = { skuId: skuId("EMS"), planId: planId("INTUNE_A") };
    assert.equal(decide([FROM_OLD, less], { by: { mayLose: [loss] } }), "leave");
    const ofAnother = { ...loss, skuId: skuId("EMSPREMIUM") };
    assert.equal(decide([FROM_OLD, less], { by: { mayLose: [ofAnother] } }), "blocked: plans-lost");
  });

  it("by what it holds directly as well, but not by a group that nobody declared", () => {
    const less = inherited("EMSPREMIUM", "New", { without: ["INTUNE_A"] });
    assert.equal(decide([FROM_OLD, less, direct("EMS")]), "leave");
    assert.equal(decide([FROM_OLD, less, inherited("EMS", "Another")]), "blocked: plans-lost");
    const failing = { ...direct("EMS"), state: "ActiveWithError", error: "CountViolation" };
    assert.equal(decide([FROM_OLD, less, failing]), "blocked: plans-lost", "nor by what is in error");
  });

  it("as a rollback says, with only the plans that must be kept", () => {
    const less = inherited("EMSPREMIUM", "New", { without: ["INTUNE_A"] });
    const mustKeep = new Set([planId("AAD_PREMIUM")]);
    assert.equal(decide([FROM_OLD, less], { by: { mustKeep } }), "leave");
    assert.equal(decide([FROM_OLD, less], { by: { mustKeep: new Set([planId("INTUNE_A")]) } }), "blocked: plans-lost");
  });

  it("not where nothing could be assigned directly, unless that is accepted", () => {
    const of = { usageLocation: null };
    assert.equal(decide([FROM_OLD, FROM_NEW], { of }), "blocked: no-usage-location");
    const accepts = { grace: new Set<string>(), noWayBack: true };
    assert.equal(decide([FROM_OLD, FROM_NEW], { of, at: { accepts } }), "leave");
    assert.equal(decide([FROM_OLD, FROM_NEW], { of: { isManagementRestricted: true } }), "blocked: restricted");
  });

  it("not for a licence that ends sooner than the old one", () => {
    const ending = (capabilityStatus: string) =>
      new Catalog([
        EMS,
        sku(
          E5.partNumber,
          E5.servicePlans.map(({ name }) => name),
          { capabilityStatus },
        ),
      ]);
    assert.equal(decide([FROM_OLD, FROM_NEW], { at: { catalog: ending("Warning") } }), "blocked: ends");
    assert.equal(decide([FROM_OLD, FROM_NEW], { at: { catalog: ending("Suspended") } }), "blocked: ends");
  });
});
