import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { Catalog } from "../../licensing/catalog/catalog";
import { effectivePlans, missing } from "../../licensing/effective-plans";
import type { Assignment, LicensedUser } from "../../licensing/model";
import { usersWhenGiven } from "../../licensing/plan/prediction";
import { judgeTakingOff } from "../../licensing/plan/taking-off";
import { declared, direct, groupId, inherited, license, planId, settled, sku, skuId, snapshot, user } from "./builders";

const PLANS = ["A", "B", "C", "D", "E"];

/** SKUs with overlapping plans: what the group gives, what it shall give, and what members have otherwise. */
const catalogs = fc
  .tuple(...["OLD", "NEW", "OTHER"].map(() => fc.subarray(PLANS, { minLength: 1 })))
  .map(([old = [], next = [], other = []]) => new Catalog([sku("OLD", old), sku("NEW", next), sku("OTHER", other)]));

/** Members of Staff: all have OLD from it, and some have more, or NEW in error. */
const entries = fc.record({
  otherDirect: fc.boolean(),
  oldDirect: fc.boolean(),
  otherInherited: fc.constantFrom(null, "Active", "Error", "ActiveWithError"),
  isNewInError: fc.boolean(),
});

function assignmentsOf(each: typeof entries extends fc.Arbitrary<infer T> ? T : never): readonly Assignment[] {
  const error = (state: string) => (state === "Active" ? null : "Other");
  return [
    inherited("OLD", "Staff"),
    ...(each.oldDirect ? [direct("OLD")] : []),
    ...(each.otherDirect ? [direct("OTHER")] : []),
    ...(each.otherInherited === null
      ? []
      : [inherited("OTHER", "Else", { state: each.otherInherited, error: error(each.otherInherited) })]),
    ...(each.isNewInError ? [inherited("NEW", "Staff", { state: "Error", error: "UniquenessViolation" })] : []),
  ];
}

describe("a SKU that another one replaces on a group (properties)", () => {
  const STAFF = { ...declared("Staff", "NEW"), removes: [skuId("OLD")] };

  function judged(catalog: Catalog, members: readonly LicensedUser[]) {
    const now = settled(STAFF, { licenses: [license("OLD")] });
    const tenant = snapshot({ declared: [STAFF], groups: [now], users: members, members: {}, catalog });
    const all = { ...tenant, members: new Map([[STAFF.groupId, new Set(members.map(({ id }) => id))]]) };
    const given = usersWhenGiven(all, new Map(), new Map());
    const taking = judgeTakingOff({
      ...{ declared: STAFF, members, changes: [], takenOff: [license("OLD")], accepted: [], catalog, seats: [] },
      after: new Map([[STAFF.groupId, [license("NEW")]]]),
      whenGiven: () => given,
    });
    return { ...taking, given };
  }

  /** The user's entries once OLD is off the group, as Entra leaves them. */
  const without = (of: LicensedUser) => ({
    assignments: of.assignments.filter(
      (entry) => entry.skuId !== skuId("OLD") || entry.assignedByGroup !== groupId("Staff"),
    ),
  });

  it("costs exactly the members that are named, and those exactly the plans that are named", () => {
    fc.assert(
      fc.property(catalogs, fc.array(entries, { minLength: 1, maxLength: 4 }), (catalog, each) => {
        const members = each.map((of, at) => user(`user${at}`, assignmentsOf(of)));
        const { later, losses, given } = judged(catalog, members);
        for (const member of members) {
          const named = losses.find(({ userId }) => userId === member.id)?.plans.map(({ planId }) => planId) ?? [];
          const then = later.length > 0 ? (given.get(member.id) ?? member) : member;
          // What a member has in spite of an error may end, so it counts for nothing that stays.
          const sure = without(then).assignments.filter(({ state }) => state === "Active");
          const had = effectivePlans({ assignments: [inherited("OLD", "Staff")] }, catalog);
          const lost = missing(had, effectivePlans({ assignments: sure }, catalog));
          assert.deepEqual([...named].sort(), lost);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("costs nothing where a plan stays as its successor, by Microsoft's pages or by the stack file", () => {
    const skus = [sku("OLD", ["EXCHANGE_S_STANDARD", "A"]), sku("NEW", ["EXCHANGE_S_ENTERPRISE", "B"])];
    const ada = user("ada", [inherited("OLD", "Staff")]);
    const lostBy = (catalog: Catalog) =>
      judged(catalog, [ada]).losses.flatMap(({ plans }) => plans.map(({ planId }) => catalog.planName(planId)));
    assert.deepEqual(lostBy(new Catalog(skus)), ["A"]);
    assert.deepEqual(lostBy(new Catalog(skus, [{ planId: planId("A"), byId: planId("B") }])), []);
  });

  it("goes at once only where nothing of it has to be waited for", () => {
    fc.assert(
      fc.property(catalogs, (catalog) => {
        const { later } = judged(catalog, [user("ada", [inherited("OLD", "Staff")])]);
        const plansOf = (name: string) => catalog.enabledPlans(license(name));
        const shared = [...plansOf("OLD")].some((planId) => plansOf("NEW").has(planId));
        assert.equal(later.length > 0, shared);
      }),
      { numRuns: 200 },
    );
  });
});
