import assert from "node:assert/strict";
import fc from "fast-check";
import { Catalog } from "../../licensing/catalog/catalog";
import { effectivePlans } from "../../licensing/effective-plans";
import type { BlockReason } from "../../licensing/decision/block-reason";
import type { Assignment, LicensedGroup, LicensedUser } from "../../licensing/model";
import { decideUser, type SkuDecision } from "../../licensing/decision/replacement";
import type { LicensingWorld, UserEvidence } from "../../licensing/snapshot";
import { prove } from "../../licensing/decision/replacement-proof";
import {
  catalog,
  declared,
  direct,
  E3,
  EMS,
  evidence,
  groupId,
  inherited,
  license,
  planId,
  settled,
  sku,
  skuId,
  user,
} from "./builders";

const STAFF = declared("Staff", "EMS");
const FINANCE = declared("Finance", license("ENTERPRISEPACK", { without: ["YAMMER"] }));

function world(
  groups: readonly (typeof STAFF)[] = [STAFF],
  now: readonly LicensedGroup[] = groups.map((group) => settled(group)),
): LicensingWorld {
  return { declared: groups, groups: new Map(now.map((group) => [group.id, group])), catalog };
}

function decide(of: UserEvidence, within: LicensingWorld = world()): readonly SkuDecision[] {
  return decideUser(of, within);
}

function reasonOf(of: UserEvidence, within?: LicensingWorld): BlockReason {
  const [decision, ...others] = decide(of, within);
  assert.deepEqual(others, []);
  assert.ok(decision?.verdict === "blocked", `expected a block, and it is ${JSON.stringify(decision)}`);
  return decision.reason;
}

const member = { memberOf: ["Staff"] };
const REMOVE_EMS = { skuId: skuId("EMS"), verdict: "remove", gains: [] };

describe("a direct licence that another SKU of the user's group is to replace", () => {
  const suite = declared("Suite", "EMSPREMIUM");
  const others = declared("Others", "EMS");
  const inSuite = { memberOf: ["Suite"] };
  const of = (...entries: readonly Assignment[]) => evidence(user("ada", [direct("EMS"), ...entries]), inSuite);

  it("is blocked by what keeps that SKU from the user, not by a group that gives its own", () => {
    const failed = inherited("EMSPREMIUM", "Suite", { state: "Error", error: "CountViolation" });
    const reason = { kind: "inherited-in-error", groupId: suite.groupId, cause: "CountViolation" };
    const found = decide(of(failed), world([suite, others])).find((each) => each.skuId === skuId("EMS"));
    assert.deepEqual(found, { skuId: skuId("EMS"), verdict: "blocked", reason });
  });

  it("waits while that SKU is on its way", () => {
    assert.deepEqual(reasonOf(of(), world([suite, others])), {
      kind: "not-yet-inherited",
      groupIds: [suite.groupId],
    });
  });
});

