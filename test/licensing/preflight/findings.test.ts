import assert from "node:assert/strict";
import { Catalog } from "../../../licensing/catalog/catalog";
import type { Finding } from "../../../licensing/finding";
import type { Assignment, LicensedGroup, Sku } from "../../../licensing/model";
import { foresee } from "../../../licensing/plan/foresight";
import type { OwnGroup, OwnMembers } from "../../../licensing/stack-file/own-group";
import { planMigration } from "../../../licensing/plan/plan-migration";
import { findingLine } from "../../../licensing/preflight/finding-words";
import {
  bare,
  declared,
  direct,
  E3,
  EMS,
  inherited,
  license,
  nestedGroup,
  settled,
  sku,
  snapshot,
  user,
  userId,
  VISIO,
  WITHOUT_WAVES,
  type SnapshotParts,
} from "../builders";

const STAFF = declared("Staff", "EMS");

/** As many people by name as there are letters. */
const everybody = (letters: string) => letters.split("");

function findings(parts: SnapshotParts, country: string | null = "CH"): readonly Finding[] {
  return plan(parts, country).findings;
}

/** @param joining the members of Staff, where this stack makes it */
function plan(parts: SnapshotParts, country: string | null = "CH", joining?: OwnMembers) {
  return planMigration({
    ...(joining === undefined ? {} : { own: new Map([[STAFF.name, ownStaff(joining)]]) }),
    snapshot: snapshot(parts),
    ...WITHOUT_WAVES,
    after: new Map(parts.declared.map(({ groupId, licenses }) => [groupId, licenses])),
    country,
    nowMs: 0,
  });
}

function ownStaff(members: OwnMembers): OwnGroup {
  const creation = { displayName: "Staff", description: null, owners: [], members: { kind: "none" } } as const;
  return {
    name: STAFF.name,
    groupId: STAFF.groupId,
    creation,
    ownerIds: [],
    members,
    ruleBefore: null,
    isEvaluated: true,
  };
}

/** A group that gives nothing yet. */
function before(parts: Omit<SnapshotParts, "groups">, changes: Partial<LicensedGroup> = {}): SnapshotParts {
  return { ...parts, groups: parts.declared.map((group) => ({ ...bare(group), ...changes })) };
}

function withSeats(of: Sku, enabled: number, consumedUnits: number, more: Partial<Sku> = {}): Sku {
  return { ...of, consumedUnits, prepaidUnits: { enabled, warning: 0, suspended: 0, lockedOut: 0 }, ...more };
}

function one(found: readonly Finding[], code: string): Finding {
  const [finding, ...others] = found.filter((each) => each.code === code);
  assert(finding !== undefined && others.length === 0, JSON.stringify(found, null, 1));
  return finding;
}

const brief = ({ code, severity, about, count }: Finding) => [code, severity, about, count];

describe("pre-flight: hidden membership", () => {
  const hidden = { hasHiddenMembership: true } as const;

  it("is told of where no member shows, and not where members do", () => {
    const users = [user("a")];
    const found = findings(before({ declared: [STAFF], users, members: { Staff: [] } }, hidden));
    assert.deepEqual(brief(one(found, "hidden-membership")), ["hidden-membership", "warning", STAFF.name, 1]);
    const shown = findings(before({ declared: [STAFF], users, members: { Staff: ["a"] } }, hidden));
    assert.deepEqual(
      shown.filter(({ code }) => code === "hidden-membership"),
      [],
    );
  });
});

