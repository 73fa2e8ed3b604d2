import assert from "node:assert/strict";
import fc from "fast-check";
import { troubleAfter } from "../../licensing/decision/after-removal";
import { Catalog } from "../../licensing/catalog/catalog";
import type { Guid, LicensedUser, Sku } from "../../licensing/model";
import { decideUser } from "../../licensing/decision/replacement";
import type { AcceptedRisks, LicensingWorld, UserEvidence } from "../../licensing/snapshot";
import { standingOf, formatStatus } from "../../licensing/catalog/subscription";
import { declared, direct, E5, EMS, groupId, inherited, settled, sku, skuId, user } from "./builders";

/** EMSPREMIUM has all plans of EMS: Secure gives the larger one, Staff the same one, and both are declared. */
const STAFF = declared("Staff", "EMS");
const SECURE = declared("Secure", "EMSPREMIUM");

const units = (enabled: number, warning = 0, suspended = 0, lockedOut = 0) => ({
  enabled,
  warning,
  suspended,
  lockedOut,
});
const statusOf = (of: Sku, status: string): Sku => ({ ...of, capabilityStatus: status });

function world(skus: readonly Sku[], accepts?: AcceptedRisks): LicensingWorld {
  const groups = new Map([STAFF, SECURE].map((group) => [group.groupId, settled(group)]));
  const all = { declared: [STAFF, SECURE], groups, catalog: new Catalog(skus) };
  return accepts === undefined ? all : { ...all, accepts };
}

function evidence(of: LicensedUser, ...memberOf: readonly string[]): UserEvidence {
  return { user: of, memberOf: new Set(memberOf.map(groupId)), nestedIn: new Set() };
}

const decisionFor = (of: UserEvidence, within: LicensingWorld, id: Guid = EMS.id) =>
  decideUser(of, within).find((each) => each.skuId === id);

const ADA = user("ada", [direct("EMS"), inherited("EMSPREMIUM", "Secure")]);
const BEN = user("ben", [direct("EMS"), inherited("EMS", "Staff")]);
const accepting = (...skus: readonly Sku[]): AcceptedRisks => ({
  grace: new Set(skus.map(({ id }) => id)),
  noWayBack: false,
});