describe("a direct licence goes when all that it enables stays", () => {
  it("held directly and inherited alike", () => {
    const ada = user("ada", [direct("EMS"), inherited("EMS", "Staff")]);
    assert.deepEqual(decide(evidence(ada, member)), [REMOVE_EMS]);
  });

  it("plans that are disabled in the direct licence need no replacement", () => {
    const narrow = declared("Staff", license("EMS", { without: ["INTUNE_A"] }));
    const ada = user("ada", [
      direct("EMS", { without: ["INTUNE_A", "AAD_PREMIUM"] }),
      inherited("EMS", "Staff", { without: ["INTUNE_A"] }),
    ]);
    const gains = [planId("AAD_PREMIUM")];
    assert.deepEqual(decide(evidence(ada, member), world([narrow])), [{ ...REMOVE_EMS, gains }]);
  });

  it("what a group would give, and the user is no member of, is no gain", () => {
    const narrow = declared("Staff", license("EMS", { without: ["INTUNE_A"] }));
    const both = world([narrow, declared("Devices", "EMS")]);
    const ada = user("ada", [
      direct("EMS", { without: ["INTUNE_A"] }),
      inherited("EMS", "Staff", { without: ["INTUNE_A"] }),
      inherited("EMS", "Devices"),
    ]);
    assert.deepEqual(decide(evidence(ada, member), both), [REMOVE_EMS]);
    const gains = [planId("INTUNE_A")];
    assert.deepEqual(decide(evidence(ada, { memberOf: ["Staff", "Devices"] }), both), [{ ...REMOVE_EMS, gains }]);
  });

  it("nor is what another direct licence gives already", () => {
    const ada = user("ada", [
      direct("EMS", { without: ["RMS_S_ENTERPRISE", "INTUNE_A"] }),
      direct("ENTERPRISEPACK"),
      inherited("EMS", "Staff"),
    ]);
    assert.deepEqual(decide(evidence(ada, member)), [{ ...REMOVE_EMS, gains: [planId("INTUNE_A")] }]);
  });

  it("a plan that applies to the company is not the user's to lose", () => {
    const narrow = declared("Staff", license("EMS", { without: ["EXCHANGE_S_FOUNDATION"] }));
    const ada = user("ada", [direct("EMS"), inherited("EMS", "Staff", { without: ["EXCHANGE_S_FOUNDATION"] })]);
    assert.deepEqual(decide(evidence(ada, member), world([narrow])), [REMOVE_EMS]);
  });

  it("by the union over two groups, each of which gives a part", () => {
    const half = declared("Staff", license("EMS", { without: ["INTUNE_A"] }));
    const otherHalf = declared("Devices", license("EMS", { without: ["AAD_PREMIUM", "RMS_S_ENTERPRISE"] }));
    const both = world([half, otherHalf]);
    const ada = user("ada", [
      direct("EMS"),
      inherited("EMS", "Staff", { without: ["INTUNE_A"] }),
      inherited("EMS", "Devices", { without: ["AAD_PREMIUM", "RMS_S_ENTERPRISE"] }),
    ]);
    assert.deepEqual(decide(evidence(ada, { memberOf: ["Staff", "Devices"] }), both), [REMOVE_EMS]);
    assert.deepEqual(reasonOf(evidence(ada, { memberOf: ["Staff"] }), both), {
      kind: "plans-missing",
      planIds: [planId("INTUNE_A")],
    });
  });

  it("by another SKU that has the same plans", () => {
    const both = world([STAFF, declared("Security", "EMSPREMIUM")]);
    const ada = user("ada", [direct("EMS"), inherited("EMSPREMIUM", "Security")]);
    assert.deepEqual(decide(evidence(ada, { memberOf: ["Security"] }), both)[0], REMOVE_EMS);
  });

  it("in any order of assignments", () => {
    const ada = user("ada", [inherited("EMS", "Staff"), direct("EMS")]);
    assert.deepEqual(decide(evidence(ada, member)), [REMOVE_EMS]);
  });
});