describe("pre-flight: seats", () => {
  const five = everybody("abcde");
  const members = { Staff: five };
  const users = five.map((name) => user(name));

  it("are short by the members beyond the seats left, and all of them are candidates", () => {
    const catalog = new Catalog([withSeats(EMS, 12, 10)]);
    const found = findings(before({ declared: [STAFF], users, members, catalog }));
    assert.deepEqual(found.map(brief), [["seats", "warning", "staff EMS", 3]]);
    const finding = one(found, "seats");
    assert.deepEqual(finding.userIds, five.map(userId).sort());
    assert.match(
      finding.message,
      /^EMS: 5 members would get it anew, and 2 of 12 seats are left \(10 are in use\): 3 of them/,
    );
    assert.match(finding.remedy, /^Buy 3 seats/);
  });

  it("are a note where they suffice, and nothing at all where every member has the licence directly", () => {
    const catalog = new Catalog([withSeats(EMS, 15, 10)]);
    assert.deepEqual(findings(before({ declared: [STAFF], users, members, catalog })).map(brief), [
      ["new-seats", "note", "staff EMS", 5],
    ]);
    const holders = five.map((name) => user(name, [direct("EMS")]));
    const full = new Catalog([withSeats(EMS, 5, 5)]);
    assert.deepEqual(findings(before({ declared: [STAFF], users: holders, members, catalog: full })), []);
  });

  it("count a person once, though two groups give the SKU and another source has it too", () => {
    const visitors = declared("Visitors", "EMS");
    const people = [user("a", [inherited("EMS", "Old group")]), ...five.slice(1).map((name) => user(name))];
    const both = { Staff: five, Visitors: five };
    const catalog = new Catalog([withSeats(EMS, 4, 1)]);
    const found = findings(before({ declared: [STAFF, visitors], users: people, members: both, catalog }));
    assert.deepEqual(found.map(brief), [["seats", "warning", "EMS", 1]]);
    assert.equal(one(found, "seats").userIds.length, 4);
  });

  it("are counted for users joining a group with an unchanged licence, beside the present members", () => {
    const catalog = new Catalog([withSeats(EMS, 12, 10)]);
    const people = [user("a", [inherited("EMS", "Staff")]), ...five.slice(1).map((name) => user(name))];
    const joining = { kind: "users", userIds: new Set(five.map(userId)) } as const;
    const parts = { declared: [STAFF], users: people, members: { Staff: ["a"] }, catalog };
    const found = plan(parts, "CH", joining).findings;
    assert.deepEqual(found.map(brief), [["seats", "warning", "staff EMS", 2]]);
    assert.deepEqual(one(found, "seats").userIds, five.slice(1).map(userId).sort());
    assert.deepEqual(plan(parts).findings, [], "no user joins");
  });

  it("are counted for joining users, too, of an undeclared SKU of the group", () => {
    const catalog = new Catalog([withSeats(EMS, 50, 10), withSeats(VISIO, 3, 3)]);
    const given = { ...settled(STAFF), licenses: [...settled(STAFF).licenses, license("VISIOCLIENT")] };
    const joining = { kind: "users", userIds: new Set([userId("a")]) } as const;
    const parts = { declared: [STAFF], users: [user("a", [direct("EMS")])], members: {}, groups: [given], catalog };
    assert.deepEqual(
      plan(parts, "CH", joining)
        .findings.filter(({ code }) => code === "seats")
        .map(brief),
      [["seats", "warning", "staff VISIOCLIENT", 1]],
    );
  });

  it("beyond what is bought are none, and units in their grace period are doubtful", () => {
    const over = withSeats(EMS, 10, 12, { prepaidUnits: { enabled: 10, warning: 7, suspended: 0, lockedOut: 0 } });
    const found = findings(before({ declared: [STAFF], users, members, catalog: new Catalog([over]) }));
    assert.equal(one(found, "seats").count, 5);
    assert.match(one(found, "seats").message, /0 of 10 seats are left .* 7 more are in their grace period/);
  });
});

