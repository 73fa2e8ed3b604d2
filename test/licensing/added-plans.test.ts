import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { addedPlans, formatAddedPlan, plansToRecord } from "../../licensing/drift/added-plans";
import { Catalog } from "../../licensing/catalog/catalog";
import { packIds } from "../../licensing/record/compact-ids";
import type { License } from "../../licensing/model";
import { EMPTY_RECORD, type StackRecord, type PlansOnRecord } from "../../licensing/record/record";
import { bare, declared, EMS, groupId, groupOnRecord, license, planId, settled, sku, skuId } from "./builders";

const E3_AFTER = sku("ENTERPRISEPACK", ["EXCHANGE", "TEAMS1", "MICROSOFT_X", "company:MICROSOFT_Y"]);
const NOW = new Catalog([EMS, E3_AFTER]);
const BEFORE = packIds(["EXCHANGE", "TEAMS1"].map(planId));
const FINANCE = declared("Finance department", "ENTERPRISEPACK");

const recordOf = (plans: PlansOnRecord, of = FINANCE.groupId): StackRecord => {
  const before = groupOnRecord({ groupId: of, plans });
  return { ...EMPTY_RECORD, groupLicenses: new Map([["finance-department", before]]) };
};

function added(record: StackRecord, group = FINANCE, now = settled(group)) {
  return addedPlans([{ declared: group, now, members: 2 }], record, NOW);
}

describe("plans that Microsoft added to a SKU", () => {
  const e3 = skuId("ENTERPRISEPACK");

  it("are those that are on in the group and not on record; plans of the company are not", () => {
    assert.deepEqual(added(recordOf({ [e3]: BEFORE })), [
      { group: "finance-department", skuId: e3, planId: planId("MICROSOFT_X"), members: 2 },
    ]);
  });

  const off: License = license("ENTERPRISEPACK", { without: ["MICROSOFT_X"] });
  const offDeclared = declared("Finance department", off);
  const nothing: [what: string, found: ReturnType<typeof added>][] = [
    ["the SKU is as it was", added(recordOf(plansToRecord(FINANCE, NOW)))],
    ["the plan is off in the group", added(recordOf({ [e3]: BEFORE }), FINANCE, settled(FINANCE, { licenses: [off] }))],
    ["the stack file disables it", added(recordOf({ [e3]: BEFORE }), offDeclared, settled(FINANCE))],
    ["the group does not give the SKU yet", added(recordOf({ [e3]: BEFORE }), FINANCE, bare(FINANCE))],
    ["the stack is new", added(EMPTY_RECORD)],
    ["the SKU is declared just now", added(recordOf({ [skuId("EMS")]: BEFORE }))],
    ["the record is of another group", added(recordOf({ [e3]: BEFORE }, groupId("Other")))],
    [
      "Microsoft took one out",
      added(recordOf({ [e3]: packIds(["EXCHANGE", "TEAMS1", "MICROSOFT_X", "OLD"].map(planId)) })),
    ],
  ];
  for (const [what, found] of nothing) it(`are none when ${what}`, () => assert.deepEqual(found, []));

  it("go on record with all the SKU has, also what is disabled", () => {
    assert.deepEqual(plansToRecord(offDeclared, NOW), {
      [e3]: packIds(["EXCHANGE", "TEAMS1", "MICROSOFT_X"].map(planId)),
    });
  });

  it("a SKU that the tenant does not list at the moment goes not on record as empty", () => {
    assert.deepEqual(plansToRecord(FINANCE, new Catalog([EMS])), {});
  });

  it("are told with the users that get them and both ways to go on", () => {
    const [first] = added(recordOf({ [e3]: BEFORE }));
    assert.ok(first);
    const words = formatAddedPlan(first, FINANCE, NOW);
    assert.ok(
      words.startsWith(
        "Microsoft added MICROSOFT_X to ENTERPRISEPACK: it is on for 2 members of Finance department through the group. ",
      ),
      words,
    );
    assert.match(words, /the next up takes note of it/);
    assert.match(words, /disabledPlans of ENTERPRISEPACK under licensing:groups\.finance-department/);
    assert.match(
      words,
      /\{group: finance-department, sku: ENTERPRISEPACK, plan: MICROSOFT_X\} in licensing:acceptLoss/,
    );
  });
});
