import assert from "node:assert/strict";
import { Catalog } from "../../licensing/catalog/catalog";
import { foresee } from "../../licensing/plan/foresight";
import type { License, LicensedUser } from "../../licensing/model";
import type { MigrationPlan, WavePlan } from "../../licensing/plan/plan";
import { planMigration } from "../../licensing/plan/plan-migration";
import { formatWave } from "../../licensing/plan/wave-words";
import { EMPTY_RECORD } from "../../licensing/record/record";
import {
  bare,
  declared,
  direct,
  EMS,
  inherited,
  percent,
  settled,
  sku,
  skuId,
  snapshot,
  user,
  userId,
  VISIO,
  wave,
  type SnapshotParts,
} from "./builders";

const LEGACY = sku("LITEPACK", ["MCOLITE"]);
const SUITE = sku("SUITE", ["EXCHANGE_S_ENTERPRISE", "MCOSTANDARD"]);
const CALLS = sku("CALLS", ["MCOPSTN1"]);
const PHONE = sku("PHONE", ["MCOEV"]);
const visio = (seats: number) => ({ ...VISIO, prepaidUnits: { ...VISIO.prepaidUnits, enabled: seats } });
const catalog = (seats = 100) => new Catalog([LEGACY, SUITE, CALLS, PHONE, EMS, visio(seats)]);

function plan(parts: SnapshotParts): MigrationPlan {
  return planMigration({
    snapshot: snapshot({ catalog: catalog(), ...parts }),
    waves: [wave("everyone", percent(100))],
    moveLast: new Map(),
    named: new Map(),
    applyThrough: "everyone",
    record: EMPTY_RECORD,
    accepted: [],
    after: new Map(parts.declared.map(({ groupId, licenses }) => [groupId, licenses])),
    country: "CH",
    nowMs: 0,
  });
}

/** Members of a group that gives nothing yet. */
function staff(licenses: readonly (string | License)[], ...users: readonly LicensedUser[]): SnapshotParts {
  const group = declared("Staff", ...licenses);
  const names = users.map(({ displayName }) => displayName ?? "");
  return { declared: [group], groups: [bare(group)], users, members: { Staff: names } };
}

function only({ waves }: MigrationPlan): WavePlan {
  const [first, ...others] = waves;
  assert(first !== undefined && others.length === 0);
  return first;
}

const moved = (of: MigrationPlan) =>
  only(of)
    .slices.flatMap(({ removals }) => removals.map(({ userId: id }) => id))
    .sort();
const stays = (of: MigrationPlan) => only(of).slices.flatMap(({ blocked }) => blocked);
const allIds = (...names: readonly string[]) => names.map(userId).sort();

describe("what is foreseen to fail is counted as blocked in the first preview", () => {
  const blockedUser = (changes: Partial<LicensedUser>, ...more: readonly string[]) =>
    user(
      "a",
      ["EMS", ...more].map((each) => direct(each)),
      changes,
    );
  const pilot = user(
    "pilot",
    [inherited("EMS", "Pilots", { state: "Error", error: "ProhibitedInUsageLocationViolation" })],
    {
      usageLocation: "KP",
    },
  );

  const table: [what: string, cause: string, skus: readonly string[], users: readonly LicensedUser[]][] = [
    ["plans that exclude each other", "MutuallyExclusiveViolation", ["SUITE", "EMS"], [blockedUser({}, "LITEPACK")]],
    ["an add-on without what it needs", "DependencyViolation", ["CALLS", "EMS"], [blockedUser({})]],
    [
      "a location where others are in error now",
      "ProhibitedInUsageLocationViolation",
      ["EMS"],
      [blockedUser({ usageLocation: "KP" }), pilot],
    ],
  ];
  for (const [what, cause, skus, users] of table) {
    it(what, () => {
      const well = user(
        "b",
        ["EMS", "PHONE"].map((each) => direct(each)),
      );
      const parts = staff(skus, well, ...users);
      const seen = foresee({ snapshot: snapshot({ catalog: catalog(), ...parts }), country: "CH" });
      const entries = seen.snapshot.users
        .get(userId("a"))
        ?.assignments.filter(({ assignedByGroup }) => assignedByGroup);
      assert.deepEqual(
        entries?.map((entry) => [entry.skuId, entry.state, entry.error]),
        // The SKU that fails is the first; a group gives all or nothing.
        skus.map((each, index) => [skuId(each), "Error", index === 0 ? cause : "Other"]),
      );
      const made = plan(parts);
      assert.equal(made.predicted, true);
      assert.deepEqual(moved(made), allIds("b"));
      assert.deepEqual(
        stays(made).map(({ userId: id, reason }) => [id, reason.kind]),
        [[userId("a"), "inherited-in-error"]],
      );
    });
  }

  it("also where the SKU that fails is another one of the same group: all or nothing", () => {
    const made = plan(
      staff(["EMS", "SUITE"], user("a", [direct("EMS"), direct("LITEPACK")]), user("b", [direct("EMS")])),
    );
    assert.deepEqual(moved(made), allIds("b"));
    assert.deepEqual(
      stays(made).map(({ userId: id, skuId: of, reason }) => [id, of, "cause" in reason ? reason.cause : reason.kind]),
      [[userId("a"), EMS.id, "Other"]],
    );
  });

  it("and not any more when the group gives it: then the entries tell", () => {
    const group = declared("Staff", "CALLS");
    const made = plan({
      declared: [group],
      groups: [settled(group)],
      users: [user("a", [direct("CALLS"), inherited("CALLS", "Staff")])],
      members: { Staff: ["a"] },
    });
    assert.deepEqual(moved(made), allIds("a"));
  });
});