describe("pre-flight: plans that do not go together", () => {
  const LEGACY = sku("LITEPACK", ["MCOLITE"]);
  const E1 = sku("STANDARDPACK", ["EXCHANGE_S_STANDARD"]);
  const SUITE = sku("SUITE", ["EXCHANGE_S_ENTERPRISE", "MCOSTANDARD"]);
  const PHONE = sku("PHONE", ["MCOEV", "MCOSTANDARD_NOT_IT"]);
  const CALLS = sku("CALLS", ["MCOPSTN1"]);
  const catalog = new Catalog([LEGACY, E1, SUITE, PHONE, CALLS, EMS, VISIO]);
  const suite = declared("Staff", "SUITE");

  it("by what documents say: a member with the one would not get the other, and keeps what they have", () => {
    const users = [user("a", [direct("LITEPACK")]), user("b", [direct("SUITE")])];
    const found = findings(before({ declared: [suite], users, members: { Staff: ["a", "b"] }, catalog }));
    // And takes no seat of it.
    assert.deepEqual(found.map(brief), [["exclusive-plans", "warning", "staff SUITE", 1]]);
    assert.deepEqual(one(found, "exclusive-plans").userIds, [userId("a")]);
    assert.match(
      one(found, "exclusive-plans").message,
      /^Staff: SUITE would end in error for 1 member: plans exclude each other \(MCOSTANDARD beside MCOLITE\)/,
    );
  });

  const mayFail = (found: readonly Finding[], code: string) => {
    assert.match(one(found, code).message, / may end in error for 1 member/);
    return one(found, code).userIds;
  };

  it("a listed pair that a user of the tenant holds may fail, and is not planned as a failure", () => {
    const users = [user("a", [direct("LITEPACK")]), user("both", [direct("LITEPACK"), direct("SUITE")])];
    const found = findings(before({ declared: [suite], users, members: { Staff: ["a"] }, catalog }));
    assert.deepEqual(mayFail(found, "exclusive-plans"), [userId("a")]);
    assert.equal(one(found, "new-seats").count, 1, "they are counted on to get it");
  });

  it("so may one that is sold in one SKU", () => {
    const pack = sku("PACK", ["MCOIMP", "MCOSTANDARD"]);
    const lone = sku("LONE", ["MCOIMP"]);
    const users = [user("a", [direct("LONE")])];
    const of = new Catalog([pack, lone, SUITE]);
    const found = findings(before({ declared: [suite], users, members: { Staff: ["a"] }, catalog: of }));
    assert.deepEqual(mayFail(found, "exclusive-plans"), [userId("a")]);
  });

  describe("a need that only the product terms name", () => {
    const copilot = declared("Staff", "COPILOT");
    const of = new Catalog([sku("COPILOT", ["M365_COPILOT_APPS"]), SUITE, VISIO]);
    const members = { Staff: ["a", "b"] };

    it("may fail, which is said as not known", () => {
      const users = [user("a"), user("b", [direct("SUITE")])];
      const found = findings(before({ declared: [copilot], users, members, catalog: of }));
      assert.deepEqual(mayFail(found, "missing-prerequisite"), [userId("a")]);
      assert.match(one(found, "missing-prerequisite").message, /documents M365_COPILOT_APPS needs .* not known/);
    });

    it("is no need where a user goes without it already", () => {
      const users = [user("a"), user("b"), user("c", [direct("COPILOT")])];
      const found = findings(before({ declared: [copilot], users, members, catalog: of }));
      assert.deepEqual(
        found.filter(({ code }) => code === "missing-prerequisite"),
        [],
      );
    });
  });

  it("members gain nothing by a licence that would fail", () => {
    const less = direct("SUITE", { without: ["MCOSTANDARD"] });
    const users = [user("a", [less, direct("LITEPACK")]), user("b", [less])];
    const found = findings(before({ declared: [suite], users, members: { Staff: ["a", "b"] }, catalog }));
    assert.deepEqual(one(found, "exclusive-plans").userIds, [userId("a")]);
    assert.deepEqual(one(found, "plans-gained").userIds, [userId("b")]);
  });

  describe("that two groups bring together in one run", () => {
    const lite = declared("Light", "LITEPACK");
    const groups = [suite, lite];
    const both = (holds: readonly Assignment[]) =>
      before({ declared: groups, users: [user("a", holds)], members: { Staff: ["a"], Light: ["a"] }, catalog });
    const exclusive = (found: readonly Finding[]) =>
      found.filter(({ code }) => code === "exclusive-plans").map(({ message }) => message);

    it("one of the two fails, which is told of each, and the plan counts on neither", () => {
      const messages = exclusive(findings(both([])));
      assert.equal(messages.length, 2);
      assert.match(
        messages[0] ?? "",
        /^Staff: SUITE may end in error for 1 member, or what Light gives them would: plans/,
      );
      assert.match(
        messages[1] ?? "",
        /^Light: LITEPACK may end .* or what Staff gives them would: .* counts on neither/,
      );
      const { snapshot: then } = foresee({ snapshot: snapshot(both([])), country: "CH" });
      const errors = then.users.get(userId("a"))?.assignments.map(({ error }) => error);
      assert.deepEqual(errors, ["MutuallyExclusiveViolation", "MutuallyExclusiveViolation"]);
    });

    it("only the group with the plan that the user does not have yet fails", () => {
      const messages = exclusive(findings(both([direct("LITEPACK")])));
      assert.deepEqual(
        messages.map((message) => message.split(" for ")[0]),
        ["Staff: SUITE would end in error"],
      );
    });

    it("a group that fails anyway excludes no other", () => {
      const needy = declared("Light", "LITEPACK", "CALLS");
      const parts = before({
        declared: [suite, needy],
        users: [user("a")],
        members: { Staff: ["a"], Light: ["a"] },
        catalog,
      });
      const phones = new Catalog([...catalog.skus, sku("PHONES", ["MCOEV"])]);
      const found = findings({ ...parts, catalog: phones });
      assert.match(one(found, "missing-prerequisite").message, /^Light: CALLS would end in error/);
      assert.deepEqual(exclusive(found), []);
    });
  });

  it("seats that are short once a conflict is mended are told of before", () => {
    const users = ["a", "b"].map((name) => user(name, [direct("LITEPACK")]));
    const few = withSeats(SUITE, 10, 9);
    const of = new Catalog([LEGACY, few]);
    const found = findings(before({ declared: [suite], users, members: { Staff: ["a", "b"] }, catalog: of }));
    assert.deepEqual(brief(one(found, "seats-later")), ["seats-later", "note", "staff SUITE", 1]);
    assert.match(
      one(found, "seats-later").message,
      /2 members .* once that is mended, and 1 seat of it is left: 1 would get none/,
    );
  });

  it("an error that may come from many plans names three of them", () => {
    const many = sku("MANY", ["ONE", "TWO", "THREE", "FOUR", "FIVE"]);
    const failed = inherited("EMS", "Pilots", { state: "Error", error: "MutuallyExclusiveViolation" });
    const users = [user("pilot", [failed, direct("MANY")]), user("a", [direct("MANY")])];
    const of = new Catalog([EMS, many]);
    const found = findings(before({ declared: [STAFF], users, members: { Staff: ["a"] }, catalog: of }));
    assert.match(
      one(found, "exclusive-plans").message,
      /one of its plans beside FIVE or FOUR or ONE or one of 2 more, as for others/,
    );
  });

  it("what Entra refused once and takes today is a note", () => {
    const users = [user("a", [direct("STANDARDPACK")])];
    const found = findings(before({ declared: [suite], users, members: { Staff: ["a"] }, catalog }));
    assert.deepEqual(brief(one(found, "formerly-exclusive-plans")), [
      "formerly-exclusive-plans",
      "note",
      "staff SUITE",
      1,
    ]);
    assert(found.every(({ severity }) => severity === "note"));
  });

  it("by what the tenant shows: users in error now beside a SKU, and users without error beside others", () => {
    const failed = inherited("EMS", "Pilots", { state: "Error", error: "MutuallyExclusiveViolation" });
    const users = [
      // The pilot is in error beside SUITE and VISIO; another user is well beside VISIO: so it is SUITE.
      user("pilot", [failed, direct("SUITE"), direct("VISIOCLIENT")]),
      user("well", [direct("EMS"), direct("VISIOCLIENT")]),
      user("a", [direct("SUITE")]),
      user("b", [direct("VISIOCLIENT")]),
    ];
    const found = findings(before({ declared: [STAFF], users, members: { Staff: ["a", "b"] }, catalog }));
    assert.deepEqual(one(found, "exclusive-plans").userIds, [userId("a")]);
    assert.match(
      one(found, "exclusive-plans").message,
      /beside EXCHANGE_S_ENTERPRISE or MCOSTANDARD, as for others in this tenant now/,
    );
  });

  it("an add-on without what it needs, whether the group gives that or the member has it otherwise", () => {
    const calls = declared("Staff", "CALLS");
    const users = [user("a"), user("b", [direct("PHONE")])];
    const members = { Staff: ["a", "b"] };
    const found = findings(before({ declared: [calls], users, members, catalog }));
    assert.deepEqual(one(found, "missing-prerequisite").userIds, [userId("a")]);
    assert.match(one(found, "missing-prerequisite").message, /MCOPSTN1 needs MCOEV/);
    const together = declared("Staff", "CALLS", "PHONE");
    const well = findings(before({ declared: [together], users, members, catalog }));
    assert.deepEqual(
      well.filter(({ code }) => code === "missing-prerequisite"),
      [],
    );
  });

  it("an add-on that failed for a user with more licences than these members", () => {
    const failed = inherited("VISIOCLIENT", "Pilots", { state: "Error", error: "DependencyViolation" });
    const visio = declared("Staff", "VISIOCLIENT");
    const users = [user("pilot", [failed, direct("EMS")]), user("a", [direct("EMS")]), user("b", [direct("SUITE")])];
    const found = findings(before({ declared: [visio], users, members: { Staff: ["a", "b"] }, catalog }));
    assert.deepEqual(one(found, "missing-prerequisite").userIds, [userId("a")], "b has a plan that may be the one");
  });
});

