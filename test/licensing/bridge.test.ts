import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Catalog } from "../../licensing/catalog/catalog";
import type { DeclaredGroup } from "../../licensing/declaration";
import { troubleAfter } from "../../licensing/decision/after-removal";
import { bridgeOfRun, bridgeOnRecord } from "../../licensing/decision/own-bridge";
import { prove } from "../../licensing/decision/replacement-proof";
import type { Assignment, Guid, Sku } from "../../licensing/model";
import type { LicensingWorld } from "../../licensing/snapshot";
import { documentOf } from "../report/documents";
import {
  declared,
  direct,
  evidence,
  groupId,
  inherited,
  license,
  percent,
  planId,
  settled,
  sku,
  skuId,
  user,
  userId,
  wave,
} from "./builders";

const E1 = sku("STANDARDPACK", ["SHAREPOINTSTANDARD", "TEAMS1"]);
const E3 = sku("ENTERPRISEPACK", ["SHAREPOINTENTERPRISE", "TEAMS1", "OFFICE"]);
const PHONE = sku("MCOEV", ["MCOEV"]);
const FULL = { prepaidUnits: { enabled: 5, warning: 0, suspended: 0, lockedOut: 0 }, consumedUnits: 5 };
const STAFF: DeclaredGroup = {
  ...declared("Staff", license("ENTERPRISEPACK", { without: ["OFFICE"] }), "MCOEV"),
  replaces: [{ skuId: skuId("STANDARDPACK"), by: skuId("ENTERPRISEPACK") }],
};
const EXCLUDED = inherited("ENTERPRISEPACK", "Staff", { state: "Error", error: "MutuallyExclusiveViolation" });
const SIBLING = inherited("MCOEV", "Staff", { state: "Error", error: "Other" });
const ADA = [direct("STANDARDPACK"), EXCLUDED, SIBLING];

const world = (changes: Partial<Sku> = {}): LicensingWorld => ({
  declared: [STAFF],
  groups: new Map([[STAFF.groupId, settled(STAFF)]]),
  catalog: new Catalog([E1, { ...E3, ...changes }, PHONE]),
});

function proved(
  assignments: readonly Assignment[],
  within = world(),
  bridges: readonly Guid[] = [skuId("ENTERPRISEPACK")],
) {
  const of = evidence(user("ada", assignments), { memberOf: ["Staff"] });
  const { proof, decisions } = prove(of, within, new Set([skuId("STANDARDPACK")]), [], new Set(bridges));
  const decision = decisions.find((each) => each.skuId === skuId("STANDARDPACK"));
  return { proof, reason: decision?.verdict === "blocked" ? decision.reason : null };
}

