import fc, { type Arbitrary } from "fast-check";
import type { ViolationCause } from "../../emulator";
import {
  LEAVINGS,
  MOMENTS,
  STATUSES,
  WEATHERS,
  type Case,
  type ChangeCase,
  type Deed,
  type GroupCase,
  type Happening,
  type LicenseCase,
} from "./case";
import type { MoveCase, Replacing, RunCase, Trouble, UserCase } from "./case";
import { changed, CHANGINGS } from "./changing";
import { moved, MOVINGS } from "./moving";
import { renewed, RENEWALS } from "./renewal";

/** Random cases, weighted so that most users could be moved, and few could not: the interesting ones are in between. */

const PLANS = 7;
const CAUSES: readonly ViolationCause[] = [
  "CountViolation",
  "MutuallyExclusiveViolation",
  "DependencyViolation",
  "ProhibitedInUsageLocationViolation",
  "UniquenessViolation",
  "Other",
];

const index = fc.nat({ max: 24 });
const plan = fc.nat({ max: PLANS - 1 });
const sku = fc.nat({ max: 2 });
const group = fc.nat({ max: 2 });
const seldom = <T>(of: Arbitrary<T>, oneIn: number): Arbitrary<T | null> =>
  fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: of });
const now = (oneIn: number): Arbitrary<boolean> => fc.nat({ max: oneIn - 1 }).map((drawn) => drawn === oneIn - 1);
const off = (most: number): Arbitrary<readonly number[]> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<readonly number[]>([]) },
    { weight: 1, arbitrary: fc.uniqueArray(plan, { minLength: 1, maxLength: most }) },
  );
const license = (most: number): Arbitrary<LicenseCase> => fc.record({ sku, off: off(most) });
const licenses = (most: number): Arbitrary<LicenseCase[]> =>
  fc.uniqueArray(license(most), { minLength: 1, maxLength: 2, selector: (each) => each.sku });

const user: Arbitrary<UserCase> = fc.record({
  direct: fc.uniqueArray(license(6), { maxLength: 3, selector: (each) => each.sku }),
  memberOf: fc.oneof(
    { weight: 4, arbitrary: fc.uniqueArray(group, { minLength: 1, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.constant([]) },
  ),
  nowhere: now(20),
  restricted: now(25),
  ends: seldom(group, 15),
  retired: now(8),
  hidden: seldom(sku, 20),
  abroad: now(20),
  error: seldom(fc.record({ group, sku, cause: fc.constantFrom(...CAUSES) }), 12),
});

const replaces = fc.oneof(
  { weight: 2, arbitrary: fc.constant<readonly Replacing[]>([]) },
  { weight: 1, arbitrary: fc.array(fc.record({ sku, by: sku }), { minLength: 1, maxLength: 3 }) },
);

const oneGroup: Arbitrary<GroupCase> = fc.record({
  declares: licenses(1),
  replaces,
  gives: fc.oneof(
    { weight: 9, arbitrary: fc.constant("declared" as const) },
    { weight: 9, arbitrary: fc.constant("nothing" as const) },
    { weight: 5, arbitrary: fc.constant("less" as const) },
    { weight: 1, arbitrary: fc.constant("more" as const) },
  ),
});

const trouble: Arbitrary<Trouble> = fc.record({
  kind: fc.constant("trouble" as const),
  effect: fc.constantFrom<Trouble["effect"][]>("reset", "lost", 409, 429, 429, 500, 503, 504, 504),
  retryAfter: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(1, 2, 5, 17) },
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constant(900) },
  ),
  afterDoing: fc.boolean(),
  // The last one lasts until the run is over: what has to be put back then cannot be, and is owed.
  times: fc.constantFrom(1, 1, 2, 4, 30, 10_000),
});

