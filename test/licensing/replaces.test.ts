import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Catalog } from "../../licensing/catalog/catalog";
import type { DeclaredGroup } from "../../licensing/declaration";
import { prove } from "../../licensing/decision/replacement-proof";
import { decideUser } from "../../licensing/decision/replacement";
import { lookAtMoved } from "../../licensing/drift/moved-users";
import { baselineOf } from "../../licensing/record/baseline";
import { scopesIn, type LicensingWorld } from "../../licensing/snapshot";
import type { Assignment, Guid } from "../../licensing/model";
import {
  declared,
  direct,
  E3,
  EMS,
  evidence,
  groupId,
  inherited,
  planId,
  record,
  settled,
  sku,
  skuId,
  snapshot,
  user,
  VISIO,
} from "./builders";

/** All that E3 and EMS have but YAMMER, and more. */
const SPE_E5 = sku("SPE_E5", ["EXCHANGE", "TEAMS1", "RMS_S_ENTERPRISE", "AAD_PREMIUM", "INTUNE_A", "ATA"]);
const NO_TEAMS = sku("E3_no_Teams", ["EXCHANGE", "YAMMER", "RMS_S_ENTERPRISE"]);
const TEAMS = sku("TEAMS", ["TEAMS1"]);
const catalog = new Catalog([E3, EMS, SPE_E5, NO_TEAMS, TEAMS, VISIO]);

const replacing = (group: DeclaredGroup, by: string, ...names: readonly string[]): DeclaredGroup => ({
  ...group,
  replaces: [...(group.replaces ?? []), ...names.map((name) => ({ skuId: skuId(name), by: skuId(by) }))],
});

const STAFF = replacing(declared("Staff", "SPE_E5"), "SPE_E5", "ENTERPRISEPACK", "EMS");
const SPLIT = replacing(declared("Split", "E3_no_Teams", "TEAMS"), "E3_no_Teams", "ENTERPRISEPACK");
const OLD = declared("Old", "ENTERPRISEPACK");

function world(...groups: readonly DeclaredGroup[]): LicensingWorld {
  return { declared: groups, groups: new Map(groups.map((group) => [group.groupId, settled(group)])), catalog };
}

function decide(assignments: readonly Assignment[], memberOf: readonly string[], ...groups: readonly DeclaredGroup[]) {
  const decisions = decideUser(evidence(user("ada", assignments), { memberOf }), world(...groups));
  return Object.fromEntries(
    decisions.map((each) => [
      catalog.skuName(each.skuId),
      each.verdict === "blocked" ? each.reason : each.verdict === "remove" ? { gains: each.gains } : each.verdict,
    ]),
  );
}

const withoutYammer = { without: ["YAMMER"] };
const E5_OF_STAFF = inherited("SPE_E5", "Staff");

