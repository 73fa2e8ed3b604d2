import assert from "node:assert/strict";
import fc from "fast-check";
import { baselineOf } from "../../licensing/record/baseline";
import { owedLines } from "../../licensing/plan/debt-words";
import { NO_EVIDENCE } from "../../licensing/plan/debts";
import { inheritanceDigest } from "../../licensing/inheritance/inheritance";
import { licensesAfterRun } from "../../licensing/record/licenses-after";
import type { LicensedUser } from "../../licensing/model";
import type { MigrationPlan, PlanInput } from "../../licensing/plan/plan";
import { planMigration } from "../../licensing/plan/plan-migration";
import { sliceDigest } from "../../licensing/plan/plan-wave";
import { EMPTY_RECORD } from "../../licensing/record/record";
import {
  bare,
  catalog,
  count,
  declared,
  direct,
  groupId,
  inherited,
  license,
  nestedGroup,
  percent,
  planId,
  record,
  settled,
  skuId,
  snapshot,
  user,
  userId,
  wave,
  type SnapshotParts,
  groupOnRecord,
} from "./builders";

const NOON = Date.parse("2026-11-02T12:00:00Z");
const HOUR = 3_600_000;

const EVERYONE = declared("All users", "EMS");
const FINANCE = declared("Finance department", "ENTERPRISEPACK");
const NAMES = Array.from({ length: 20 }, (_, n) => `person ${n + 1}`);
const IN_FINANCE = NAMES.slice(0, 4);
const WAVES = [wave("canary", count(3)), wave("tenth", percent(10)), wave("everyone", percent(100))];

type People = (name: string) => LicensedUser;

const before: People = (name) =>
  user(name, [direct("EMS"), ...(IN_FINANCE.includes(name) ? [direct("ENTERPRISEPACK")] : [])]);
const groupsLicensed: People = (name) =>
  user(name, [
    ...before(name).assignments,
    inherited("EMS", "All users"),
    ...(IN_FINANCE.includes(name) ? [inherited("ENTERPRISEPACK", "Finance department")] : []),
  ]);
const moved: People = (name) =>
  user(
    name,
    groupsLicensed(name).assignments.filter((each) => each.assignedByGroup !== null),
  );

/** The example of the guide, small: 20 users with EMS, 4 of them in Finance with Office 365 E3. */
function seedLike(people: People, changes: Partial<SnapshotParts> = {}): SnapshotParts {
  return {
    declared: [EVERYONE, FINANCE],
    users: NAMES.map(people),
    members: { "All users": NAMES, "Finance department": IN_FINANCE },
    ...changes,
  };
}

function plan(parts: SnapshotParts, changes: Partial<PlanInput> = {}): MigrationPlan {
  const now = snapshot(parts);
  return planMigration({
    snapshot: now,
    waves: WAVES,
    named: new Map(),
    moveLast: new Map(),
    applyThrough: "everyone",
    record: EMPTY_RECORD,
    accepted: [],
    after: licensesAfterRun(now, changes.record ?? EMPTY_RECORD),
    nowMs: NOON,
    ...changes,
  });
}

const removalsIn = ({ waves }: MigrationPlan) =>
  waves.flatMap((each) => each.slices.flatMap((slice) => slice.removals));
const blockedIn = ({ waves }: MigrationPlan) => waves.flatMap((each) => each.slices.flatMap((slice) => slice.blocked));

/** What the state would hold after this plan was carried out. */
function recordAfter({ waves }: MigrationPlan, doneAtMs: number) {
  return record(
    Object.fromEntries(
      waves.map(({ name, slices }) => [
        name,
        {
          doneAtMs,
          taken: slices.flatMap(({ removals, blocked }) => [...removals, ...blocked].map((each) => each.userId)),
        },
      ]),
    ),
  );
}