describe("seats that are too few", () => {
  const five = ["a", "b", "c", "d", "e"];
  const users = five.map((name) => user(name, [direct("EMS")]));

  it("block no particular user, and the wave says how many it may be", () => {
    const made = plan({ ...staff(["EMS", "VISIOCLIENT"], ...users), catalog: catalog(3) });
    assert.deepEqual(moved(made), allIds(...five));
    assert.equal(only(made).mayLackSeat, 2);
    assert.equal(
      formatWave(only(made), catalog(3), made.predicted),
      "(predicted) remove 5 direct assignments from 5 users: 5 EMS; up to 2 users blocked if there is no seat for them",
    );
  });

  it("count, too, where the SKU that is short replaces another SKU", () => {
    const suite = sku("SPE", ["AAD_PREMIUM", "INTUNE_A", "RMS_S_ENTERPRISE", "EXCHANGE_S_ENTERPRISE"]);
    const scarce = new Catalog([EMS, { ...suite, prepaidUnits: { ...suite.prepaidUnits, enabled: 2 } }]);
    const [giving, other] = [declared("Suite", "SPE"), declared("Others", "EMS")];
    const made = plan({
      declared: [giving, other],
      groups: [bare(giving), settled(other)],
      users,
      members: { Suite: five, Others: [] },
      catalog: scarce,
    });
    assert.deepEqual(moved(made), allIds(...five));
    assert.equal(only(made).mayLackSeat, 3);
  });

  it("do not count users from which nothing is removed on that group's account", () => {
    const visioOnly = declared("Drawers", "VISIOCLIENT");
    const group = declared("Staff", "EMS");
    const made = plan({
      declared: [group, visioOnly],
      groups: [settled(group), bare(visioOnly)],
      users: five.map((name) => user(name, [direct("EMS"), inherited("EMS", "Staff")])),
      members: { Staff: five, Drawers: five },
      catalog: catalog(1),
    });
    assert.deepEqual(moved(made), allIds(...five));
    assert.equal(only(made).mayLackSeat, 0);
  });

  it("count a user once when several SKUs are short, and none where there are enough", () => {
    const scarce = new Catalog([EMS, visio(4), { ...PHONE, prepaidUnits: { ...PHONE.prepaidUnits, enabled: 1 } }]);
    const parts = staff(["EMS", "VISIOCLIENT", "PHONE"], ...users);
    assert.equal(only(plan({ ...parts, catalog: scarce })).mayLackSeat, 5);
    assert.equal(only(plan(parts)).mayLackSeat, 0);
  });
});

describe("a foresight", () => {
  it("leaves what was read as it is, and is none where nothing changes", () => {
    const group = declared("Staff", "EMS");
    const now = snapshot({
      declared: [group],
      users: [user("a", [direct("EMS"), inherited("EMS", "Staff")])],
      members: { Staff: ["a"] },
    });
    const seen = foresee({ snapshot: now });
    assert.equal(seen.snapshot, now);
    assert.equal(seen.joined, now);
    assert.equal(seen.predicted, false);
    assert.deepEqual(seen.trouble, {
      cohorts: [],
      conflicts: [],
      formerConflicts: [],
      failing: new Set(),
      seats: [],
      relations: null,
    });
  });
});
