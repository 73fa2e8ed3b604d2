import assert from "node:assert/strict";
import { inheritingWithoutRecord, formatLostRecord } from "../../licensing/drift/lost-record";
import { EMPTY_RECORD } from "../../licensing/record/record";
import {
  declared,
  direct,
  groupId,
  groupOnRecord,
  inherited,
  license,
  record,
  snapshot,
  user,
  userId,
} from "./builders";

const ALL = declared("All users", "EMS");

const tenant = snapshot({
  declared: [ALL],
  users: [
    user("moved", [inherited("EMS", "All users")]),
    user("both", [direct("EMS"), inherited("EMS", "All users")]),
    user("other-group", [inherited("EMS", "Elsewhere")]),
    user("member-by-another", [inherited("EMS", "Elsewhere")]),
    user("other-sku", [inherited("VISIOCLIENT", "All users")]),
    user("in-error", [inherited("EMS", "All users", { state: "Error", error: "CountViolation" })]),
  ],
  members: { "All users": ["moved", "both", "member-by-another", "other-sku", "in-error"] },
});

describe("members that inherit alone, on a stack without any record", () => {
  it("are counted: those with a declared licence from the group and none of their own", () => {
    assert.equal(inheritingWithoutRecord(tenant, EMPTY_RECORD), 1);
  });

  it("are nothing to speak of as soon as the stack remembers anything", () => {
    const baseline = new Map([[userId("both"), new Map([[license("EMS").skuId, license("EMS")]])]]);
    const groupLicenses = new Map([["all-users", groupOnRecord({ groupId: groupId("All users") })]]);
    assert.equal(inheritingWithoutRecord(tenant, { ...EMPTY_RECORD, baseline }), 0);
    assert.equal(inheritingWithoutRecord(tenant, { ...EMPTY_RECORD, groupLicenses }), 0);
    assert.equal(inheritingWithoutRecord(tenant, record({ canary: {} })), 0);
  });

  it("are none where the groups give nothing yet", () => {
    const before = snapshot({
      declared: [ALL],
      users: [user("ada", [direct("EMS")])],
      members: { "All users": ["ada"] },
    });
    assert.equal(inheritingWithoutRecord(before, EMPTY_RECORD), 0);
  });

  it("are told as what they may be, with the page that says what to do", () => {
    assert.match(formatLostRecord(1), /^1 member has a declared licence only through a group, .*docs\/lost-state\.md/);
    assert.match(formatLostRecord(1_200), /^1,200 members have /);
  });
});