describe("take away one thing that the proof rests on, and the direct licence stays", () => {
  const ada = user("ada", [direct("EMS"), inherited("EMS", "Staff")]);
  const entry = (changes: Partial<Assignment>) =>
    user("ada", [direct("EMS"), { ...inherited("EMS", "Staff"), ...changes }]);
  const group = (changes: Partial<LicensedGroup>) => world([STAFF], [settled(STAFF, changes)]);
  const staff = [groupId("Staff")];

  const table: [what: string, evidence: UserEvidence, world: LicensingWorld, reason: BlockReason][] = [
    ["membership", evidence(ada), world(), { kind: "not-a-member", groupIds: staff }],
    [
      "first-level membership",
      evidence(ada, { nestedIn: ["Staff"] }),
      world(),
      { kind: "nested-only", groupIds: staff },
    ],
    [
      "the group's processing, queued",
      evidence(ada, member),
      group({ processingState: "QueuedForProcessing" }),
      { kind: "not-yet-inherited", groupIds: staff },
    ],
    [
      "the group's processing, under way",
      evidence(ada, member),
      group({ processingState: "ProcessingInProgress" }),
      { kind: "not-yet-inherited", groupIds: staff },
    ],
    [
      "the group's processing, unknown",
      evidence(ada, member),
      group({ processingState: null }),
      { kind: "not-yet-inherited", groupIds: staff },
    ],
    [
      "the read of the group",
      evidence(ada, member),
      world([STAFF], []),
      { kind: "not-yet-inherited", groupIds: staff },
    ],
    [
      "the SKU on the group",
      evidence(ada, member),
      group({ licenses: [] }),
      { kind: "not-yet-inherited", groupIds: staff },
    ],
    [
      "a plan on the group, which still stands in the entry",
      evidence(ada, member),
      group({ licenses: [license("EMS", { without: ["INTUNE_A"] })] }),
      { kind: "plans-missing", planIds: [planId("INTUNE_A")] },
    ],
    [
      "a plan in the declaration, which still stands on the group and in the entry",
      evidence(ada, member),
      world([declared("Staff", license("EMS", { without: ["INTUNE_A"] }))], [settled(STAFF)]),
      { kind: "plans-missing", planIds: [planId("INTUNE_A")] },
    ],
    [
      "a plan in the entry",
      evidence(entry({ disabledPlans: [planId("INTUNE_A")] }), member),
      world(),
      { kind: "plans-missing", planIds: [planId("INTUNE_A")] },
    ],
    [
      "the entry",
      evidence(user("ada", [direct("EMS")]), member),
      world(),
      { kind: "not-yet-inherited", groupIds: staff },
    ],
    [
      "the entry of this group: another group's is none",
      evidence(user("ada", [direct("EMS"), inherited("EMS", "Not declared")]), member),
      world(),
      { kind: "not-yet-inherited", groupIds: staff },
    ],
    [
      "the state Active: Disabled",
      evidence(entry({ state: "Disabled" }), member),
      world(),
      { kind: "state-unknown", state: "Disabled" },
    ],
    [
      "the state Active: a word of the future",
      evidence(entry({ state: "Paused" }), member),
      world(),
      { kind: "state-unknown", state: "Paused" },
    ],
    [
      "the state Active: ActiveWithError, even without its error",
      evidence(entry({ state: "ActiveWithError" }), member),
      world(),
      { kind: "inherited-active-with-error", groupId: groupId("Staff"), cause: "Other" },
    ],
    [
      "the state Active: ActiveWithError",
      evidence(entry({ state: "ActiveWithError", error: "DependencyViolation" }), member),
      world(),
      { kind: "inherited-active-with-error", groupId: groupId("Staff"), cause: "DependencyViolation" },
    ],
    [
      "the lack of an error, though the state is Active",
      evidence(entry({ error: "CountViolation" }), member),
      world(),
      { kind: "inherited-active-with-error", groupId: groupId("Staff"), cause: "CountViolation" },
    ],
    [
      "the SKU in the tenant's list",
      evidence(ada, member),
      { ...world(), catalog: new Catalog([E3]) },
      { kind: "sku-not-listed", skuId: skuId("EMS") },
    ],
    ...["Suspended", "LockedOut", "Deleted", "Retired", ""].map((status): (typeof table)[number] => [
      `the subscription in force: ${status === "" ? "no word" : status}`,
      evidence(ada, member),
      { ...world(), catalog: new Catalog([{ ...EMS, capabilityStatus: status }]) },
      { kind: "subscription-ended", skuId: skuId("EMS"), status: status === "" ? "of unknown status" : status },
    ]),
    [
      "a membership that lasts",
      { ...evidence(ada, member), ending: new Map([[groupId("Staff"), { on: "2026-12-31" }]]) },
      world(),
      { kind: "membership-ends", groupId: groupId("Staff"), on: "2026-12-31" },
    ],
    [
      "the read of whether it lasts",
      { ...evidence(ada, member), ending: new Map([[groupId("Staff"), { unread: "not today", isForbidden: false }]]) },
      world(),
      { kind: "membership-end-unknown", groupId: groupId("Staff"), detail: "not today", isForbidden: false },
    ],
    ["the way back", evidence({ ...ada, usageLocation: null }, member), world(), { kind: "no-usage-location" }],
    [
      "the case of an id: the contract is lower case, and anything else is another group",
      evidence(entry({ assignedByGroup: groupId("Staff").toUpperCase() }), member),
      world(),
      { kind: "not-yet-inherited", groupIds: staff },
    ],
  ];
  for (const [what, of, within, reason] of table) {
    it(what, () => {
      assert.deepEqual(decideUser(of, within), [{ skuId: skuId("EMS"), verdict: "blocked", reason }]);
    });
  }

  it("with nothing taken away it goes", () => {
    assert.deepEqual(decideUser(evidence(ada, member), world()), [REMOVE_EMS]);
  });

  it("what stays must come from a declared group, not from any group", () => {
    const other = user("ada", [direct("EMS"), inherited("EMS", "Not declared")]);
    assert.deepEqual(reasonOf(evidence(other, { memberOf: ["Staff", "Not declared"] })).kind, "not-yet-inherited");
  });

  it("the SKU must be declared on the very group: what people gave it besides does not count", () => {
    const generous = settled(STAFF, { licenses: [license("EMS"), license("EMSPREMIUM")] });
    const security = declared("Security", "EMSPREMIUM");
    const ada5 = user("ada", [direct("EMSPREMIUM"), inherited("EMS", "Staff"), inherited("EMSPREMIUM", "Staff")]);
    const within = world([STAFF, security], [generous, settled(security)]);
    const decisions = decideUser(evidence(ada5, member), within);
    assert.deepEqual(decisions.at(-1), {
      skuId: skuId("EMSPREMIUM"),
      verdict: "blocked",
      reason: { kind: "not-a-member", groupIds: [groupId("Security")] },
    });
  });

  it("a SKU that the tenant does not list is not taken for covered, though the user inherits others", () => {
    const ada5 = user("ada", [direct("EMS"), inherited("ENTERPRISEPACK", "Finance", { without: ["YAMMER"] })]);
    const within = { ...world([STAFF, FINANCE]), catalog: new Catalog([E3]) };
    const decisions = decideUser(evidence(ada5, { memberOf: ["Staff", "Finance"] }), within);
    assert.equal(decisions.find(({ skuId: id }) => id === skuId("EMS"))?.verdict, "blocked");
  });

  it("a SKU of which no plan applies to users is not taken for covered", () => {
    const strange = sku("STRANGE", ["company:EXCHANGE_S_FOUNDATION"]);
    const group = declared("Staff", "STRANGE");
    const within = { ...world([group]), catalog: new Catalog([strange]) };
    const decisions = decideUser(evidence(user("ada", [direct("STRANGE")]), member), within);
    assert.equal(decisions[0]?.verdict, "blocked");
  });
});

