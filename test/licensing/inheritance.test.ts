import assert from "node:assert/strict";
import fc from "fast-check";
import {
  inheritanceDigest,
  inheritanceProblems,
  formatProblem,
  type InheritanceProblem,
} from "../../licensing/inheritance/inheritance";
import type { Assignment } from "../../licensing/model";
import { catalog, declared, direct, groupId, inherited, license, planId, skuId, user } from "./builders";

const STAFF = declared("Staff", "EMS", "VISIOCLIENT");
const VISIO_OK = inherited("VISIOCLIENT", "Staff");

function problems(...assignments: readonly Assignment[]): readonly InheritanceProblem[] {
  return inheritanceProblems(user("ada", [...assignments, VISIO_OK]), STAFF, catalog);
}

describe("a member without the group's licence", () => {
  const at = { userId: user("ada").id, groupId: groupId("Staff"), skuId: skuId("EMS") };
  const table: [what: string, entry: Assignment | null, kind: InheritanceProblem["kind"], detail: string][] = [
    ["has no entry", null, "missing", ""],
    ["has it directly only", direct("EMS"), "missing", ""],
    ["has it from another group only", inherited("EMS", "Devices"), "missing", ""],
    [
      "has it in error",
      inherited("EMS", "Staff", { state: "Error", error: "CountViolation" }),
      "error",
      "CountViolation",
    ],
    ["has it in error without a cause", inherited("EMS", "Staff", { state: "Error" }), "error", "Other"],
    [
      "has it with an error",
      inherited("EMS", "Staff", { state: "ActiveWithError", error: "DependencyViolation" }),
      "active-with-error",
      "DependencyViolation",
    ],
    [
      "has it with an error unnamed",
      inherited("EMS", "Staff", { state: "ActiveWithError" }),
      "active-with-error",
      "Other",
    ],
    [
      "has it active, and an error beside it",
      inherited("EMS", "Staff", { error: "UniquenessViolation" }),
      "active-with-error",
      "UniquenessViolation",
    ],
    ["has it in a state unknown", inherited("EMS", "Staff", { state: "Paused" }), "unknown-state", "Paused"],
    ["lacks a plan", inherited("EMS", "Staff", { without: ["INTUNE_A"] }), "plans-differ", planId("INTUNE_A")],
  ];
  for (const [what, entry, kind, detail] of table) {
    it(what, () => {
      assert.deepEqual(problems(...(entry === null ? [] : [entry])), [{ ...at, kind, detail }]);
    });
  }

  it("a member with it has no problem, also with other licences", () => {
    assert.deepEqual(
      problems(inherited("EMS", "Staff"), direct("EMS"), inherited("EMS", "Devices", { state: "Error" })),
      [],
    );
  });

  it("a plan that the declaration does not give is not missed, nor one of the company", () => {
    const narrow = declared("Staff", license("EMS", { without: ["INTUNE_A"] }));
    const ada = user("ada", [inherited("EMS", "Staff", { without: ["INTUNE_A", "EXCHANGE_S_FOUNDATION"] })]);
    assert.deepEqual(inheritanceProblems(ada, narrow, catalog), []);
  });

  it("each licence of the group is looked at", () => {
    assert.deepEqual(
      inheritanceProblems(user("ada"), STAFF, catalog).map((each) => each.skuId),
      [skuId("EMS"), skuId("VISIOCLIENT")],
    );
  });

  it("in words", () => {
    const words = (kind: InheritanceProblem["kind"], detail: string) => formatProblem({ ...at, kind, detail }, catalog);
    assert.equal(words("missing", ""), "EMS: missing");
    assert.equal(words("error", "CountViolation"), "EMS: CountViolation");
    assert.equal(
      words("plans-differ", `${planId("INTUNE_A")} ${planId("AAD_PREMIUM")}`),
      "EMS: lacks INTUNE_A, AAD_PREMIUM",
    );
  });
});

describe("the digest of what a verification found", () => {
  const members = ["ada", "ben", "cleo"].map((name) => user(name));
  const found = members.flatMap((each) => inheritanceProblems(each, STAFF, catalog));
  const digest = (group = STAFF, problemsFound: readonly InheritanceProblem[] = found) =>
    inheritanceDigest([group], problemsFound);

  it("does not depend on any order", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(found, { minLength: found.length }), (shuffled) => {
        const turned = { ...STAFF, licenses: [...STAFF.licenses].reverse() };
        assert.equal(digest(turned, shuffled), digest());
      }),
    );
  });

  it("does not depend on the order of disabled plans", () => {
    const without = (...plans: string[]) => digest(declared("Staff", license("EMS", { without: plans })));
    assert.equal(without("INTUNE_A", "AAD_PREMIUM"), without("AAD_PREMIUM", "INTUNE_A"));
  });

  it("stays when a member with everything joins, and when a group is renamed", () => {
    const newcomer = user("dan", [inherited("EMS", "Staff"), VISIO_OK]);
    const later = [...members, newcomer].flatMap((each) => inheritanceProblems(each, STAFF, catalog));
    assert.equal(digest(STAFF, later), digest());
    assert.equal(digest({ ...STAFF, displayName: "Everybody" }), digest());
  });

  it("changes with a problem more or less, another kind of problem, and the declaration", () => {
    const [first, ...others] = found;
    assert.ok(first !== undefined);
    const all = [
      digest(),
      digest(STAFF, others),
      digest(STAFF, [{ ...first, kind: "error", detail: "CountViolation" }, ...others]),
      digest(STAFF, [{ ...first, kind: "error", detail: "Other" }, ...others]),
      digest(declared("Staff", "EMS")),
      digest(declared("Staff", license("EMS", { without: ["INTUNE_A"] }), "VISIOCLIENT")),
      digest(declared("Devices", "EMS", "VISIOCLIENT")),
    ];
    assert.equal(new Set(all).size, all.length);
  });
});
