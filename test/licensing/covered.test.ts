import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Catalog } from "../../licensing/catalog/catalog";
import { planMigration } from "../../licensing/plan/plan-migration";
import { planDocument } from "../../licensing/plan-document/plan-document";
import type { DeclaredGroup } from "../../licensing/declaration";
import type { LicensedUser } from "../../licensing/model";
import type { StackRecord } from "../../licensing/record/record";
import {
  bare,
  declared,
  direct,
  E3,
  EMS,
  inherited,
  license,
  record,
  sku,
  skuId,
  snapshot,
  user,
  userId,
  WITHOUT_WAVES,
} from "./builders";

/** All that E3 and EMS have, and more. */
const SPE_E5 = sku("SPE_E5", ["EXCHANGE", "TEAMS1", "YAMMER", "RMS_S_ENTERPRISE", "AAD_PREMIUM", "INTUNE_A", "ATA"]);
const NO_TEAMS = sku("E3_no_Teams", ["EXCHANGE", "YAMMER", "RMS_S_ENTERPRISE"]);
const TEAMS = sku("TEAMS", ["TEAMS1"]);
const catalog = new Catalog([E3, EMS, SPE_E5, NO_TEAMS, TEAMS]);
const STAFF = declared("E5 staff", "SPE_E5");

function planned(
  group: DeclaredGroup,
  people: readonly LicensedUser[],
  { members = people, onRecord }: { readonly members?: readonly LicensedUser[]; readonly onRecord?: StackRecord } = {},
) {
  const groups = [bare(group)];
  const parts = {
    declared: [group],
    groups,
    users: people,
    members: { [group.displayName]: members.map(({ displayName }) => displayName ?? "") },
    catalog,
  };
  const input = {
    ...WITHOUT_WAVES,
    snapshot: snapshot(parts),
    after: new Map([[group.groupId, group.licenses]]),
    nowMs: 0,
    ...(onRecord && { record: onRecord }),
  };
  const plan = planMigration(input);
  const document = planDocument({ stack: "s", tenant: "t", input, plan, warnings: [], showNames: false });
  return { plan, document };
}

const messages = (code: string, { plan }: ReturnType<typeof planned>) =>
  plan.findings.filter((finding) => finding.code === code).map(({ message, remedy }) => `${message}. ${remedy}`);

describe("direct licences that the groups give already", () => {
  const people = ["ada", "ben"].map((name) => user(name, [direct("ENTERPRISEPACK")]));

  it("are named with their users, what gives them, the seats and the line to write", () => {
    const found = planned(STAFF, people);
    assert.deepEqual(messages("covered-licenses", found), [
      "2 users hold ENTERPRISEPACK directly, and SPE_E5 gives them all of it: 2 seats. The stack file does not take it up, so it stays. " +
        "For the waves to remove it under the same proof, write replaces: [ENTERPRISEPACK] on SPE_E5, under licensing:groups.e5-staff.licenses.",
    ]);
    assert.deepEqual(found.document.covered, [
      {
        sku: "ENTERPRISEPACK",
        by: ["SPE_E5"],
        group: "e5-staff",
        users: 2,
        seats: 2,
        write: "write replaces: [ENTERPRISEPACK] on SPE_E5, under licensing:groups.e5-staff.licenses",
        userIds: ["ada", "ben"].map(userId).sort(),
      },
    ]);
  });

  it("may be given by two SKUs together", () => {
    const found = planned(declared("Staff", "TEAMS", "E3_no_Teams"), people);
    assert.match(
      messages("covered-licenses", found).join(),
      /E3_no_Teams and TEAMS together give them all of it: 2 seats\..* on E3_no_Teams, under/,
    );
  });

  it("are not named where a plan is missing, a member is none, or the SKU is inherited as well", () => {
    assert.deepEqual(messages("covered-licenses", planned(declared("Staff", "E3_no_Teams"), people)), []);
    assert.deepEqual(messages("covered-licenses", planned(STAFF, people, { members: [] })), []);
    const twice = [user("cleo", [direct("ENTERPRISEPACK"), inherited("ENTERPRISEPACK", "Elsewhere")])];
    assert.match(
      messages("covered-licenses", planned(STAFF, twice)).join(),
      /: no seat, because they inherit it as well\./,
    );
  });

  it("count where the user's own disabled plans are what the group lacks", () => {
    const without = [user("dan", [direct("ENTERPRISEPACK", { without: ["TEAMS1"] })])];
    assert.equal(messages("covered-licenses", planned(declared("Staff", "E3_no_Teams"), without)).length, 1);
  });

  it("are not named where the file takes them up", () => {
    const replacing: DeclaredGroup = { ...STAFF, replaces: [{ skuId: skuId("ENTERPRISEPACK"), by: skuId("SPE_E5") }] };
    const found = planned(replacing, people);
    assert.deepEqual(messages("covered-licenses", found), []);
    assert.equal(found.plan.inNoWave, 2);
  });
});

describe("holders of a SKU that leaves the file", () => {
  const eve = user("eve", [direct("EMS")]);
  const onRecord = record({}, { baseline: new Map([[eve.id, new Map([[skuId("EMS"), license("EMS")]])]]) });

  it("stay in the plan, with what is so and what to do", () => {
    const found = planned(declared("Staff", "ENTERPRISEPACK"), [eve], { onRecord });
    assert.match(
      messages("left-the-file", found).join(),
      /^1 user on record holds EMS directly, and the stack file neither gives nor replaces it any more: nothing is removed from the user\. Their groups do not give AAD_PREMIUM, INTUNE_A\. To go on, /,
    );
    assert.deepEqual(
      found.document.skus.map(({ name, now }) => [name, now.direct]),
      [
        ["ENTERPRISEPACK", 0],
        ["EMS", 1],
      ],
    );
  });

  it("have the line to write where the groups give all of it", () => {
    const found = planned(STAFF, [eve], { onRecord });
    assert.deepEqual(messages("left-the-file", found), []);
    assert.match(messages("covered-licenses", found).join(), /replaces: \[EMS\] on SPE_E5/);
  });
});