describe("a licence that excludes the one that replaces it", () => {
  it("goes in one call that adds the new one directly, with the plans that the group gives, and nothing more", () => {
    const { proof } = proved(ADA);
    assert.deepEqual(proof?.skuIds, [skuId("STANDARDPACK")]);
    assert.deepEqual(proof.add, [license("ENTERPRISEPACK", { without: ["OFFICE"] })]);
  });

  it("stays where the state does not know the swap", () => {
    assert.deepEqual(proved(ADA, world(), []), {
      proof: null,
      reason: { kind: "inherited-in-error", groupId: groupId("Staff"), cause: "MutuallyExclusiveViolation" },
    });
  });

  it("stays without a free seat, counted with the swaps before it", () => {
    const reason = { kind: "no-seat-to-swap", skuId: skuId("ENTERPRISEPACK") };
    assert.deepEqual(proved(ADA, world(FULL)), { proof: null, reason });
    const last = { ...world({ ...FULL, consumedUnits: 4 }), seatsTaken: new Map([[skuId("ENTERPRISEPACK"), 1]]) };
    assert.deepEqual(proved(ADA, last), { proof: null, reason });
    assert.notEqual(proved(ADA, { ...last, seatsTaken: new Map() }).proof, null);
  });

  const cases: readonly (readonly [string, readonly Assignment[], LicensingWorld])[] = [
    ["the error is another one", [direct("STANDARDPACK"), { ...EXCLUDED, error: "CountViolation" }, SIBLING], world()],
    [
      "a plan is in neither",
      [direct("STANDARDPACK"), EXCLUDED, SIBLING],
      { ...world(), catalog: new Catalog([sku("STANDARDPACK", ["YAMMER"]), E3, PHONE]) },
    ],
    ["the subscription has ended", ADA, world({ capabilityStatus: "Suspended" })],
    [
      "the group is being processed",
      ADA,
      { ...world(), groups: new Map([[STAFF.groupId, settled(STAFF, { processingState: "ProcessingInProgress" })]]) },
    ],
    [
      "the new one is held directly already",
      [...ADA, direct("ENTERPRISEPACK", { without: ["SHAREPOINTENTERPRISE"] })],
      world(),
    ],
  ];
  for (const [what, assignments, within] of cases) {
    it(`stays where ${what}`, () => {
      const { proof } = proved(assignments, within);
      assert.ok(!(proof?.skuIds ?? []).includes(skuId("STANDARDPACK")));
    });
  }

  it("is read back with what the call added: trouble is only where that is gone", () => {
    const before = user("ada", ADA);
    const added = [license("ENTERPRISEPACK", { without: ["OFFICE"] })];
    const removed = { before, proven: before, skuIds: new Set([skuId("STANDARDPACK")]), added };
    const after = (...assignments: readonly Assignment[]) => {
      const { groups, catalog } = world();
      const now = user("ada", [...assignments, EXCLUDED, SIBLING]);
      return troubleAfter(removed, { user: now, memberOf: new Set([groupId("Staff")]), groups, catalog }, world());
    };
    assert.equal(after(direct("ENTERPRISEPACK", { without: ["OFFICE"] })), null);
    assert.deepEqual(after(), {
      kind: "plans-missing",
      planIds: [planId("SHAREPOINTSTANDARD"), planId("TEAMS1")].sort(),
    });
  });

  it("takes back only what this stack added and the user holds now", () => {
    const before = user("ada", ADA);
    const run = { before, proven: before, skuIds: new Set<Guid>(), added: [license("ENTERPRISEPACK")] };
    const swapped = user("ada", [direct("ENTERPRISEPACK"), direct("MCOEV")]);
    assert.deepEqual(bridgeOfRun(run, swapped)?.skuIds, [skuId("ENTERPRISEPACK")]);
    assert.equal(bridgeOfRun(run, before), undefined);
    assert.equal(bridgeOfRun({ ...run, before: swapped }, swapped), undefined, "it was there before");
    const back = { licenses: [license("STANDARDPACK")], plansBefore: new Map(), catalog: world().catalog };
    const onRecord = new Set([skuId("ENTERPRISEPACK")]);
    assert.deepEqual(bridgeOnRecord(onRecord, swapped, back)?.skuIds, [skuId("ENTERPRISEPACK")]);
    assert.equal(bridgeOnRecord(new Set(), swapped, back), undefined);
  });

  it("does not take back what is left of a plan that Microsoft has retired since the swap", () => {
    const { catalog } = world();
    const had = catalog.plansWithSuccessors(skuId("STANDARDPACK"));
    const retired = new Catalog(
      catalog.skus.map((sku) =>
        sku.id === skuId("STANDARDPACK")
          ? { ...sku, servicePlans: sku.servicePlans.filter(({ id }) => id !== planId("SHAREPOINTSTANDARD")) }
          : sku,
      ),
      catalog.accepted,
    );
    const swapped = user("ada", [direct("ENTERPRISEPACK")]);
    const back = (now: Catalog, ...without: readonly string[]) =>
      bridgeOnRecord(new Set([skuId("ENTERPRISEPACK")]), swapped, {
        licenses: [license("STANDARDPACK", { without })],
        plansBefore: new Map([[skuId("STANDARDPACK"), had]]),
        catalog: now,
      });
    assert.ok(back(catalog), "all plans come back");
    assert.equal(back(retired), undefined);
    assert.ok(back(retired, "SHAREPOINTSTANDARD"), "the user did not have it");
  });
});

describe("swaps in the plan", () => {
  it("share the free seats in the order of the waves: with one seat, the canary's user swaps and the other is blocked", () => {
    const [first = "", second = ""] = ["ada", "ben"].sort((a, b) => (userId(a) < userId(b) ? -1 : 1));
    const seats = { prepaidUnits: { ...FULL.prepaidUnits, enabled: 6 }, consumedUnits: 5 };
    const plan = (consumedUnits: number) =>
      documentOf(
        {
          declared: [STAFF],
          users: [user("ada", ADA), user("ben", ADA)],
          members: { Staff: ["ada", "ben"] },
          catalog: new Catalog([E1, { ...E3, ...seats, consumedUnits }, PHONE]),
        },
        {
          waves: [wave("canary", { kind: "users", users: ["by name"] }), wave("everyone", percent(100))],
          named: new Map([["canary", new Set([userId(second)])]]),
          applyThrough: "everyone",
        },
      );
    const { waves, blocked } = plan(5);
    assert.deepEqual(
      waves.map(({ name, plannedUsers, blockedUsers }) => [name, plannedUsers, blockedUsers]),
      [
        ["canary", 1, 0],
        ["everyone", 0, 1],
      ],
    );
    assert.deepEqual(
      blocked.assignments.map(({ userId: id, reason }) => [id, blocked.reasons[reason]?.kind]),
      [[userId(first), "no-seat-to-swap"]],
    );
    assert.deepEqual(plan(4).blocked.assignments, [], "with a seat for each, both swap");
  });
});