describe("a direct licence with nothing on", () => {
  const nothingOn = direct("EMS", { without: ["AAD_PREMIUM", "INTUNE_A", "RMS_S_ENTERPRISE"] });
  const verdict = (assignments: readonly Assignment[], within = world([STAFF])) =>
    decideUser(evidence(user("ada", [nothingOn, ...assignments]), member), within)[0]?.verdict;

  it("takes no plan with it, and goes where the SKU itself is inherited", () => {
    assert.equal(verdict([inherited("EMS", "Staff")]), "remove");
  });

  it("stays where the SKU is not surely inherited: nothing tells that it is replaced", () => {
    assert.equal(verdict([]), "blocked");
    assert.equal(verdict([inherited("EMS", "Staff", { state: "Error", error: "CountViolation" })]), "blocked");
    assert.equal(verdict([inherited("EMS", "Other")]), "blocked");
  });
});

describe("why a direct licence stays", () => {
  it("each cause of an inherited error", () => {
    for (const cause of [
      "CountViolation",
      "MutuallyExclusiveViolation",
      "DependencyViolation",
      "ProhibitedInUsageLocationViolation",
      "UniquenessViolation",
      "Other",
      "SomethingNew",
    ]) {
      const ada = user("ada", [direct("EMS"), inherited("EMS", "Staff", { state: "Error", error: cause })]);
      const expected = { kind: "inherited-in-error", groupId: groupId("Staff"), cause };
      assert.deepEqual(reasonOf(evidence(ada, member)), expected);
    }
  });

  it("an error without a cause", () => {
    const ada = user("ada", [direct("EMS"), inherited("EMS", "Staff", { state: "Error" })]);
    assert.deepEqual(reasonOf(evidence(ada, member)), {
      kind: "inherited-in-error",
      groupId: groupId("Staff"),
      cause: "Other",
    });
  });

  it("held, and nothing says from where", () => {
    const ada = user("ada", [], { assignedLicenses: [license("EMS")] });
    assert.deepEqual(reasonOf(evidence(ada, member)), { kind: "source-unknown" });
  });

  it("the groups that would help are named, sorted, and no other", () => {
    const groups = [STAFF, declared("Devices", "EMS"), FINANCE];
    const outside = decide(evidence(user("ada", [direct("EMS")])), world(groups));
    const helping = [groupId("Staff"), groupId("Devices")].sort();
    assert.deepEqual(outside, [
      { skuId: skuId("EMS"), verdict: "blocked", reason: { kind: "not-a-member", groupIds: helping } },
    ]);
  });

  it("the reason is the same in any order of the file: it stands in a digest", () => {
    const groups = ["Staff", "Devices", "Visitors", "Partners"].map((name) => declared(name, "EMS"));
    const ada = evidence(user("ada", [direct("EMS")]));
    assert.deepEqual(reasonOf(ada, world([...groups].reverse())), reasonOf(ada, world(groups)));
  });

  it("a group that gives the SKU among others would help as well", () => {
    const suite = declared("Suite", "VISIOCLIENT", "EMS");
    const ada = evidence(user("ada", [direct("EMS")]));
    assert.deepEqual(reasonOf(ada, world([suite])), { kind: "not-a-member", groupIds: [suite.groupId] });
  });

  it("a user in one group and nested in another gets the reason of the first", () => {
    const groups = [STAFF, declared("Devices", "EMS")];
    const ada = user("ada", [direct("EMS")]);
    assert.deepEqual(reasonOf(evidence(ada, { memberOf: ["Devices"], nestedIn: ["Staff"] }), world(groups)), {
      kind: "not-yet-inherited",
      groupIds: [groupId("Devices")],
    });
  });

  it("an error comes before missing plans, whichever group it is in", () => {
    const groups = [declared("Staff", license("EMS", { without: ["INTUNE_A"] })), declared("Devices", "EMS")];
    const ada = user("ada", [
      direct("EMS"),
      inherited("EMS", "Staff", { without: ["INTUNE_A"] }),
      inherited("EMS", "Devices", { state: "Error", error: "CountViolation" }),
    ]);
    assert.equal(reasonOf(evidence(ada, { memberOf: ["Staff", "Devices"] }), world(groups)).kind, "inherited-in-error");
  });

  it("while one of several groups is still at work, a missing plan may be on its way", () => {
    const groups = [declared("Staff", license("EMS", { without: ["INTUNE_A"] })), declared("Devices", "EMS")];
    const now = groups.map((group, index) =>
      settled(group, index === 1 ? { processingState: "ProcessingInProgress" } : {}),
    );
    const ada = user("ada", [direct("EMS"), inherited("EMS", "Staff", { without: ["INTUNE_A"] })]);
    const reason = reasonOf(evidence(ada, { memberOf: ["Staff", "Devices"] }), world(groups, now));
    assert.deepEqual(reason, {
      kind: "not-yet-inherited",
      groupIds: [groupId("Devices"), groupId("Staff")].sort(),
    });
  });
});