const deed: Arbitrary<Deed> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom("leave", "leave", "join"), user: index, group }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom("narrow", "drop", "as declared", "give again"), group, plan }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("direct", "no direct"), user: index, license: license(2) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete"), user: index }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("subscription"), sku, status: fc.constantFrom(...STATUSES) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("ends", "lasts"), user: index, group }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("location"), user: index, isThere: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restricted"), user: index, isRestricted: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("retire"), sku, plan }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("seats"), sku, free: fc.nat({ max: 2 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("error"),
      user: index,
      group,
      sku,
      cause: fc.option(fc.constantFrom(...CAUSES), { freq: 3 }),
    }),
  },
);

const clock = fc.constant({ kind: "clock" as const });

function happening(what: Arbitrary<Happening["what"]>): Arbitrary<Happening> {
  return fc.record({
    at: fc.constantFrom(...MOMENTS),
    after: fc.oneof({ weight: 2, arbitrary: fc.nat({ max: 3 }) }, { weight: 1, arbitrary: fc.nat({ max: 40 }) }),
    what,
    seconds: fc.constantFrom(0, 0, 1, 90, 600),
  });
}

/** Graph does as it is asked by a write, and then fails for its user until the run is over: nothing can be read back, or put back. */
const unread: Arbitrary<Happening> = fc.record({
  at: fc.constantFrom("user write" as const, "user write" as const, "leave" as const),
  after: fc.nat({ max: 2 }),
  what: trouble.map((each) => ({ ...each, times: 10_000 })),
  isOfItsUser: fc.constant(true),
  seconds: fc.constant(0),
});

/** Something is taken from a user between the proof and the write. */
const inTheWindow: Arbitrary<Happening> = fc.record({
  at: fc.constantFrom("user write" as const, "user write" as const, "leave" as const),
  after: fc.nat({ max: 2 }),
  what: fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("leave" as const), user: index, group }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("restricted" as const), user: index, isRestricted: fc.constant(true) }),
    },
  ),
  isOfItsUser: fc.constant(true),
  seconds: fc.constant(0),
});

const sometimes = (oneIn: number, of: Arbitrary<Happening[]>): Arbitrary<Happening[]> =>
  fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant<Happening[]>([]) }, { weight: 1, arbitrary: of });

function run(what: Arbitrary<Happening["what"]>, besides: Arbitrary<Happening[]>): Arbitrary<RunCase> {
  return fc.record({
    minutesBefore: fc.constantFrom(16, 20, 120),
    rollback: now(12),
    happenings: fc
      .tuple(besides, fc.array(happening(what), { maxLength: 6, size: "max" }))
      .map(([first, others]) => [...first, ...others]),
    stopAfter: seldom(fc.nat({ max: 2 }), 12),
    killAfter: seldom(fc.nat({ max: 6 }), 8),
  });
}

/** In some of the cases the first group is there to replace the product of most users by another one. */
const renewal = seldom(
  fc.record({
    // A swap that is taken back is seldom: the group has often taken it over by then.
    kind: fc.constantFrom(...RENEWALS, ...RENEWALS.slice(-1), ...RENEWALS.slice(-1)),
    plans: fc.uniqueArray(plan, { minLength: 2, maxLength: 4 }),
    more: fc.uniqueArray(plan, { maxLength: 2 }),
    goesBack: now(2),
  }),
  3,
);

/** In some of the cases most users are members of the first group, and go to the second one. */
const moving = seldom(
  fc.record({
    kind: fc.constantFrom(...MOVINGS),
    plans: fc.uniqueArray(plan, { minLength: 2, maxLength: 4 }),
    more: fc.uniqueArray(plan, { minLength: 1, maxLength: 2 }),
    holders: fc.nat({ max: 2 }),
    goesBack: now(3),
  }),
  4,
);

/** In few of the cases the stack file gives the first group, of which most users are members, another licence between two runs. */
const changing = seldom(
  fc.record({
    kind: fc.constantFrom(...CHANGINGS, "more" as const, "what excludes it" as const),
    plans: fc.uniqueArray(plan, { minLength: 2, maxLength: 4 }),
    more: fc.uniqueArray(plan, { minLength: 1, maxLength: 2 }),
    holders: fc.nat({ max: 2 }),
    replaces: now(2),
    isNamed: now(2),
    isClean: fc.boolean(),
    isCalmBefore: fc.boolean(),
    goesBack: now(3),
  }),
  10,
);