describe("a SKU that a group's licence replaces", () => {
  it("goes where all its plans are given by what replaces it, with the user's own disabled plans", () => {
    assert.deepEqual(decide([direct("ENTERPRISEPACK", withoutYammer), direct("EMS"), E5_OF_STAFF], ["Staff"], STAFF), {
      SPE_E5: "inherited",
      ENTERPRISEPACK: { gains: [] },
      EMS: { gains: [] },
    });
  });

  it("is blocked with the plan's name where one is missing", () => {
    assert.deepEqual(decide([direct("ENTERPRISEPACK"), E5_OF_STAFF], ["Staff"], STAFF)["ENTERPRISEPACK"], {
      kind: "plans-missing",
      planIds: [planId("YAMMER")],
    });
  });

  it("gains a plan that was off in it and comes on; plans that it never had are the new product's", () => {
    const off = direct("ENTERPRISEPACK", { without: ["YAMMER", "TEAMS1"] });
    assert.deepEqual(decide([off, E5_OF_STAFF], ["Staff"], STAFF)["ENTERPRISEPACK"], { gains: [planId("TEAMS1")] });
  });

  it("may be replaced by two SKUs, and waits for both", () => {
    const both = [inherited("E3_no_Teams", "Split"), inherited("TEAMS", "Split")];
    const decideSplit = (...entries: readonly Assignment[]) =>
      decide([direct("ENTERPRISEPACK"), ...entries], ["Split"], SPLIT)["ENTERPRISEPACK"];
    assert.deepEqual(decideSplit(...both), { gains: [] });
    assert.deepEqual(decideSplit(inherited("E3_no_Teams", "Split")), {
      kind: "not-yet-inherited",
      groupIds: [groupId("Split")],
    });
    const noSeat = inherited("TEAMS", "Split", { state: "Error", error: "CountViolation" });
    assert.deepEqual(decideSplit(inherited("E3_no_Teams", "Split"), noSeat), {
      kind: "inherited-in-error",
      groupId: groupId("Split"),
      cause: "CountViolation",
    });
  });

  it("is left alone for users outside of the group, also where another group would cover it", () => {
    const other = declared("Other", "SPE_E5");
    assert.deepEqual(decide([direct("EMS")], [], STAFF), {});
    assert.deepEqual(decide([direct("EMS"), inherited("SPE_E5", "Other")], ["Other"], STAFF, other), {
      SPE_E5: "inherited",
    });
  });

  it("is listed for users that are in the group only through a nested one", () => {
    const nested = evidence(user("ada", [direct("EMS")]), { nestedIn: ["Staff"] });
    assert.deepEqual(decideUser(nested, world(STAFF)), [
      { skuId: skuId("EMS"), verdict: "blocked", reason: { kind: "nested-only", groupIds: [groupId("Staff")] } },
    ]);
  });

  it("that another group gives is decided for each user over all of the user's groups", () => {
    const held = [direct("ENTERPRISEPACK")];
    const groups = [STAFF, OLD];
    assert.deepEqual(decide([...held, inherited("ENTERPRISEPACK", "Old")], ["Old"], ...groups)["ENTERPRISEPACK"], {
      gains: [],
    });
    assert.deepEqual(
      decide([...held, inherited("ENTERPRISEPACK", "Old"), E5_OF_STAFF], ["Old", "Staff"], ...groups)["ENTERPRISEPACK"],
      { gains: [] },
      "YAMMER comes from Old",
    );
    assert.deepEqual(decide(held, [], ...groups)["ENTERPRISEPACK"], {
      kind: "not-a-member",
      groupIds: [groupId("Staff"), groupId("Old")].sort(),
    });
  });

  it("with nothing on goes only where a SKU that replaces it is inherited for certain", () => {
    const nothingOn = direct("EMS", { without: ["AAD_PREMIUM", "INTUNE_A", "RMS_S_ENTERPRISE"] });
    assert.deepEqual(decide([nothingOn, E5_OF_STAFF], ["Staff"], STAFF)["EMS"], {
      gains: ["AAD_PREMIUM", "INTUNE_A", "RMS_S_ENTERPRISE"].map(planId).sort(),
    });
    assert.deepEqual(decide([nothingOn], ["Staff"], STAFF)["EMS"], {
      kind: "not-yet-inherited",
      groupIds: [groupId("Staff")],
    });
  });

  it("has no way back from a trial, unless the stack file accepts that for the SKU", () => {
    const trial = sku("SPE_E5_TRIAL", ["ATA"]);
    const paid = replacing(declared("Staff", "SPE_E5"), "SPE_E5", "SPE_E5_TRIAL");
    const within = { ...world(paid), catalog: new Catalog([SPE_E5, trial]) };
    const ada = evidence(user("ada", [direct("SPE_E5_TRIAL"), E5_OF_STAFF]), { memberOf: ["Staff"] });
    const decided = (noWayBack: boolean | ReadonlySet<Guid>) =>
      decideUser(ada, { ...within, accepts: { grace: new Set(), noWayBack } }).find(({ skuId: id }) => id === trial.id);
    assert.deepEqual(decided(new Set([skuId("EMS")])), {
      skuId: trial.id,
      verdict: "blocked",
      reason: { kind: "trial", skuId: trial.id },
    });
    assert.equal(decided(new Set([trial.id]))?.verdict, "remove");
  });

  it("is a trial by its subscriptions where these are known, whatever its name says", () => {
    const ada = evidence(user("ada", [direct("EMS"), E5_OF_STAFF]), { memberOf: ["Staff"] });
    const verdict = (...trials: readonly (readonly [Guid, boolean])[]) => {
      const within = { ...world(STAFF), catalog: new Catalog(catalog.skus, [], new Map(trials)) };
      return decideUser(ada, within).find((each) => each.skuId === skuId("EMS"))?.verdict;
    };
    assert.equal(verdict(), "remove");
    assert.equal(verdict([skuId("EMS"), true]), "blocked");
    assert.equal(new Catalog([sku("SPE_E5_TRIAL", [])]).isTrial(skuId("SPE_E5_TRIAL")), true);
    const bought = new Catalog([sku("SPE_E5_TRIAL", [])], [], new Map([[skuId("SPE_E5_TRIAL"), false]]));
    assert.equal(bought.isTrial(skuId("SPE_E5_TRIAL")), false);
  });

  it("stays, with a reason, where the user has left the group since the plan, also if another group covers it", () => {
    const ada = user("ada", [direct("EMS"), inherited("SPE_E5", "Other")]);
    const other = declared("Other", "SPE_E5");
    const planned = new Set([skuId("EMS")]);
    const { proof, decisions } = prove(evidence(ada, { memberOf: ["Other"] }), world(STAFF, other), planned);
    assert.equal(proof, null);
    assert.deepEqual(
      decisions.find((each) => each.skuId === skuId("EMS")),
      { skuId: skuId("EMS"), verdict: "blocked", reason: { kind: "not-a-member", groupIds: [groupId("Staff")] } },
    );
  });
});

describe("the record of a replaced SKU", () => {
  const people = [
    user("ada", [direct("EMS"), direct("VISIOCLIENT")]),
    user("ben", [direct("EMS")]),
    user("cleo", [direct("SPE_E5")]),
  ];
  const members = { Staff: ["ada", "cleo"] };
  const tenant = (users = people) => snapshot({ declared: [STAFF], users, members, catalog });

  it("has the members alone, and all holders of what the group gives", () => {
    const seen = tenant();
    const onRecord = [...baselineOf(seen.users.values(), scopesIn(seen))].map(([id, licenses]): [Guid, Guid[]] => [
      id,
      [...licenses.keys()],
    ]);
    assert.deepEqual(onRecord, [
      [people[0]?.id, [skuId("EMS")]],
      [people[2]?.id, [skuId("SPE_E5")]],
    ]);
  });

  it("tells a member that lacks a plan from one that has left", () => {
    const onRecord = record({}, { baseline: baselineOf(people, scopesIn(tenant())) });
    const moved = (ada: readonly Assignment[]) =>
      lookAtMoved(tenant([user("ada", ada), ...people.slice(1)]), onRecord, []);
    assert.deepEqual(moved([E5_OF_STAFF]).regressions, []);
    assert.deepEqual(
      moved([]).regressions.map(({ licenses }) => licenses.map((each) => each.skuId)),
      [[skuId("EMS")]],
    );
    const left = snapshot({ declared: [STAFF], users: [user("ada")], members: { Staff: [] }, catalog });
    assert.deepEqual(lookAtMoved(left, onRecord, []).departures, [people[0]?.id, people[2]?.id].sort());
  });
});