describe("what is not there to remove", () => {
  it("a user without the SKU has no decision", () => {
    assert.deepEqual(decide(evidence(user("ada"), member)), []);
  });

  it("only inherited: nothing to do, in any state", () => {
    for (const state of ["Active", "Error", "ActiveWithError"]) {
      const ada = user("ada", [inherited("EMS", "Staff", { state })]);
      assert.deepEqual(decide(evidence(ada, member)), [{ skuId: skuId("EMS"), verdict: "inherited" }]);
    }
  });

  it("a SKU that no group declares is passed over", () => {
    assert.deepEqual(decide(evidence(user("ada", [direct("VISIOCLIENT")]), member)), []);
  });

  it("two SKUs are decided apart", () => {
    const ben = user("ben", [
      direct("EMS"),
      direct("ENTERPRISEPACK"),
      inherited("EMS", "Staff"),
      inherited("ENTERPRISEPACK", "Finance", { without: ["YAMMER"] }),
    ]);
    const decisions = decide(evidence(ben, { memberOf: ["Staff", "Finance"] }), world([STAFF, FINANCE]));
    assert.deepEqual(decisions, [
      REMOVE_EMS,
      {
        skuId: skuId("ENTERPRISEPACK"),
        verdict: "blocked",
        reason: { kind: "plans-missing", planIds: [planId("YAMMER")] },
      },
    ]);
  });

  it("one direct licence is no replacement for another", () => {
    const both = world([STAFF, declared("Security", "EMSPREMIUM")]);
    const ada = user("ada", [direct("EMS"), direct("EMSPREMIUM"), inherited("EMS", "Staff")]);
    const decisions = decide(evidence(ada, { memberOf: ["Staff", "Security"] }), both);
    assert.deepEqual(
      decisions.map(({ verdict }) => verdict),
      ["remove", "blocked"],
    );
  });
});