describe("the plan of the seed's example", () => {
  it("before the groups have licences: assigns them, predicts the waves, and expects no verdict of the gate", () => {
    const groups = [bare(EVERYONE), bare(FINANCE)];
    const made = plan(seedLike(before, { groups }), { applyThrough: null });
    assert.equal(made.predicted, true);
    assert.equal(made.inheritanceDigest, null);
    assert.deepEqual(
      made.groups.map(({ changes, members, refusal }) => [changes, members, refusal]),
      [
        [[{ kind: "add", license: license("EMS") }], 20, null],
        [[{ kind: "add", license: license("ENTERPRISEPACK") }], 4, null],
      ],
    );
    assert.equal(removalsIn(made).length, 24);
    assert.deepEqual(blockedIn(made), []);
    assert.ok(made.waves.every(({ hold }) => hold?.kind === "beyond-apply-through"));
  });

  it("once they have them: each direct assignment goes in exactly one wave", () => {
    const made = plan(seedLike(groupsLicensed));
    assert.equal(made.predicted, false);
    assert.ok(made.groups.every(({ changes, problems }) => changes.length + problems.length === 0));
    const pairs = removalsIn(made).map((each) => `${each.userId} ${each.skuId}`);
    assert.equal(new Set(pairs).size, 24);
    assert.equal(pairs.length, 24);
    assert.equal(new Set(made.waves[0]?.slices.flatMap((slice) => slice.removals.map((each) => each.userId))).size, 3);
    assert.equal(made.inNoWave, 0);
    assert.equal(made.inheritanceDigest, inheritanceDigest([EVERYONE, FINANCE], []));
  });

  it("the same tenant, file, record and time give the same plan, in any order of the users", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(NAMES, { minLength: NAMES.length }), (shuffled) => {
        const digests = (made: MigrationPlan) => made.waves.map(({ slices }) => slices.map(({ digest }) => digest));
        const turned = plan(seedLike(groupsLicensed, { users: shuffled.map(groupsLicensed) }));
        assert.deepEqual(digests(turned), digests(plan(seedLike(groupsLicensed))));
      }),
      { numRuns: 20 },
    );
  });

  it("when all is done nothing is left, and what was moved is still counted", () => {
    const first = plan(seedLike(groupsLicensed));
    const baseline = new Map(
      NAMES.map((name) => [userId(name), new Map(before(name).assignments.map((each) => [each.skuId, each]))]),
    );
    const later = plan(seedLike(moved), { record: { ...recordAfter(first, NOON), baseline } });
    assert.deepEqual([removalsIn(later), blockedIn(later), later.inNoWave], [[], [], 0]);
    assert.equal(
      later.waves.reduce((sum, each) => sum + (each.recorded[skuId("EMS")] ?? 0), 0),
      20,
    );
    assert.ok(later.waves.every(({ doneAtMs }) => doneAtMs === NOON));
  });

  it("a wave that was done has, in the next plan, the digest of what it left", () => {
    const broken: People = (name) =>
      name === "person 7"
        ? user(name, [direct("EMS"), inherited("EMS", "All users", { state: "Error" })])
        : groupsLicensed(name);
    const first = plan(seedLike(broken));
    const left: People = (name) => (name === "person 7" ? broken(name) : moved(name));
    const later = plan(seedLike(left), { record: recordAfter(first, NOON) });
    later.waves.forEach((each, index) => {
      const blocked = first.waves[index]?.slices[0]?.blocked ?? [];
      assert.equal(each.slices[0]?.digest, sliceDigest([], blocked), each.name);
    });
    assert.equal(blockedIn(later).length, 1);
  });

  it("the canary stays the canary when people join", () => {
    const first = plan(seedLike(groupsLicensed));
    const joined = [...NAMES, ...Array.from({ length: 30 }, (_, n) => `newcomer ${n}`)];
    const parts = seedLike(groupsLicensed, {
      users: joined.map(groupsLicensed),
      members: { "All users": joined, "Finance department": IN_FINANCE },
    });
    const usersOf = (made: MigrationPlan) =>
      new Set(made.waves[0]?.slices.flatMap(({ removals }) => removals.map((each) => each.userId)));
    assert.deepEqual(usersOf(plan(parts, { record: recordAfter(first, NOON) })), usersOf(first));
  });

  it("a direct licence that comes back is removed again by the wave that had its user", () => {
    const first = plan(seedLike(groupsLicensed));
    const again: People = (name) => (name === "person 9" ? groupsLicensed(name) : moved(name));
    const later = plan(seedLike(again), { record: recordAfter(first, NOON) });
    assert.deepEqual(removalsIn(later), [{ userId: userId("person 9"), skuId: skuId("EMS") }]);
    const had = first.waves.findIndex((each) =>
      each.slices[0]?.removals.some(({ userId: id }) => id === userId("person 9")),
    );
    assert.equal(later.waves[had]?.slices[0]?.removals.length, 1);
  });
});

