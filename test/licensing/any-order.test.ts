import assert from "node:assert/strict";
import fc from "fast-check";
import { removalInputs } from "../../dynamic-providers/removal/removal-inputs";
import { packBaseline } from "../../licensing/record/baseline";
import { Catalog } from "../../licensing/catalog/catalog";
import { licensesAfterRun } from "../../licensing/record/licenses-after";
import { membersInError } from "../../licensing/inheritance/members-in-error";
import type { Assignment, LicensedUser } from "../../licensing/model";
import type { PlanInput } from "../../licensing/plan/plan";
import { planMigration } from "../../licensing/plan/plan-migration";
import { planDocument } from "../../licensing/plan-document/plan-document";
import { formatChange } from "../../licensing/plan/group-words";
import { nestedUsersOf, type TenantSnapshot } from "../../licensing/snapshot";
import {
  bare,
  count,
  declared,
  direct,
  E3,
  EMS,
  inherited,
  license,
  nestedGroup,
  percent,
  record,
  settled,
  snapshot,
  user,
  userId,
  VISIO,
  wave,
} from "./builders";

const NOW_MS = Date.parse("2026-11-22T08:30:00.000Z");
const STAFF = declared("Staff", "EMS", license("ENTERPRISEPACK", { without: ["YAMMER", "TEAMS1"] }));
const DRAWERS = declared("Drawers", "VISIOCLIENT", "EMS");
const NAMES = Array.from({ length: 24 }, (_, index) => `person${index}`);

/** People of every kind: to be moved whole or in part, blocked for each reason, moved before, put back. */
function person(name: string, index: number): LicensedUser {
  const kinds: readonly (readonly Assignment[])[] = [
    [direct("EMS"), inherited("EMS", "Staff"), direct("VISIOCLIENT")],
    [direct("ENTERPRISEPACK", { without: ["TEAMS1", "YAMMER"] }), inherited("EMS", "Staff"), direct("EMS")],
    [direct("ENTERPRISEPACK"), inherited("ENTERPRISEPACK", "Staff", { without: ["YAMMER", "TEAMS1"] })],
    [direct("EMS"), inherited("EMS", "Staff", { state: "Error", error: "CountViolation" })],
    [inherited("EMS", "Staff"), inherited("ENTERPRISEPACK", "Staff", { without: ["YAMMER", "TEAMS1"] })],
    [direct("VISIOCLIENT", { without: ["VISIO"] }), direct("EMS", { without: ["INTUNE_A", "AAD_PREMIUM"] })],
  ];
  return user(name, kinds[index % kinds.length] ?? []);
}

const tenant = snapshot({
  declared: [STAFF, DRAWERS],
  groups: [settled(STAFF), { ...bare(DRAWERS), licenses: [license("EMS")] }],
  users: NAMES.map(person),
  members: { Staff: NAMES.slice(0, 20), Drawers: NAMES.slice(6, 15) },
  nested: {
    Staff: [
      nestedGroup(
        "Interns",
        NAMES.slice(20).map((name) => user(name)),
      ),
      nestedGroup("Guests", []),
    ],
  },
  catalog: new Catalog([EMS, E3, { ...VISIO, prepaidUnits: { ...VISIO.prepaidUnits, enabled: 3 } }]),
});

/** The same as Graph may list it another time: everything that is a set, in another order. */
function shuffled(now: TenantSnapshot, seed: number): TenantSnapshot {
  const order = <T>(all: Iterable<T>): T[] =>
    [...all]
      .map((each, index) => ({ each, at: Math.sin(seed * 7919 + index * 104_729) }))
      .sort((a, b) => a.at - b.at)
      .map(({ each }) => each);
  const licenses = <T extends { readonly disabledPlans: readonly string[] }>(all: readonly T[]) =>
    order(all).map((each) => ({ ...each, disabledPlans: order(each.disabledPlans) }));
  return {
    ...now,
    catalog: new Catalog(order(now.catalog.skus).map((sku) => ({ ...sku, servicePlans: order(sku.servicePlans) }))),
    groups: new Map(order(now.groups).map(([id, group]) => [id, { ...group, licenses: licenses(group.licenses) }])),
    users: new Map(
      order(now.users).map(([id, each]) => [
        id,
        { ...each, assignments: licenses(each.assignments), assignedLicenses: licenses(each.assignedLicenses) },
      ]),
    ),
    members: new Map(order(now.members).map(([id, members]) => [id, new Set(order(members))])),
    nested: new Map(order(now.nested).map(([id, nested]) => [id, order(nested)])),
  };
}

/** All that a saved plan holds of a run, and the plan for people. */
function allOf(now: TenantSnapshot, changes: Partial<PlanInput>) {
  const moved = NAMES.filter((_, index) => index % 6 === 4).map(userId);
  const waves = [wave("canary", count(3)), wave("half", percent(50)), wave("everyone", percent(100))];
  const stackRecord = record(
    { canary: { taken: moved.slice(0, 2), doneAtMs: 0 } },
    {
      baseline: new Map(
        moved.map((id) => [id, new Map([[EMS.id, { skuId: EMS.id, disabledPlans: [] }]] as const)] as const),
      ),
    },
  );
  const input: PlanInput = {
    snapshot: now,
    waves,
    named: new Map(),
    moveLast: new Map([["person1@contoso.com", userId("person1")]]),
    applyThrough: "everyone",
    record: stackRecord,
    accepted: [],
    after: licensesAfterRun(now, stackRecord),
    country: "CH",
    nowMs: NOW_MS,
    ...changes,
  };
  const plan = planMigration(input);
  const surroundings = {
    connection: { cloud: "global", tenant: "contoso.com" },
    snapshot: now,
    nestedUsers: nestedUsersOf(now),
    inError: membersInError(now),
    moveLast: plan.moveLast,
    baselineDigest: "",
    timeouts: { processingMs: 1, inheritanceMs: 1, settleMs: 1, putBackMs: 900_000 },
    showNames: false,
  } as const;
  return {
    inputs: JSON.parse(
      JSON.stringify([
        plan.groups.map((group) => [formatChange(group, now.catalog), group.refusal, Object.fromEntries(group.others)]),
        plan.inheritanceDigest,
        packBaseline(plan.baseline),
        plan.waves.flatMap((each) => each.slices.map((slice) => removalInputs(each, slice, surroundings))),
      ]),
    ) as unknown,
    document: planDocument({ stack: "contoso", tenant: "contoso.com", input, plan, warnings: [], showNames: false }),
  };
}

describe("the plan is the same in any order of Graph's lists", () => {
  for (const [what, changes] of [
    ["forward", {}],
    [
      "with a wave that is put back",
      { waves: [wave("canary", count(3), { rollback: true }), wave("everyone", percent(100))] },
    ],
  ] as const) {
    it(what, () => {
      const first = allOf(tenant, changes);
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
          const again = allOf(shuffled(tenant, seed), changes);
          assert.deepEqual(again, first);
          assert.equal(
            JSON.stringify(again.document),
            JSON.stringify(first.document),
            "the order of keys is that of words",
          );
        }),
        { numRuns: 30 },
      );
    });
  }
});
