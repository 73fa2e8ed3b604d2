import assert from "node:assert/strict";
import { planDifferences } from "../../../licensing/plan-document/differences";
import { planDocumentSchema, type PlanDocument } from "../../../licensing/plan-document/schema";

type Wave = PlanDocument["waves"][number];
type Group = PlanDocument["groups"][number];

const user = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const AT = "2026-11-20T10:00:00.000Z";

const canary: Wave = {
  name: "canary",
  takes: "20 users",
  mode: "remove",
  state: "runs",
  hold: null,
  doneAt: null,
  soakMs: 0,
  startsAt: AT,
  maxBlocked: null,
  planned: { EMS: 2 },
  plannedUsers: 2,
  blockedUsers: 1,
  mayLackSeat: 0,
  successions: {},
  swaps: {},
  takesBack: {},
  movedBefore: {},
  assignments: [{ sku: "EMS", disabledPlans: [], userIds: [user(1), user(2)] }],
  moves: [],
};

const staff: Group = {
  name: "staff",
  id: user(901),
  displayName: "Staff",
  members: 3,
  joining: 0,
  gives: [{ sku: "EMS", disabledPlans: [], replaces: [], change: "assign", newHolders: 0 }],
  takenOff: [],
  readsBack: [],
  nested: [],
  errors: [],
};

const reviewed: PlanDocument = planDocumentSchema.parse({
  version: 1,
  stack: "contoso",
  tenant: "contoso.com",
  plannedAt: AT,
  verdict: { word: "safe", label: "Safe", summary: "Safe" },
  predicted: false,
  applyThrough: "canary",
  users: 3,
  refusals: [],
  skus: [],
  groups: [staff],
  waves: [canary],
  inNoWave: 0,
  blocked: {
    moves: { whole: 0, inPart: 0, notAtAll: 1 },
    users: 1,
    reasons: [{ kind: "not-a-member", sku: "EMS", words: "not a member of Staff", remedy: "Add them", users: 1 }],
    assignments: [{ userId: user(3), wave: "canary", reason: 0 }],
  },
  acceptedLosses: [],
  findings: [],
  drift: { returned: [], auditGap: null },
  addedPlans: [],
  undeclared: [],
  debts: [],
  departures: [],
  warnings: [],
  names: null,
});

const withWave = (change: Partial<Wave>): PlanDocument => ({ ...reviewed, waves: [{ ...canary, ...change }] });
const withGroup = (change: Partial<Group>): PlanDocument => ({ ...reviewed, groups: [{ ...staff, ...change }] });
const moving = (...userIds: string[]) => withWave({ assignments: [{ sku: "EMS", disabledPlans: [], userIds }] });