describe("a blocked user", () => {
  it("is listed in their wave, SKU by SKU, and holds no other user up", () => {
    const half: People = (name) =>
      name === "person 1"
        ? user(name, [direct("EMS"), direct("ENTERPRISEPACK"), inherited("EMS", "All users")])
        : groupsLicensed(name);
    const made = plan(seedLike(half));
    assert.equal(removalsIn(made).length, 23);
    assert.deepEqual(blockedIn(made), [
      {
        userId: userId("person 1"),
        skuId: skuId("ENTERPRISEPACK"),
        reason: { kind: "not-yet-inherited", groupIds: [groupId("Finance department")] },
      },
    ]);
  });

  it("outsiders with a declared SKU keep it, and so do users of a nested group", () => {
    const outside = user("outsider", [direct("EMS")]);
    const inside = user("contractor", [direct("EMS")]);
    const parts = seedLike(groupsLicensed, {
      users: [...NAMES.map(groupsLicensed), outside, inside],
      nested: { "All users": [nestedGroup("Contractors", [inside])] },
    });
    assert.deepEqual(
      plan(parts).groups.map(({ nested }) => nested.map((each) => each.displayName)),
      [["Contractors"], []],
    );
    const reasons = Object.fromEntries(blockedIn(plan(parts)).map((each) => [each.userId, each.reason.kind]));
    assert.deepEqual(reasons, { [outside.id]: "not-a-member", [inside.id]: "nested-only" });
  });

  it("a wave by count is never made of outsiders", () => {
    const outside = Array.from({ length: 30 }, (_, n) => user(`outsider ${n}`, [direct("EMS")]));
    const parts = seedLike(groupsLicensed, { users: [...NAMES.map(groupsLicensed), ...outside] });
    const slice = plan(parts).waves[0]?.slices[0];
    assert.deepEqual(slice?.blocked, []);
    assert.equal(new Set(slice.removals.map((each) => each.userId)).size, 3);
  });

  it("says what people gain through the groups, once for each plan", () => {
    const narrowed = [1, 2, 3].map((n) =>
      user(`narrowed ${n}`, [direct("EMS", { without: ["INTUNE_A"] }), inherited("EMS", "All users")]),
    );
    const parts = seedLike(groupsLicensed, {
      users: narrowed,
      members: { "All users": narrowed.map(({ displayName }) => displayName ?? ""), "Finance department": [] },
    });
    const waves = [wave("everyone", percent(100))];
    assert.deepEqual(plan(parts, { waves }).waves[0]?.gains, { INTUNE_A: 3 });
    assert.deepEqual(plan(seedLike(groupsLicensed), { waves }).waves[0]?.gains, {});
  });

  it("in no wave: counted when they have something to move, and not when they have nothing", () => {
    const waves = [wave("canary", count(3))];
    assert.equal(plan(seedLike(groupsLicensed), { waves }).inNoWave, 17);
    assert.equal(plan(seedLike(moved), { waves }).inNoWave, 0);
    assert.equal(plan(seedLike(groupsLicensed), { waves: [] }).inNoWave, 20);
  });
});

describe("a wave with maxBlocked", () => {
  const outside = [1, 2].map((n) => user(`outsider ${n}`, [direct("EMS")]));
  const parts = seedLike(groupsLicensed, { users: [...NAMES.map(groupsLicensed), ...outside] });
  const refusal = (maxBlocked: number | null, changes: Partial<PlanInput> = {}) =>
    plan(parts, { waves: [wave("everyone", percent(100), { maxBlocked })], ...changes }).waves[0]?.refusal;

  it("is refused when more users are blocked, with both numbers and the way out", () => {
    assert.equal(
      refusal(1),
      "wave everyone: 2 users are blocked, and maxBlocked allows 1. Nothing was removed. " +
        "See the reasons above and mend them, or raise maxBlocked: blocked users keep their direct licences either way.",
    );
    assert.ok(refusal(0) !== null);
  });

  it("is not, when as many are or fewer, or when there is no limit", () => {
    assert.deepEqual([refusal(2), refusal(3), refusal(null)], [null, null, null]);
  });

  it("counts users and not assignments", () => {
    const both = [user("outsider", [direct("EMS"), direct("ENTERPRISEPACK")])];
    const made = plan(seedLike(groupsLicensed, { users: [...NAMES.map(groupsLicensed), ...both] }), {
      waves: [wave("everyone", percent(100), { maxBlocked: 1 })],
    });
    assert.equal(made.waves[0]?.refusal, null);
  });

  it("is not refused while it is held: there is nothing to refuse yet", () => {
    assert.equal(refusal(0, { applyThrough: null }), null);
  });
});