/** In few of the others it changes anything of a group. */
const anyChanges = seldom(
  fc.array(
    fc.record<ChangeCase>({
      before: fc.nat({ max: 3 }),
      group,
      declares: licenses(1),
      replaces,
      leaving: fc.constantFrom(...LEAVINGS),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  20,
).map((drawn) => drawn ?? []);

function caseOf(what: Arbitrary<Happening["what"]>, besides: Arbitrary<Happening[]>): Arbitrary<Case> {
  return fc.tuple(plainCaseOf(what, besides), renewal, moving, changing).map(([plain, renewing, going, other]) => {
    if (other !== null) return changed(plain, other);
    if (going !== null) return moved(plain, going);
    return renewing === null ? plain : renewed(plain, renewing);
  });
}

function plainCaseOf(what: Arbitrary<Happening["what"]>, besides: Arbitrary<Happening[]>): Arbitrary<Case> {
  return fc.record({
    weather: fc.constantFrom(...WEATHERS),
    skus: fc.array(fc.uniqueArray(plan, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3, size: "max" }),
    users: fc.oneof(
      { weight: 9, arbitrary: fc.array(user, { minLength: 1, maxLength: 10, size: "max" }) },
      { weight: 1, arbitrary: fc.array(user, { minLength: 18, maxLength: 25, size: "max" }) },
    ),
    groups: fc.array(oneGroup, { minLength: 1, maxLength: 3, size: "max" }),
    changes: anyChanges,
    moves: fc.oneof(
      { weight: 5, arbitrary: fc.constant<MoveCase[]>([]) },
      { weight: 1, arbitrary: fc.array(fc.record({ from: group, to: group }), { minLength: 1, maxLength: 2 }) },
    ),
    nested: fc.uniqueArray(index, { maxLength: 3 }),
    statuses: fc.array(seldom(fc.constantFrom(...STATUSES), 8), { minLength: 3, maxLength: 3 }),
    seatsFree: fc.array(seldom(fc.nat({ max: 2 }), 6), { minLength: 3, maxLength: 3 }),
    exclusive: seldom(fc.tuple(plan, plan), 10),
    successors: fc.oneof(
      { weight: 3, arbitrary: fc.constant<[number, number][]>([]) },
      { weight: 1, arbitrary: fc.array(fc.tuple(plan, plan), { minLength: 1, maxLength: 2 }) },
    ),
    trial: seldom(sku, 12),
    acceptNoWayBack: fc.oneof(
      { weight: 12, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
      { weight: 2, arbitrary: fc.uniqueArray(sku, { minLength: 1, maxLength: 2 }) },
    ),
    waves: fc.record({
      canary: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 1 }),
      soakMs: fc.constantFrom(0, 3_600_000),
    }),
    usersPerUnit: fc.constantFrom(1, 2, 3, 60),
    delays: fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 5 }),
    runs: fc.array(run(what, besides), { minLength: 1, maxLength: 3, size: "max" }),
  });
}

/** Everything that can go wrong, without changes by others. */
export const casesOfTrouble: Arbitrary<Case> = caseOf(
  fc.oneof({ weight: 5, arbitrary: trouble }, clock),
  sometimes(
    4,
    unread.map((each) => [each]),
  ),
);

/** Other people change the tenant at the same time. */
export const casesOfPeople: Arbitrary<Case> = caseOf(
  fc.oneof({ weight: 3, arbitrary: trouble }, { weight: 4, arbitrary: deed }, clock),
  sometimes(
    4,
    fc.tuple(inTheWindow, unread).map(([deed, outage]) => [deed, { ...outage, at: deed.at, after: deed.after }]),
  ),
);