describe("differences between a reviewed plan and what would happen now", () => {
  it("are none when the plan was only made at another time, for other seats and words", () => {
    const now = {
      ...reviewed,
      plannedAt: "2026-11-21T10:00:00.000Z",
      warnings: ["another"],
      verdict: { word: "needs-a-look" as const, label: "Needs a look", summary: "Look" },
    };
    assert.deepEqual(planDifferences(reviewed, now), []);
  });

  it("name a user that would be moved and is not in the reviewed plan", () => {
    assert.deepEqual(planDifferences(reviewed, moving(user(1), user(2), user(4))), [
      `wave canary: 1 user (${user(4)}) not in the plan would be removed`,
    ]);
  });

  it("name five of the users that would not be moved any more, and count the rest", () => {
    const many = moving(...Array.from({ length: 8 }, (_, index) => user(index)));
    assert.deepEqual(planDifferences(many, moving()), [
      `wave canary: 8 users (${[0, 1, 2, 3, 4].map(user).join(", ")}, and 3 more) in the plan would not be removed any more`,
    ]);
  });

  it("see a SKU that was added for the same user, and other disabled plans in a rollback", () => {
    const twoSkus = withWave({
      assignments: [...canary.assignments, { sku: "E3", disabledPlans: [], userIds: [user(1)] }],
    });
    assert.match(planDifferences(reviewed, twoSkus).join(), /1 user \(.*000001\) not in the plan would be removed/);
    const back = (disabledPlans: string[]) =>
      withWave({ mode: "restore", assignments: [{ sku: "EMS", disabledPlans, userIds: [user(1)] }] });
    assert.match(planDifferences(back([]), back(["YAMMER"])).join(), /not in the plan would be put back/);
  });

  it("tell a removal that would add a licence in the same call, and a rollback that would take one back", () => {
    const swap = withWave({ swaps: { "E1 for a direct E3": 2 } });
    assert.deepEqual(planDifferences(reviewed, swap), [
      "wave canary: the plan was to swap nothing, and now is to swap E1 for a direct E3 for 2 users",
    ]);
    const back = (takesBack: Wave["takesBack"]) => withWave({ mode: "restore", takesBack });
    assert.deepEqual(planDifferences(back({ E3: 2 }), back({ E3: 1 })), [
      "wave canary: the plan was to take back E3 from 2 users, and now is to take back E3 from 1 user",
    ]);
    assert.deepEqual(planDifferences(swap, swap), []);
  });

  it("tell the users that are blocked now, and those that no longer are", () => {
    const free = {
      ...reviewed,
      blocked: { users: 0, moves: { whole: 0, inPart: 0, notAtAll: 0 }, reasons: [], assignments: [] },
    };
    assert.deepEqual(planDifferences(free, reviewed), [
      `wave canary: blocked now, and not in the plan: 1 user (${user(3)})`,
    ]);
    assert.deepEqual(planDifferences(reviewed, free), [
      `wave canary: blocked in the plan, and not any more: 1 user (${user(3)})`,
    ]);
  });

  it("tell a wave that may run now and could not, is refused, is done, or is not there", () => {
    const held = withWave({ state: "waits", hold: "soaks until Friday" });
    assert.deepEqual(planDifferences(held, reviewed), [
      "wave canary waits (soaks until Friday) in the plan, and now runs",
    ]);
    assert.deepEqual(planDifferences(reviewed, withWave({ state: "refused" })), [
      "wave canary runs in the plan, and now is refused",
    ]);
    assert.deepEqual(planDifferences(reviewed, withWave({ mode: "restore" })), [
      "wave canary runs in the plan, and now is rolled back",
    ]);
    assert.deepEqual(planDifferences(reviewed, { ...reviewed, waves: [] }), ["wave canary is gone"]);
    assert.deepEqual(planDifferences({ ...reviewed, waves: [] }, reviewed), ["wave canary is new"]);
  });

  it("tell what a group would be given, and to how many", () => {
    assert.deepEqual(planDifferences(reviewed, withGroup({ members: 4 })), [
      "group staff: the plan was to assign EMS for 3 members, and now is to assign EMS for 4 members",
    ]);
    const narrower = withGroup({
      gives: [{ sku: "EMS", disabledPlans: ["MFA"], replaces: [], change: "change-plans", newHolders: 0 }],
    });
    assert.match(
      planDifferences(reviewed, narrower).join(),
      /now is to change the plans of EMS without MFA for 3 members/,
    );
    assert.match(planDifferences(reviewed, withGroup({ gives: [] })).join(), /now is to change nothing/);
    assert.match(planDifferences(reviewed, withGroup({ id: user(902) })).join(), /is another group/);
  });

  it("tell a refusal and a loss that are not in the reviewed plan", () => {
    const refused = { ...reviewed, refusals: [{ about: "staff", message: "3 members would lose MFA" }] };
    assert.deepEqual(planDifferences(reviewed, refused), ["it is refused now: staff: 3 members would lose MFA"]);
    assert.deepEqual(planDifferences(refused, refused), []);
    const losing = (users: number) => ({ ...reviewed, acceptedLosses: [{ group: "staff", plan: "MFA", users }] });
    assert.deepEqual(planDifferences(losing(1), losing(2)), [
      "an accepted loss reaches other people than in the plan: 2 members of staff lose MFA",
    ]);
  });

  it("are told at once for another stack or tenant", () => {
    assert.match(
      planDifferences(reviewed, { ...reviewed, stack: "fabrikam" }).join(),
      /of stack contoso, and this is fabrikam/,
    );
    assert.match(
      planDifferences(reviewed, { ...reviewed, tenant: "f.com" }).join(),
      /for contoso.com, and this is f.com/,
    );
  });
});