describe("a proof", () => {
  const both = world([STAFF, FINANCE]);
  const ben = user("ben", [
    direct("EMS"),
    direct("ENTERPRISEPACK", { without: ["YAMMER"] }),
    inherited("EMS", "Staff"),
    inherited("ENTERPRISEPACK", "Finance", { without: ["YAMMER"] }),
  ]);
  const onRecord = new Set([skuId("EMS"), skuId("ENTERPRISEPACK")]);

  it("names the user as read, and the SKUs", () => {
    const { proof, decisions } = prove(evidence(ben, { memberOf: ["Staff", "Finance"] }), both, onRecord);
    assert.ok(proof?.isProven);
    assert.deepEqual([proof.userId, proof.before], [ben.id, ben]);
    assert.deepEqual(proof.skuIds, [skuId("EMS"), skuId("ENTERPRISEPACK")]);
    assert.equal(decisions.length, 2);
  });

  it("holds only the SKUs that may go", () => {
    const { proof, decisions } = prove(evidence(ben, { memberOf: ["Finance"] }), both, onRecord);
    assert.deepEqual(proof?.skuIds, [skuId("ENTERPRISEPACK")]);
    assert.deepEqual(
      decisions.map(({ verdict }) => verdict),
      ["blocked", "remove"],
    );
  });

  it("leaves alone what is not on record: the baseline could not give it back", () => {
    const where = { memberOf: ["Staff", "Finance"] };
    const { proof, decisions } = prove(evidence(ben, where), both, new Set([skuId("EMS")]));
    assert.deepEqual(proof?.skuIds, [skuId("EMS")]);
    assert.deepEqual(
      decisions.map((each) => each.skuId),
      [skuId("EMS")],
    );
    assert.equal(prove(evidence(ben, where), both, new Set()).proof, null);
  });

  it("there is none where nothing may go, and the decisions say why", () => {
    const { proof, decisions } = prove(evidence(ben), both, onRecord);
    assert.equal(proof, null);
    assert.deepEqual(
      decisions.map(({ verdict }) => verdict),
      ["blocked", "blocked"],
    );
  });
});