describe("a change to a group that would take a plan from a user", () => {
  const narrow = declared("All users", license("EMS", { without: ["INTUNE_A"] }));
  const parts = (people: People): SnapshotParts =>
    seedLike(people, { declared: [narrow, FINANCE], groups: [settled(EVERYONE), settled(FINANCE)] });
  const given = (name: string, id: string, ...skus: string[]) => ({
    ...EMPTY_RECORD,
    groupLicenses: new Map([[name, groupOnRecord({ groupId: id, given: skus.map(skuId) })]]),
  });

  it("is refused: plans, users and ways out", () => {
    const [group] = plan(parts(moved)).groups;
    assert.match(group?.refusal ?? "", /^The change to the licences of All users would take INTUNE_A from 20 users \(/);
  });

  it("is not, while every member has it directly", () => {
    assert.equal(plan(parts(groupsLicensed)).groups[0]?.refusal, null);
  });

  it("a SKU that this stack gave and the file no longer declares", () => {
    const both = declared("All users", "EMS", "VISIOCLIENT");
    const withVisio: People = (name) =>
      user(name, [inherited("EMS", "All users"), inherited("VISIOCLIENT", "All users")]);
    const now = seedLike(withVisio, { groups: [settled(both), settled(FINANCE)] });
    const known = given("all-users", groupId("All users"), "EMS", "VISIOCLIENT");
    assert.match(plan(now, { record: known }).groups[0]?.refusal ?? "", /would take VISIO from 20 users/);
  });

  it("not a SKU that others gave: it stays, also when another group of this stack gave it", () => {
    const both = declared("All users", "EMS", "VISIOCLIENT");
    const withVisio: People = (name) =>
      user(name, [inherited("EMS", "All users"), inherited("VISIOCLIENT", "All users")]);
    const now = seedLike(withVisio, { groups: [settled(both), settled(FINANCE)] });
    assert.equal(plan(now).groups[0]?.refusal, null);
  });

  it("a logical name that came to stand for another group is refused: the first would be let go unseen", () => {
    const record = given("all-users", groupId("Another group"), "EMS");
    const { refusal } = plan(seedLike(groupsLicensed), { record }).groups[0] ?? {};
    assert.match(refusal ?? "", /stands for one group for life, so nothing was changed\. Declare All users under/);
  });

  it("a SKU that two groups stop giving in one run: neither vouches for the other", () => {
    const [one, other] = [declared("All users", "ENTERPRISEPACK"), declared("Devices", "ENTERPRISEPACK")];
    const gave = (name: string) => declared(name, "EMS", "ENTERPRISEPACK");
    const everybody = (name: string) =>
      user(
        name,
        ["All users", "Devices"].flatMap((group) => [inherited("EMS", group), inherited("ENTERPRISEPACK", group)]),
      );
    const parts: SnapshotParts = {
      declared: [one, other],
      users: NAMES.map(everybody),
      members: { "All users": NAMES, Devices: NAMES },
      groups: [settled(gave("All users")), settled(gave("Devices"))],
    };
    const given = [skuId("EMS"), skuId("ENTERPRISEPACK")];
    const groupLicenses = new Map(
      parts.declared.map(({ name, groupId }) => [name, groupOnRecord({ groupId, given })] as const),
    );
    for (const { refusal } of plan(parts, { record: { ...EMPTY_RECORD, groupLicenses } }).groups) {
      assert.match(refusal ?? "", /would take .*INTUNE_A.* from 20 users/);
    }
  });

  it("is allowed by the scoped word alone, for its own group, SKU and plan", () => {
    const allow = (group: string, plan: string, sku = "EMS") => [{ group, skuId: skuId(sku), planId: planId(plan) }];
    const refusalWith = (accepted: PlanInput["accepted"]) => plan(parts(moved), { accepted }).groups[0]?.refusal;
    assert.equal(refusalWith(allow("all-users", "INTUNE_A")), null);
    assert.notEqual(refusalWith(allow("finance", "INTUNE_A")), null);
    assert.notEqual(refusalWith(allow("all-users", "AAD_PREMIUM")), null);
    assert.notEqual(refusalWith(allow("all-users", "INTUNE_A", "EMSPREMIUM")), null);
  });
});

/** What a stack remembers of the small seed: all direct licences, and the users of the canary. */
function afterCanary(changes: Partial<PlanInput["record"]> = {}): PlanInput["record"] {
  const baseline = new Map(
    NAMES.map((name) => [
      userId(name),
      new Map(before(name).assignments.map(({ skuId, disabledPlans }) => [skuId, { skuId, disabledPlans }] as const)),
    ]),
  );
  return record({ canary: { taken: CANARY.map(userId), doneAtMs: NOON } }, { baseline, ...changes });
}

const CANARY = NAMES.slice(0, 3);
const canaryMoved: People = (name) => (CANARY.includes(name) ? moved(name) : groupsLicensed(name));

describe("people moved earlier", () => {
  const owedIn = (made: MigrationPlan): string =>
    owedLines(made.debts, { catalog, declared: [EVERYONE, FINANCE] }).join("\n");

  it("get their licence back, and hold every wave, when one of them, still a member, lacks a plan", () => {
    const broken: People = (name) =>
      name === CANARY[0] ? user(name, [inherited("EMS", "All users", { without: ["INTUNE_A"] })]) : canaryMoved(name);
    const made = plan(seedLike(broken), { record: afterCanary() });
    assert.match(
      owedIn(made),
      /^1 user is owed a direct EMS: moved earlier, still in their group, and lacking INTUNE_A\./,
    );
    assert.deepEqual(
      made.debts.owed.map((each) => each.license),
      [license("EMS"), license("ENTERPRISEPACK")],
    );
    for (const { hold, refusal } of made.waves) {
      assert.deepEqual([hold?.kind === "beyond-apply-through" ? "debts" : hold?.kind, refusal], ["debts", null]);
    }
  });

  it("are owed nothing once they are written off", () => {
    const broken: People = (name) =>
      name === CANARY[0] ? user(name, [inherited("EMS", "All users", { without: ["INTUNE_A"] })]) : canaryMoved(name);
    const debtEvidence = { ...NO_EVIDENCE, writtenOff: new Set([userId(CANARY[0] ?? "")]) };
    assert.deepEqual(plan(seedLike(broken), { record: afterCanary(), debtEvidence }).debts.owed, []);
  });

  it("hold nothing that is held already, or where the loss is accepted", () => {
    const broken: People = (name) =>
      name === CANARY[1] ? user(name, [inherited("EMS", "All users", { without: ["INTUNE_A"] })]) : canaryMoved(name);
    const noFinance = { "All users": NAMES, "Finance department": [] };
    const parts = seedLike(broken, { members: noFinance });
    const accepted = [{ group: "all-users", skuId: skuId("EMS"), planId: planId("INTUNE_A") }];
    const record = afterCanary();
    const held = (changes: Partial<PlanInput>) =>
      plan(parts, { record, ...changes }).waves.some(({ hold }) => hold?.kind === "debts");
    assert.ok(held({}));
    assert.ok(!held({ accepted }));
    assert.ok(!held({ applyThrough: null }));
  });

  it("an accepted loss covers its own source alone: the same plan, from another group that should give it, is missed", () => {
    const rms = "RMS_S_ENTERPRISE";
    const broken: People = (name) =>
      name === CANARY[0]
        ? user(name, [
            inherited("EMS", "All users", { without: [rms] }),
            inherited("ENTERPRISEPACK", "Finance department", { without: [rms] }),
          ])
        : canaryMoved(name);
    const allow = (group: string, sku: string) => ({ group, skuId: skuId(sku), planId: planId(rms) });
    const owedWith = (...accepted: PlanInput["accepted"]) =>
      owedIn(plan(seedLike(broken), { record: afterCanary(), accepted }));
    const [finance, everybody] = [allow("finance-department", "ENTERPRISEPACK"), allow("all-users", "EMS")];
    assert.match(
      owedWith(finance),
      /lacking RMS_S_ENTERPRISE\. .*acceptLoss: \[\{group: all-users, sku: EMS, plan: RMS_S_ENTERPRISE\}\]\./,
    );
    assert.notEqual(owedWith(everybody), "");
    assert.notEqual(owedWith(finance, allow("finance-department", "EMS")), "");
    assert.equal(owedWith(finance, everybody), "");
  });

  describe("with a direct SKU that another SKU replaced", () => {
    const E5_GROUP = declared("All users", "EMSPREMIUM");
    const world = (people: People, groups = [E5_GROUP, declared("Nobody", "EMS")]): SnapshotParts => ({
      declared: groups,
      users: NAMES.map(people),
      members: { "All users": NAMES, Nobody: [] },
    });
    const covered: People = (name) => user(name, [inherited("EMSPREMIUM", "All users")]);
    const failing: People = (name) =>
      name === CANARY[0]
        ? user(name, [inherited("EMSPREMIUM", "All users", { state: "Error", error: "CountViolation" })])
        : covered(name);
    const baseline = new Map(NAMES.map((name) => [userId(name), new Map([[skuId("EMS"), license("EMS")]])]));
    const record = afterCanary({ baseline });

    it("are no departures: the rule asks for plans", () => {
      const { departures, waves } = plan(world(covered), { record });
      assert.deepEqual([departures, waves.map(({ refusal }) => refusal)], [[], [null, null, null]]);
    });

    it("stop the waves when they lack a plan, and a rollback puts the SKU back that they had", () => {
      const rollback = [{ ...wave("canary", count(3)), rollback: true }, ...WAVES.slice(1)];
      assert.match(owedIn(plan(world(failing), { record })), /1 user is owed .* lacking AAD_PREMIUM, INTUNE_A, RMS/);
      const back = plan(world(failing), { record, waves: rollback }).waves[0]?.slices.flatMap((each) => each.restores);
      assert.deepEqual(
        new Set(back?.map(({ userId: id, license: { skuId: sku } }) => `${id} ${sku}`)),
        new Set(CANARY.map((name) => `${userId(name)} ${skuId("EMS")}`)),
      );
    });

    it("are departures where the plans left do not make up all of it, but for an accepted loss", () => {
      const narrow = declared("All users", license("EMSPREMIUM", { without: ["INTUNE_A"] }));
      const parts = world(
        (name) => user(name, [inherited("EMSPREMIUM", "All users", { without: ["INTUNE_A"] })]),
        [narrow, declared("Nobody", "EMS")],
      );
      const allow = (group: string) => [{ group, skuId: skuId("EMSPREMIUM"), planId: planId("INTUNE_A") }];
      assert.equal(plan(parts, { record }).departures.length, NAMES.length);
      assert.deepEqual(plan(parts, { record, accepted: allow("all-users") }).departures, []);
      assert.equal(plan(parts, { record, accepted: allow("nobody") }).departures.length, NAMES.length);
    });

    it("and a user that has left the group is a departure still", () => {
      const members = { "All users": NAMES.slice(1), Nobody: [] };
      assert.deepEqual(plan({ ...world(covered), members }, { record }).departures, [userId(NAMES[0] ?? "")]);
    });
  });

  it("are regressions also where a licence from an unknown source is left: it may end at any time", () => {
    const fromNowhere: People = (name) =>
      name === CANARY[0]
        ? user(name, [inherited("EMS", "All users", { state: "Error" })], { assignedLicenses: [license("EMS")] })
        : canaryMoved(name);
    const made = plan(seedLike(fromNowhere), { record: afterCanary() });
    assert.match(owedIn(made), /1 user is owed .*still in their group, and lacking/);
  });

  it("that left the group are departures, not regressions", () => {
    const left = CANARY[0] ?? "";
    const members = { "All users": NAMES.slice(1), "Finance department": IN_FINANCE.slice(1) };
    const users = NAMES.slice(1).map(canaryMoved);
    const made = plan(seedLike(canaryMoved, { members, users }), { record: afterCanary() });
    assert.deepEqual(made.departures, [userId(left)]);
    assert.ok(made.waves.every(({ refusal }) => refusal === null));
  });

  it("and killed in the middle are of the canary again: the same ones are chosen, and recorded", () => {
    const chosen = plan(seedLike(groupsLicensed)).waves[0]?.slices.flatMap(({ removals }) => removals) ?? [];
    const ids = [...new Set(chosen.map((each) => each.userId))];
    const killed: People = (name) => (ids.slice(0, 2).includes(userId(name)) ? moved(name) : groupsLicensed(name));
    const again = plan(seedLike(killed), { record: { ...afterCanary(), waves: new Map() } });
    const slice = again.waves[0]?.slices[0];
    assert.deepEqual(new Set(slice?.removals.map((each) => each.userId)), new Set(ids.slice(2)));
    const unrecorded = slice?.movedUnrecorded ?? [];
    assert.deepEqual(new Set(unrecorded.map((each) => each.userId)), new Set(ids.slice(0, 2)));
    assert.ok(unrecorded.some((each) => each.skuId === skuId("EMS")));
  });
});

describe("a wave that is rolled back", () => {
  it("is the way out of a regression whichever wave it is: those before it wait, and refuse nothing", () => {
    const broken: People = (name) =>
      name === CANARY[0] ? user(name, [inherited("EMS", "All users", { without: ["INTUNE_A"] })]) : canaryMoved(name);
    const waves = [wave("pilot", count(1)), { ...wave("canary", count(3)), rollback: true }, ...WAVES.slice(1)];
    const made = plan(seedLike(broken), { waves, record: afterCanary() }).waves;
    assert.deepEqual(made[0]?.hold, { kind: "debts", users: 1 });
    assert.ok(made.every(({ refusal }) => refusal === null));
    assert.ok((made[1]?.slices.flatMap(({ restores }) => restores) ?? []).length > 0);
  });

  const back = [{ ...wave("canary", count(3)), rollback: true }, ...WAVES.slice(1)];

  it("puts back what is on record, removes nothing, and holds what comes after it", () => {
    const { waves } = plan(seedLike(canaryMoved), { waves: back, record: afterCanary(), applyThrough: null });
    const [canary, ...later] = waves;
    assert.ok(canary);
    assert.equal(canary.mode, "restore");
    assert.equal(canary.hold, null);
    const restores = canary.slices.flatMap((slice) => slice.restores);
    assert.deepEqual(
      new Set(restores.map((each) => `${each.userId} ${each.license.skuId}`)),
      new Set(
        CANARY.flatMap((name) => [`${userId(name)} ${skuId("EMS")}`, `${userId(name)} ${skuId("ENTERPRISEPACK")}`]),
      ),
    );
    assert.deepEqual(
      canary.slices.flatMap((slice) => slice.removals),
      [],
    );
    assert.ok(later.every(({ hold }) => hold !== null));
    const through = plan(seedLike(canaryMoved), { waves: back, record: afterCanary() }).waves[1];
    assert.deepEqual(through?.hold, { kind: "rollback", after: "canary" });
  });

  it("gives nothing back to users that left the group since", () => {
    const members = { "All users": NAMES, "Finance department": [] };
    const { waves } = plan(seedLike(canaryMoved, { members }), { waves: back, record: afterCanary() });
    const skus = waves[0]?.slices.flatMap((slice) => slice.restores.map(({ license }) => license.skuId));
    assert.deepEqual(new Set(skus), new Set([skuId("EMS")]));
  });
});

describe("what Pulumi protects", () => {
  it("nothing before the first wave may run, everything from then on, nothing after a rollback", () => {
    assert.equal(plan(seedLike(groupsLicensed), { applyThrough: null }).isProtected, false);
    assert.equal(plan(seedLike(groupsLicensed)).isProtected, true);
    assert.equal(plan(seedLike(canaryMoved), { record: afterCanary(), applyThrough: null }).isProtected, true);
  });

  const protectedGroups = (parts: SnapshotParts, changes: Partial<PlanInput> = {}) =>
    plan(parts, { applyThrough: null, ...changes })
      .groups.filter((each) => each.isProtected)
      .map(({ declared }) => declared.displayName);

  it("a group for its own members: not while all of them have it directly, though others depend on their groups", () => {
    const onlyEms: People = (name) => user(name, [inherited("EMS", "All users"), ...financeDirectly(name)]);
    const financeDirectly = (name: string) =>
      IN_FINANCE.includes(name) ? [direct("ENTERPRISEPACK"), inherited("ENTERPRISEPACK", "Finance department")] : [];
    assert.deepEqual(protectedGroups(seedLike(onlyEms)), ["All users"]);
    assert.equal(plan(seedLike(onlyEms), { applyThrough: null }).isProtected, true, "the record is of all users");
  });

  it("a group from the run on in which a wave makes a user depend on it", () => {
    const canary = [wave("canary", { kind: "users", users: [NAMES[9] ?? ""] }), ...WAVES.slice(1)];
    const named = new Map([["canary", new Set([userId(NAMES[9] ?? "")])]]);
    const outsideFinance = { waves: canary, named, applyThrough: "canary" };
    assert.deepEqual(protectedGroups(seedLike(groupsLicensed), outsideFinance), ["All users"]);
    assert.deepEqual(protectedGroups(seedLike(groupsLicensed), { applyThrough: "everyone" }), [
      "All users",
      "Finance department",
    ]);
    const bareGroups = { groups: [bare(EVERYONE), bare(FINANCE)] };
    assert.deepEqual(protectedGroups(seedLike(before, bareGroups), outsideFinance), ["All users"], "as predicted, too");
  });

  it("both of two groups that give the same: neither may vouch for the other while both can be destroyed", () => {
    const [one, other] = [declared("All users", "EMS"), declared("Devices", "EMS")];
    const twice: People = (name) => user(name, [inherited("EMS", "All users"), inherited("EMS", "Devices")]);
    const parts = { declared: [one, other], users: NAMES.map(twice), members: { "All users": NAMES, Devices: NAMES } };
    assert.deepEqual(protectedGroups(parts), ["All users", "Devices"]);
  });

  it("not a group with only accepted losses; the record stays protected while a direct licence of one member is gone", () => {
    const visio = declared("Drawing", "VISIOCLIENT");
    const parts: SnapshotParts = {
      declared: [EVERYONE, visio],
      users: NAMES.map((name) =>
        user(name, [direct("EMS"), inherited("EMS", "All users"), inherited("VISIOCLIENT", "Drawing")]),
      ),
      members: { "All users": NAMES, Drawing: NAMES },
    };
    const allow = (sku: string) => ({ accepted: [{ group: "drawing", skuId: skuId(sku), planId: planId("VISIO") }] });
    assert.deepEqual(protectedGroups(parts), ["Drawing"]);
    assert.deepEqual(protectedGroups(parts, allow("VISIOCLIENT")), []);
    assert.deepEqual(protectedGroups(parts, allow("EMS")), ["Drawing"]);
    const isRecordProtected = (...recorded: readonly string[]) => {
      const visioDirectly = recorded.map((name) => user(name, [direct("VISIOCLIENT")]));
      const baseline = baselineOf(visioDirectly, () => new Set([skuId("VISIOCLIENT")]));
      return plan(parts, { applyThrough: null, ...allow("VISIOCLIENT"), record: record({}, { baseline }) }).isProtected;
    };
    assert.equal(isRecordProtected(NAMES[0] ?? ""), true);
    assert.equal(isRecordProtected("left"), false, "a user in no group");
    assert.equal(isRecordProtected(), false, "all of them joined without a direct licence, or gained the plan");
  });
});

describe("the digest of a slice", () => {
  const remove = { userId: userId("ada"), skuId: skuId("EMS") };
  const blocked = { ...remove, reason: { kind: "plans-missing", planIds: [planId("INTUNE_A")] } } as const;

  it("changes with each removal, each block and each reason", () => {
    const all = [
      sliceDigest([], []),
      sliceDigest([remove], []),
      sliceDigest([{ ...remove, skuId: skuId("ENTERPRISEPACK") }], []),
      sliceDigest([], [blocked]),
      sliceDigest([], [{ ...blocked, reason: { kind: "plans-missing", planIds: [planId("TEAMS1")] } }]),
      sliceDigest([], [{ ...blocked, reason: { kind: "source-unknown" } }]),
    ];
    assert.equal(new Set(all).size, all.length);
  });

  it("does not depend on the order", () => {
    const other = { ...remove, userId: userId("ben") };
    assert.equal(sliceDigest([remove, other], [blocked]), sliceDigest([other, remove], [blocked]));
  });
});

describe("waves in time", () => {
  const waves = [wave("canary", count(3), { soakMs: 24 * HOUR }), wave("everyone", percent(100))];

  it("a wave behind one that soaks is held, and its plan is shown all the same", () => {
    const first = plan(seedLike(groupsLicensed), { waves });
    assert.deepEqual(
      first.waves.map(({ hold }) => hold?.kind ?? null),
      [null, "soak"],
    );
    assert.ok((first.waves[1]?.slices[0]?.removals.length ?? 0) > 0);
    const canary = { ...recordAfter(first, NOON - 24 * HOUR) };
    const later = plan(seedLike(groupsLicensed), { waves, record: canary });
    assert.deepEqual(
      later.waves.map(({ hold }) => hold),
      [null, null],
    );
  });

  it("each wave knows its place, and a canary that is done still goes before the others", () => {
    const last = new Map([["the boss", userId(NAMES[0] ?? "")]]);
    const changes = { waves, moveLast: last };
    const first = plan(seedLike(groupsLicensed), changes);
    const after = { wave: "canary", users: 3, soakMs: 24 * HOUR };
    assert.deepEqual(
      first.waves.map(({ place }) => place),
      [
        { number: 1, of: 2, users: 3, after: { wave: "", users: 0, soakMs: 0 } },
        { number: 2, of: 2, users: 17, after },
      ],
    );
    const gone = new Set(first.waves[0]?.slices.flatMap(({ removals }) => removals.map(({ userId: id }) => id)));
    assert.ok(!gone.has(userId(NAMES[0] ?? "")), "the user to move last is not in the canary");
    const people: People = (name) => (gone.has(userId(name)) ? moved(name) : groupsLicensed(name));
    const canary = record(
      { canary: { taken: [...gone], doneAtMs: NOON } },
      { baseline: baselineOf(snapshot(seedLike(groupsLicensed)).users.values(), () => new Set([skuId("EMS")])) },
    );
    const [done, behind] = plan(seedLike(people), { ...changes, record: canary }).waves;
    assert.equal(done?.place.users, 0);
    assert.deepEqual(behind?.place, { number: 2, of: 2, users: 17, after });
  });

  it("a wave has at least one slice, so that it can be done without a user in it", () => {
    const empty = plan(seedLike(moved), { waves }).waves;
    assert.deepEqual(
      empty.map(({ slices }) => slices.map(({ number, of }) => `${number} of ${of}`)),
      [["1 of 1"], ["1 of 1"]],
    );
  });

  it("a wave of many has more, and users taken once count for the number of slices", () => {
    const many = Array.from({ length: 1_200 }, (_, n) => `many ${n}`);
    const taken = many.map((name) => userId(name));
    const members = { "All users": many, "Finance department": [] };
    const one = [wave("everyone", percent(100))];
    const first = plan(seedLike(groupsLicensed, { users: many.map(groupsLicensed), members }), { waves: one });
    assert.equal(first.waves[0]?.slices.length, 2);
    assert.ok(first.waves[0].slices.every(({ removals }) => removals.length > 500));
    const later = plan(seedLike(moved, { users: many.map(moved), members }), {
      waves: one,
      record: record({ everyone: { taken, doneAtMs: NOON } }),
    });
    assert.equal(later.waves[0]?.slices.length, 2);
  });
});