describe("pre-flight: locations", () => {
  it("say which country is used for members without one, or that it may not be read", () => {
    const users = [user("a", [direct("EMS")], { usageLocation: null }), user("b", [direct("EMS")])];
    const parts = before({ declared: [STAFF], users, members: { Staff: ["a", "b"] } });
    const finding = one(findings(parts), "usage-location");
    assert.deepEqual(brief(finding), ["usage-location", "note", "staff", 1]);
    assert.match(finding.message, /1 member has no usageLocation; .* the tenant's country, CH\.$/);
    assert.match(one(findings(parts, null), "usage-location").message, /Organization\.Read\.All/);
  });

  it("where the SKU is refused now are refused for others there, and for users that go by the tenant's country", () => {
    const failed = inherited("EMS", "Pilots", { state: "Error", error: "ProhibitedInUsageLocationViolation" });
    const users = [
      user("pilot", [failed], { usageLocation: "KP" }),
      user("a", [direct("EMS")], { usageLocation: "KP" }),
      user("b", [direct("EMS")], { usageLocation: null }),
      user("c", [direct("EMS")]),
    ];
    const parts = before({ declared: [STAFF], users, members: { Staff: ["a", "b", "c"] } });
    assert.deepEqual(one(findings(parts), "prohibited-location").userIds, [userId("a")]);
    assert.deepEqual(one(findings(parts, "KP"), "prohibited-location").userIds, ["a", "b"].map(userId).sort());
  });

  it("other than the tenant's may refuse a SKU that no two users have there: one note for a group, and no plan with it", () => {
    const at = (name: string, usageLocation: string | null, ...held: Assignment[]) =>
      user(name, held, { usageLocation });
    const users = [
      ...[at("a", "FR"), at("moved", "FR", direct("EMS")), at("b", "AT"), at("c", null), at("d", "CH")],
      ...[at("e", "AT", direct("EMS")), at("f", "AT", direct("EMS"))],
    ];
    const members = { Staff: ["a", "moved", "b", "c", "d"] };
    const found = findings(before({ declared: [STAFF], users, members }));
    const note = one(found, "location-unproven");
    assert.deepEqual(brief(note), ["location-unproven", "note", "staff", 2]);
    assert.deepEqual(note.userIds, ["a", "moved"].map(userId).sort());
    assert.equal(
      note.message,
      "Staff: for 2 members a licence may end in error (ProhibitedInUsageLocationViolation), " +
        "because no two users in that country have it today: EMS in FR.",
    );
    assert.equal(one(found, "new-seats").count, 4, "they are counted on to get it");
  });

  it("are named once for the SKUs that are unknown in the same countries", () => {
    const places = ["AT", "BR", "CN", "DE", "KP"];
    const users = places.map((place) => user(place, [], { usageLocation: place }));
    const staff = declared("Staff", "EMS", "VISIOCLIENT");
    const others = ["e", "f"].map((name) => user(name, [direct("EMS")], { usageLocation: "KP" }));
    const members = { Staff: places };
    const { message } = one(
      findings(before({ declared: [staff], users: [...users, ...others], members })),
      "location-unproven",
    );
    assert.ok(message.endsWith(": EMS in AT, BR, CN and 1 more, VISIOCLIENT in AT, BR, CN and 2 more."), message);
    const alone = findings(before({ declared: [staff], users, members: { Staff: ["KP"] } }));
    assert.match(one(alone, "location-unproven").message, /: EMS and VISIOCLIENT in KP\.$/);
  });
});

describe("pre-flight: groups", () => {
  const users = ["a", "b", "c"].map((name) => user(name, [direct("EMS")]));
  const nested = { Staff: [nestedGroup("Interns", users.slice(1))] };

  it("nested ones give nothing to their users, except direct members; still so when all is done", () => {
    for (const parts of [
      before({ declared: [STAFF], users, members: { Staff: ["a"] }, nested }),
      { declared: [STAFF], users, members: { Staff: ["a", "b"] }, nested },
    ]) {
      const outside = ["b", "c"].filter((name) => !parts.members.Staff.includes(name));
      const finding = one(findings(parts), "nested-groups");
      assert.deepEqual(finding.userIds, outside.map(userId).sort());
      assert.match(finding.message, /^Staff contains the group Interns: its \d users? inherits? nothing/);
    }
    const inside = { declared: [STAFF], users, members: { Staff: ["a", "b", "c"] }, nested };
    assert.deepEqual(
      findings(inside).filter(({ code }) => code === "nested-groups"),
      [],
    );
  });

  const elsewhere: [what: string, changes: Partial<LicensedGroup>, words: RegExp][] = [
    ["synced", { onPremisesSyncEnabled: true }, /is synced from on-premises/],
    ["dynamic", { membershipRule: "user.department -eq 1" }, /has a membership rule/],
    ["mail-enabled", { mailEnabled: true }, /is mail-enabled/],
  ];
  for (const [what, changes, words] of elsewhere) {
    it(`with members kept elsewhere are a note: ${what}`, () => {
      const found = findings(before({ declared: [STAFF], users, members: { Staff: ["a"] } }, changes));
      assert.match(one(found, "membership-elsewhere").message, words);
      assert.equal(one(found, "membership-elsewhere").severity, "note");
    });
  }

  it("of a subscription that has ended can't be given its licence: refused, with the way out", () => {
    const catalog = new Catalog([{ ...EMS, capabilityStatus: "Suspended" }]);
    const made = plan(before({ declared: [STAFF], users, members: { Staff: ["a"] }, catalog }));
    assert.deepEqual(made.findings.map(brief), [["subscription-ended", "error", "staff EMS", 1]]);
    assert.match(
      made.groups[0]?.refusal ?? "",
      /^Nothing was changed\. EMS cannot be put on Staff: .* Suspended\. Renew it/,
    );
  });

  it("of large tenants with mailboxes: Microsoft's own net is a note, once", () => {
    const mail = sku("MAIL", ["EXCHANGE_S_ENTERPRISE"]);
    const large = new Catalog([withSeats(mail, 10_001, 1)]);
    const group = declared("Staff", "MAIL");
    const members = { Staff: ["a"] };
    const of = (catalog: Catalog) =>
      findings(before({ declared: [group], users: [user("a", [direct("MAIL")])], members, catalog }));
    assert.deepEqual(of(large).map(brief), [["delayed-delicensing", "note", "", 10_001]]);
    assert.deepEqual(of(new Catalog([withSeats(mail, 10_000, 1)])), []);
  });
});

describe("pre-flight: all or nothing", () => {
  const visio = (seats: number) => new Catalog([EMS, E3, withSeats(VISIO, seats, 0)]);
  const both = declared("Staff", "EMS", "VISIOCLIENT");
  const members = { Staff: ["a", "b"] };

  it("one SKU that fails keeps back the others, for members that lack them", () => {
    const users = ["a", "b"].map((name) => user(name, [direct("EMS")]));
    const found = findings(before({ declared: [both], users, members, catalog: visio(1) }));
    assert.deepEqual(found.map(brief), [
      ["all-or-nothing", "warning", "staff VISIOCLIENT", 2],
      ["seats", "warning", "staff VISIOCLIENT", 1],
    ]);
    assert.match(
      one(found, "all-or-nothing").message,
      /those of 2 members that get no seat of VISIOCLIENT would not get EMS from it either/,
    );
  });

  it("is an error where a failing change could take what a user has from this group alone", () => {
    const users = [user("a", [inherited("EMS", "Staff")]), user("b", [inherited("EMS", "Staff"), direct("EMS")])];
    const parts = {
      declared: [both],
      groups: [settled(both, { licenses: [license("EMS")] })],
      users,
      members,
      catalog: visio(1),
    };
    const made = plan(parts);
    const error = one(made.findings, "all-or-nothing-loss");
    assert.deepEqual(error.userIds, [userId("a")], "b has it directly, too");
    assert.match(
      made.groups[0]?.refusal ?? "",
      /what they have from this group alone \(AAD_PREMIUM, .*through a group of its own/,
    );
    assert.equal(made.findings[0], error, "the worst comes first");
    const enough = plan({ ...parts, catalog: visio(2) });
    assert.equal(enough.groups[0]?.refusal, null);
  });
});

describe("pre-flight: plans that members have or get", () => {
  const e3 = {
    declared: [declared("Staff", license("ENTERPRISEPACK", { without: ["YAMMER"] }))],
    members: { Staff: ["a"] },
  };

  it("used directly and not given by the group: blocked later, so a warning now", () => {
    const found = findings(before({ ...e3, users: [user("a", [direct("ENTERPRISEPACK")])] }));
    assert.deepEqual(found.map(brief), [["plans-not-covered", "warning", "staff ENTERPRISEPACK", 1]]);
    assert.match(found[0]?.message ?? "", /uses YAMMER of their direct ENTERPRISEPACK/);
  });

  it("gained beside a licence that they have", () => {
    const users = [user("a", [direct("ENTERPRISEPACK", { without: ["TEAMS1", "YAMMER"] })])];
    const found = findings(before({ ...e3, users }));
    assert.deepEqual(found.map(brief), [["plans-gained", "note", "staff ENTERPRISEPACK", 1]]);
    assert.match(found[0]?.message ?? "", /would gain TEAMS1 by ENTERPRISEPACK/);
  });
});

describe("members in error now", () => {
  const both = declared("Staff", "EMS", "VISIOCLIENT");
  const failing = (error: string) => [
    inherited("VISIOCLIENT", "Staff", { state: "Error", error }),
    inherited("EMS", "Staff", { state: "Error", error: "Other" }),
  ];

  it("count once, by the SKU that fails, and no user is said to keep what they never had", () => {
    const users = [
      user("a", [...failing("CountViolation"), direct("EMS")]),
      user("b", failing("CountViolation")),
      user("c", [
        inherited("VISIOCLIENT", "Staff", { state: "ActiveWithError", error: "DependencyViolation" }),
        inherited("EMS", "Staff"),
      ]),
    ];
    const found = findings({ declared: [both], users, members: { Staff: ["a", "b", "c"] } });
    assert.deepEqual(found.map(brief), [
      ["members-in-error", "warning", "staff VISIOCLIENT", 2],
      ["members-in-error", "warning", "staff VISIOCLIENT", 1],
    ]);
    assert.match(
      found[0]?.message ?? "",
      /2 members are in error \(VISIOCLIENT: CountViolation\)\. 1 of them keeps what .*; 1 holds none\./,
    );
    assert.match(found[1]?.message ?? "", /DependencyViolation, still active\)\. What they inherit still works/);
    assert.match(findingLine(found[0] ?? assert.fail()), /buy seats or free some/);
  });

  it("by an undeclared licence of the group: that one is named", () => {
    const users = [
      user("a", [
        ...failing("Other"),
        direct("EMS"),
        inherited("SUITE", "Staff", { state: "Error", error: "CountViolation" }),
      ]),
    ];
    const catalog = new Catalog([EMS, VISIO, sku("SUITE", ["EXCHANGE_S_ENTERPRISE"])]);
    const found = findings({ declared: [both], users, members: { Staff: ["a"] }, catalog });
    assert.deepEqual(found.map(brief), [["members-in-error", "warning", "staff SUITE", 1]]);
    assert.match(found[0]?.message ?? "", /1 member is in error \(SUITE: CountViolation\)/);
    assert.match(found[0]?.remedy ?? "", /buy seats/);
  });

  it("a finished migration without any has no finding, not even those of the time before", () => {
    const users = everybody("abc").map((name) => user(name, [inherited("EMS", "Staff")], { usageLocation: null }));
    const parts = {
      declared: [STAFF],
      users,
      members: { Staff: everybody("abc") },
      catalog: new Catalog([withSeats(EMS, 1, 3)]),
    };
    assert.deepEqual(
      findings({ ...parts, groups: [settled(STAFF, { mailEnabled: true, onPremisesSyncEnabled: true })] }),
      [],
    );
  });
});
