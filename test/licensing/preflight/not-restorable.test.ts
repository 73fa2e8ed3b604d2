import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Catalog } from "../../../licensing/catalog/catalog";
import type { Assignment, Sku } from "../../../licensing/model";
import { documentOf } from "../../report/documents";
import { declared, direct, inherited, license, percent, record, sku, skuId, user, userId, wave } from "../builders";

const E1 = sku("STANDARDPACK", ["SHAREPOINTSTANDARD", "TEAMS1"]);
const E3 = sku("ENTERPRISEPACK", ["SHAREPOINTENTERPRISE", "TEAMS1"]);
const EMS = sku("EMS", ["INTUNE_A"]);
const STAFF = {
  ...declared("Staff", "ENTERPRISEPACK", "EMS"),
  replaces: [{ skuId: E1.id, by: E3.id }],
};
const BY_GROUP = [inherited("ENTERPRISEPACK", "Staff"), inherited("EMS", "Staff")];
const seats = (enabled: number, consumedUnits: number) => ({
  prepaidUnits: { enabled, warning: 0, suspended: 0, lockedOut: 0 },
  consumedUnits,
});

/** The findings of a rollback of users that held `before` directly. */
function found(
  before: "STANDARDPACK" | "EMS",
  now: Readonly<Record<string, readonly Assignment[]>>,
  changes: Partial<Sku> = {},
  added: readonly string[] = [],
) {
  const names = Object.keys(now);
  const skus = [E1, E3, EMS].map((each) => (each.partNumber === before ? { ...each, ...changes } : each));
  const baseline = new Map(names.map((name) => [userId(name), new Map([[skuId(before), license(before)]])]));
  const bridges = new Map(added.map((name) => [userId(name), new Set([E3.id])]));
  const taken = names.map((name) => userId(name));
  const plan = documentOf(
    {
      declared: [STAFF],
      users: names.map((name) => user(name, now[name] ?? [])),
      members: { Staff: names },
      catalog: new Catalog(skus),
    },
    {
      waves: [wave("everyone", percent(100), { rollback: true })],
      applyThrough: "everyone",
      record: record({ everyone: { taken, doneAtMs: 0 } }, { baseline, bridges }),
    },
  );
  return plan.findings.filter(({ code }) => code === "not-restorable");
}

describe("what a rollback could not put back", () => {
  it("is told of a moved swap: the group's licence excludes the old one by then", () => {
    const [finding, ...others] = found("STANDARDPACK", { ada: BY_GROUP }, seats(5, 0));
    assert.deepEqual(others, []);
    assert.deepEqual(finding?.userIds, [userId("ada")]);
    assert.match(
      finding.message,
      /^1 user could not get a direct STANDARDPACK back: plans exclude each other \(SHAREPOINTENTERPRISE beside SHAREPOINTSTANDARD\)/,
    );
  });

  it("is nothing where the added licence goes in the same call, and the group's is still in error", () => {
    const excluded = inherited("ENTERPRISEPACK", "Staff", { state: "Error", error: "MutuallyExclusiveViolation" });
    const swapped = [direct("ENTERPRISEPACK"), excluded];
    assert.deepEqual(found("STANDARDPACK", { ada: swapped }, seats(5, 0), ["ada"]), []);
    assert.equal(
      found("STANDARDPACK", { ada: swapped }, seats(5, 0)).length,
      1,
      "a direct licence of the user's own stays",
    );
  });

  it("is told of seats: those that are missing, and the users that would need one", () => {
    const bare = [inherited("ENTERPRISEPACK", "Staff")];
    const people = { ada: bare, ben: bare, cleo: BY_GROUP };
    assert.deepEqual(found("EMS", people, seats(10, 8)), []);
    const [finding] = found("EMS", people, seats(9, 8));
    assert.deepEqual(finding?.userIds, ["ada", "ben"].map(userId).sort());
    assert.match(finding.message, /^2 users would need a seat of EMS .*, and 1 is left: .* could not put back 1\.$/);
    assert.match(finding.remedy, /^Buy or free 1 seat before the rollback/);
  });

  it("is told of a subscription that has ended", () => {
    const [finding] = found("EMS", { ada: [] }, { capabilityStatus: "Suspended" });
    assert.match(finding?.message ?? "", /^1 user could not get a direct EMS back: its subscription has ended/);
  });
});