describe("how a subscription stands", () => {
  const table: [what: string, sku: Sku | undefined, standing: string, words: RegExp][] = [
    ["in force", EMS, "enabled", /^Enabled$/],
    ["in force, in any case", statusOf(EMS, "enabled"), "enabled", /^enabled$/],
    ["in its grace period", statusOf(EMS, "Warning"), "grace", /^Warning$/],
    ["suspended", statusOf(EMS, "Suspended"), "ended", /^Suspended$/],
    ["locked out", statusOf(EMS, "LockedOut"), "ended", /^LockedOut$/],
    ["deleted", statusOf(EMS, "Deleted"), "ended", /^Deleted$/],
    ["a word of the future", statusOf(EMS, "Paused"), "ended", /^Paused$/],
    ["gone from the tenant", undefined, "ended", /not among the tenant's subscriptions/],
    [
      "more in use than bought, and nothing that ends",
      sku("X", [], { consumedUnits: 12, prepaidUnits: units(10) }),
      "enabled",
      /^Enabled$/,
    ],
    [
      "enough in force beside what ends",
      sku("X", [], { consumedUnits: 10, prepaidUnits: units(10, 5) }),
      "enabled",
      /^Enabled$/,
    ],
    [
      "some live on units in their grace period",
      sku("X", [], { consumedUnits: 12, prepaidUnits: units(10, 5) }),
      "grace",
      /10 of 12 units in use/,
    ],
    [
      "some live on suspended units",
      sku("X", [], { consumedUnits: 12, prepaidUnits: units(10, 0, 5) }),
      "grace",
      /10 of 12/,
    ],
    [
      "some live on locked units",
      sku("X", [], { consumedUnits: 12, prepaidUnits: units(10, 0, 0, 5) }),
      "grace",
      /10 of 12/,
    ],
  ];
  for (const [what, of, standing, words] of table) {
    it(what, () => {
      assert.equal(standingOf(of), standing);
      assert.match(formatStatus(of), words);
    });
  }
});

describe("a direct licence beside a larger SKU with an ending subscription", () => {
  const secure = evidence(ADA, "Secure");

  it("goes while both are in force", () => {
    assert.equal(decisionFor(secure, world([EMS, E5]))?.verdict, "remove");
  });

  it("stays when the larger one has ended, with its status as the reason", () => {
    assert.deepEqual(decisionFor(secure, world([EMS, statusOf(E5, "Suspended")])), {
      skuId: EMS.id,
      verdict: "blocked",
      reason: { kind: "subscription-ended", skuId: E5.id, status: "Suspended" },
    });
  });

  it("stays when the SKU that replaces it is gone from the tenant, and the reason is that SKU", () => {
    const large = { ...SECURE, replaces: [{ skuId: EMS.id, by: E5.id }] };
    const within = { ...world([EMS]), declared: [large] };
    assert.deepEqual(decisionFor(secure, within), {
      skuId: EMS.id,
      verdict: "blocked",
      reason: { kind: "subscription-ended", skuId: E5.id, status: "not among the tenant's subscriptions" },
    });
  });

  it("stays while the larger one alone is in its grace period, unless the stack file accepts that", () => {
    const grace = [EMS, statusOf(E5, "Warning")];
    assert.deepEqual(decisionFor(secure, world(grace)), {
      skuId: EMS.id,
      verdict: "blocked",
      reason: { kind: "subscription-ending", skuId: E5.id, status: "Warning" },
    });
    assert.equal(decisionFor(secure, world(grace, accepting(E5)))?.verdict, "remove");
    assert.equal(decisionFor(secure, world(grace, accepting(EMS)))?.verdict, "blocked");
    const suspended = [EMS, statusOf(E5, "Suspended")];
    assert.equal(decisionFor(secure, world(suspended, accepting(E5)))?.verdict, "blocked");
  });

  it("goes where both end together, and where the same SKU is in its grace period", () => {
    assert.equal(decisionFor(secure, world([EMS, E5].map((each) => statusOf(each, "Warning"))))?.verdict, "remove");
    assert.equal(decisionFor(evidence(BEN, "Staff"), world([statusOf(EMS, "Warning"), E5]))?.verdict, "remove");
  });

  it("goes where another group gives the plans by a subscription in force", () => {
    const both = user("ada", [direct("EMS"), inherited("EMS", "Staff"), inherited("EMSPREMIUM", "Secure")]);
    for (const status of ["Warning", "Suspended"]) {
      const within = world([EMS, statusOf(E5, status)]);
      assert.equal(decisionFor(evidence(both, "Staff", "Secure"), within)?.verdict, "remove", status);
    }
  });
});

describe("a direct licence that could not be given again", () => {
  const ended = [statusOf(EMS, "Suspended"), E5];

  it("stays, though it is replaced, unless the stack file lets it go", () => {
    const reason = { kind: "not-assignable-again", skuId: EMS.id, status: "Suspended" };
    assert.deepEqual(decisionFor(evidence(ADA, "Secure"), world(ended)), { skuId: EMS.id, verdict: "blocked", reason });
    const accepts = { grace: new Set<Guid>(), noWayBack: true };
    assert.equal(decisionFor(evidence(ADA, "Secure"), world(ended, accepts))?.verdict, "remove");
  });

  it("stays without a usageLocation, unless the stack file lets it go", () => {
    const nowhere = evidence({ ...ADA, usageLocation: null }, "Secure");
    const blocked = decisionFor(nowhere, world([EMS, E5]));
    assert.deepEqual(blocked, { skuId: EMS.id, verdict: "blocked", reason: { kind: "no-usage-location" } });
    assert.equal(decisionFor(nowhere, world([EMS, E5], { grace: new Set(), noWayBack: true }))?.verdict, "remove");
  });

  it("accepting that is no word for a replacement that has ended", () => {
    const accepts = { grace: new Set([E5.id, EMS.id]), noWayBack: true };
    for (const skus of [
      [EMS, statusOf(E5, "Suspended")],
      [statusOf(EMS, "Suspended"), statusOf(E5, "Deleted")],
    ]) {
      assert.equal(decisionFor(evidence(ADA, "Secure"), world(skus, accepts))?.verdict, "blocked");
    }
  });
});

describe("after a removal, a subscription that has ended", () => {
  const after = (skus: readonly Sku[], of: LicensedUser, group: string) =>
    troubleAfter(
      { before: of, proven: of, skuIds: new Set([EMS.id]) },
      {
        user: { ...of, assignments: of.assignments.filter(({ assignedByGroup }) => assignedByGroup !== null) },
        memberOf: new Set([groupId(group)]),
        ...{ groups: world(skus).groups, catalog: new Catalog(skus) },
      },
      { declared: [STAFF, SECURE] },
    );

  it("is seen, though every entry says Active", () => {
    for (const status of ["Suspended", "Warning"]) {
      const trouble = after([EMS, statusOf(E5, status)], ADA, "Secure");
      assert.equal(trouble?.kind, "subscription-ended", status);
      assert.deepEqual("skuIds" in trouble ? trouble.skuIds : [], [skuId("EMSPREMIUM")]);
    }
  });

  it("and is gone from the tenant is named, and no group is called narrowed; a user that left is told so", () => {
    assert.deepEqual(after([EMS], ADA, "Secure"), {
      kind: "subscription-ended",
      skuIds: [E5.id],
      planIds: [...new Catalog([EMS]).enabledPlans({ skuId: EMS.id, disabledPlans: [] })].sort(),
    });
    const both = user("ada", [direct("EMS"), inherited("EMS", "Staff"), inherited("EMSPREMIUM", "Secure")]);
    assert.equal(after([EMS], both, "Secure")?.kind, "left-group");
  });

  it("of the same SKU is no reason to put it back: that would give nothing", () => {
    assert.equal(after([statusOf(EMS, "Suspended"), E5], BEN, "Staff"), null);
  });
});

describe("licences that end by themselves (properties)", () => {
  const anyStatus = fc.constantFrom(
    "Enabled",
    "Enabled",
    "Enabled",
    "Warning",
    "Suspended",
    "LockedOut",
    "Deleted",
    "New",
  );
  const anyEnd = fc.constantFrom(null, null, null, { unread: "not today", isForbidden: false }, { on: "2026-12-31" });
  const anyCase = fc.record({
    ems: anyStatus,
    e5: anyStatus,
    staff: anyEnd,
    secure: anyEnd,
    location: fc.constantFrom("CH", "CH", null),
    accepts: fc.record({
      grace: fc.subarray([EMS.id, E5.id]).map((ids) => new Set(ids)),
      noWayBack: fc.boolean(),
    }),
  });
  const rank = (status: string) => (status === "Enabled" ? 2 : status === "Warning" ? 1 : 0);

  it("what is removed is given by a lasting membership and a subscription that lasts as long", () => {
    let removed = 0;
    fc.assert(
      fc.property(anyCase, ({ ems, e5, staff, secure, location, accepts }) => {
        const both = user("ada", [direct("EMS"), inherited("EMS", "Staff"), inherited("EMSPREMIUM", "Secure")], {
          usageLocation: location,
        });
        const ends = [["Staff", staff] as const, ["Secure", secure] as const];
        const ending = new Map(ends.flatMap(([name, end]) => (end === null ? [] : [[groupId(name), end] as const])));
        const within = world([statusOf(EMS, ems), statusOf(E5, e5)], accepts);
        const decision = decisionFor({ ...evidence(both, "Staff", "Secure"), ending }, within);
        const lasts = (status: string, id: Guid) =>
          rank(status) > 0 && (rank(status) >= rank(ems) || accepts.grace.has(id));
        const isKept = (staff === null && lasts(ems, EMS.id)) || (secure === null && lasts(e5, E5.id));
        const mayReturn = accepts.noWayBack || (location !== null && rank(ems) > 0);
        assert.equal(decision?.verdict === "remove", isKept && mayReturn);
        if (decision?.verdict === "remove") removed += 1;
      }),
      { numRuns: 1_000 },
    );
    assert.ok(removed > 50, `only ${removed} cases remove anything`);
  });
});