describe("for any tenant (properties)", () => {
  const GROUPS = ["Staff", "Finance", "Devices"] as const;
  const SKUS = [EMS, E3, sku("EMSPREMIUM", ["AAD_PREMIUM", "INTUNE_A", "RMS_S_ENTERPRISE", "ATA"])];
  const EVERY_SKU = new Set(SKUS.map(({ id }) => id));
  const anyLicense = fc
    .constantFrom(...SKUS)
    .chain((each) =>
      fc.record({ skuId: fc.constant(each.id), disabledPlans: fc.subarray(each.servicePlans.map(({ id }) => id)) }),
    );
  const anyLicenses = fc.uniqueArray(anyLicense, { selector: (each) => each.skuId, maxLength: 3 });
  const anyState = fc.constantFrom("Active", "Active", "Active", "ActiveWithError", "Error", "Disabled", "New");
  const anyEntry = fc.record({
    license: anyLicense,
    assignedByGroup: fc.constantFrom(null, ...GROUPS.map(groupId), groupId("Not declared")),
    state: anyState,
    error: fc.constantFrom(null, null, null, "CountViolation"),
  });
  const anyUser = fc
    .uniqueArray(anyEntry, {
      selector: ({ license: { skuId: id }, assignedByGroup }) => `${id} ${assignedByGroup}`,
      maxLength: 9,
    })
    .map((entries): LicensedUser => {
      const assignments = entries.map(({ license: each, ...rest }): Assignment =>
        rest.assignedByGroup === null
          ? { ...each, assignedByGroup: null, state: "Active", error: null }
          : { ...each, ...rest },
      );
      return user("ada", assignments);
    });
  const anyGroup = (name: string) =>
    fc.record({
      declared: anyLicenses.map((licenses) => declared(name, ...licenses)),
      extra: anyLicenses,
      asDeclared: fc.boolean(),
      processingState: fc.constantFrom("ProcessingComplete", "ProcessingComplete", "ProcessingInProgress", null),
    });
  const anyWorld = fc.tuple(...GROUPS.map(anyGroup)).map((groups): LicensingWorld => ({
    declared: groups.map((each) => each.declared),
    groups: new Map(
      groups.map(({ declared: group, extra, asDeclared, processingState }) => [
        group.groupId,
        settled(group, { licenses: asDeclared ? group.licenses : extra, processingState }),
      ]),
    ),
    catalog,
  }));
  const anyMembership = fc.subarray([...GROUPS]);

  /** The user after the removal, when in addition everything goes that is not surely there to stay. */
  function worstCase(
    of: LicensedUser,
    memberOf: readonly string[],
    within: LicensingWorld,
    removed: readonly string[],
  ) {
    const surely = of.assignments.filter(({ assignedByGroup, skuId: id, state, error }) => {
      if (assignedByGroup === null) return !removed.includes(id);
      const now = within.groups.get(assignedByGroup);
      return (
        memberOf.map(groupId).includes(assignedByGroup) &&
        now?.processingState === "ProcessingComplete" &&
        now.licenses.some((each) => each.skuId === id) &&
        state === "Active" &&
        error === null
      );
    });
    return effectivePlans({ ...of, assignments: surely }, catalog);
  }

  it("after the removal each plan of a removed licence is still on by what surely stays", () => {
    fc.assert(
      fc.property(anyUser, anyMembership, anyWorld, (of, memberOf, within) => {
        const { proof } = prove(evidence(of, { memberOf }), within, EVERY_SKU);
        if (proof === null) return;
        const after = worstCase(of, memberOf, within, proof.skuIds);
        for (const entry of of.assignments) {
          if (entry.assignedByGroup !== null || !proof.skuIds.includes(entry.skuId)) continue;
          for (const plan of catalog.enabledPlans(entry)) assert.ok(after.has(plan), catalog.planName(plan));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("removing a subset of what is proven is as safe: no removed licence counts on another", () => {
    fc.assert(
      fc.property(anyUser, anyMembership, anyWorld, fc.nat(), (of, memberOf, within, pick) => {
        const { proof } = prove(evidence(of, { memberOf }), within, EVERY_SKU);
        if (proof === null) return;
        const one = proof.skuIds[pick % proof.skuIds.length] ?? "";
        const without = {
          ...of,
          assignments: of.assignments.filter((each) => each.assignedByGroup !== null || each.skuId !== one),
        };
        const later = prove(evidence(without, { memberOf }), within, EVERY_SKU);
        assert.deepEqual(
          later.proof?.skuIds ?? [],
          proof.skuIds.filter((id) => id !== one),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("a direct licence of a declared SKU is either removed or blocked, never passed over", () => {
    fc.assert(
      fc.property(anyUser, anyMembership, anyWorld, (of, memberOf, within) => {
        const decisions = decideUser(evidence(of, { memberOf }), within);
        const bySku = new Map(decisions.map((each) => [each.skuId, each.verdict]));
        assert.equal(bySku.size, decisions.length, "one decision for each SKU");
        const skus = new Set(within.declared.flatMap(({ licenses }) => licenses.map((each) => each.skuId)));
        for (const id of skus) {
          const isDirect = of.assignments.some((each) => each.skuId === id && each.assignedByGroup === null);
          assert.equal(["remove", "blocked"].includes(bySku.get(id) ?? ""), isDirect);
        }
      }),
      { numRuns: 300 },
    );
  });
});
