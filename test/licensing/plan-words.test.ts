import assert from "node:assert/strict";
import { remedyOf } from "../../licensing/decision/remedy";
import { formatBlockReason } from "../../licensing/decision/block-words";
import type { BlockReason, Blocked } from "../../licensing/decision/block-reason";
import type { GroupPlan } from "../../licensing/plan/group-plan";
import type { WavePlan } from "../../licensing/plan/plan";
import { formatDependents, formatChange, formatGroup } from "../../licensing/plan/group-words";
import { blockedLines, blockedTally, shownInBlockedLines } from "../../licensing/plan/blocked-words";
import { formatHold } from "../../licensing/plan/hold-words";
import { leftOutLines, formatWave } from "../../licensing/plan/wave-words";
import { namesOf } from "../../licensing/plan/names-of";
import { formatLicenses } from "../../licensing/license-patterns";
import { byName } from "../../licensing/people";
import { EMS, catalog, declared, groupId, license, planId, settled, skuId, user, userId } from "./builders";

const STAFF = declared("All staff", "EMS");
const DEVICES = declared("Devices", "EMS");
const VISITORS = declared("Visitors", "EMS");
const NAMES = namesOf({ declared: [STAFF, DEVICES, VISITORS], catalog });

function groupPlan(changes: Partial<GroupPlan> = {}): GroupPlan {
  const base = {
    declared: STAFF,
    now: settled(STAFF),
    changes: [],
    members: 1_000,
    joining: null,
    takenOff: [],
    call: null,
    later: [],
    left: [],
    hasTakeOff: false,
    losses: [],
    successions: {},
    nested: [],
    problems: [],
    dependents: { users: 0, first: [], plans: [] },
    dependentsLater: { users: 0, first: [], plans: [] },
    isProtected: false,
    others: new Map(),
    accepted: [],
    refusal: null,
  };
  return { ...base, ...changes };
}

function wavePlan(changes: Partial<WavePlan> = {}): WavePlan {
  return {
    name: "canary",
    mode: "remove",
    hold: null,
    disabled: [],
    departed: [],
    unrestored: [],
    isStarted: true,
    doneAtMs: null,
    shortfall: null,
    wasDone: false,
    minMoved: 0.5,
    behind: [],
    place: { number: 1, of: 1, users: 0, after: { wave: "", users: 0, soakMs: 0 } },
    slices: [],
    moves: [],
    recorded: {},
    gains: {},
    successions: {},
    swaps: {},
    mayLackSeat: 0,
    looksAgain: false,
    refusal: null,
    ...changes,
  };
}

describe("a block reason in words, each with what to do", () => {
  const table: [reason: BlockReason, words: string, remedy: RegExp][] = [
    [{ kind: "not-a-member", groupIds: [groupId("All staff")] }, "not a member of All staff", /first-level members/],
    [
      { kind: "not-a-member", groupIds: ["All staff", "Devices", "Visitors"].map(groupId) },
      "not a member of All staff, Devices or Visitors",
      /leave their direct licence/,
    ],
    [
      { kind: "nested-only", groupIds: ["All staff", "Devices"].map(groupId) },
      "member of All staff and Devices only through a nested group",
      /does not reach users of nested groups/,
    ],
    [
      { kind: "not-yet-inherited", groupIds: [groupId("All staff")] },
      "not yet inherited from All staff",
      /wait and run again/,
    ],
    [
      { kind: "inherited-in-error", groupId: groupId("All staff"), cause: "CountViolation" },
      "inherited from All staff in error: CountViolation",
      /buy seats or free some/,
    ],
    [
      { kind: "inherited-in-error", groupId: groupId("All staff"), cause: "MutuallyExclusiveViolation" },
      "inherited from All staff in error: MutuallyExclusiveViolation",
      /disable one of the two/,
    ],
    [
      { kind: "inherited-in-error", groupId: groupId("All staff"), cause: "DependencyViolation" },
      "inherited from All staff in error: DependencyViolation",
      /give both through the same group/,
    ],
    [
      { kind: "inherited-in-error", groupId: groupId("All staff"), cause: "ProhibitedInUsageLocationViolation" },
      "inherited from All staff in error: ProhibitedInUsageLocationViolation",
      /usageLocation/,
    ],
    [
      { kind: "inherited-in-error", groupId: groupId("All staff"), cause: "UniquenessViolation" },
      "inherited from All staff in error: UniquenessViolation",
      /proxy address/,
    ],
    [
      { kind: "inherited-in-error", groupId: groupId("All staff"), cause: "Other" },
      "inherited from All staff in error: Other",
      /Another licence of the same group/,
    ],
    [
      { kind: "inherited-in-error", groupId: groupId("All staff"), cause: "Unheard of" },
      "inherited from All staff in error: Unheard of",
      /Another licence of the same group/,
    ],
    [
      { kind: "inherited-active-with-error", groupId: groupId("All staff"), cause: "DependencyViolation" },
      "inherited from All staff with an error: DependencyViolation",
      /names no sure source/,
    ],
    [
      { kind: "plans-missing", planIds: ["INTUNE_A", "AAD_PREMIUM"].map(planId) },
      "would lose INTUNE_A and AAD_PREMIUM",
      /Enable these plans/,
    ],
    [{ kind: "source-unknown" }, "held from an unknown source", /reprocess/],
    [
      { kind: "state-unknown", state: "Paused" },
      "inherited in a state this program does not know: Paused",
      /nothing is removed/,
    ],
    [{ kind: "dependent-plan", detail: "x" }, "another plan depends on it: x", /remove that one first/],
    [{ kind: "user-locked" }, "user is locked by another write", /run again/],
    [{ kind: "refused", detail: "x" }, "Entra refused the removal: x", /nothing was removed/],
  ];
  for (const [reason, words, remedy] of table) {
    it(words, () => {
      assert.equal(formatBlockReason(reason, NAMES), words);
      assert.match(remedyOf(reason), remedy);
    });
  }

  it("no remedy says to add users by hand to a dynamic group", () => {
    const visitors = { ...settled(VISITORS), membershipRule: 'user.department -eq "Visits"' };
    const groups = new Map([settled(STAFF), settled(DEVICES), visitors].map((each) => [each.id, each]));
    const all = { declared: [STAFF, DEVICES, VISITORS], catalog, groups };
    const outside = (...names: string[]) => ({ kind: "not-a-member", groupIds: names.map(groupId) }) as const;
    const before = namesOf(all, new Map([[VISITORS.groupId, "unevaluated"]]));

    assert.match(remedyOf(outside("Visitors"), namesOf(all)), /^No user can be added to a dynamic group by hand/);
    assert.equal(formatBlockReason(outside("Visitors"), namesOf(all)), "not a member of Visitors");
    assert.match(remedyOf(outside("Visitors", "Devices"), namesOf(all)), /^Add them to the group/);
    assert.equal(formatBlockReason(outside("Visitors"), before), "not yet evaluated by the rule of Visitors");
    assert.equal(
      formatBlockReason(outside("Devices", "Visitors"), before),
      "not yet evaluated by the rule of Visitors",
    );
    assert.match(remedyOf(outside("Visitors"), before), /^Entra has not evaluated the rule yet/);
  });

  it("names create.except for a group that takes direct holders, where no other group is open to administrators", () => {
    const names = namesOf({ declared: [STAFF, DEVICES], catalog }, new Map([[DEVICES.groupId, "direct-holders"]]));
    const outside = (...groups: string[]) => ({ kind: "not-a-member", groupIds: groups.map(groupId) }) as const;
    assert.match(
      remedyOf(outside("Devices"), names),
      /are not in its create.except: change the group in the stack file/,
    );
    assert.match(remedyOf(outside("Devices", "All staff"), names), /^Add them to the group/);
  });

  it("what an administrator has to assign or remove comes with the cmdlet and the request", () => {
    for (const reason of [{ kind: "sku-not-listed", skuId: EMS.id }, { kind: "management-restricted" }] as const) {
      assert.match(
        remedyOf(reason),
        /remove the direct licence \(Set-MgUserLicense, or POST \/users\/\{id\}\/assignLicense\)/,
      );
    }
  });

  it("what has no name here goes by its id", () => {
    assert.equal(formatBlockReason({ kind: "not-a-member", groupIds: ["unknown"] }, NAMES), "not a member of unknown");
  });
});

describe("a group in words", () => {
  it("what will be done, or what it gives", () => {
    assert.equal(formatGroup(groupPlan(), catalog), "gives EMS to 1,000 members");
    const changes = [
      { kind: "add", license: license("ENTERPRISEPACK", { without: ["YAMMER", "TEAMS1"] }) },
      { kind: "change-plans", license: license("EMS"), disabledNow: [planId("INTUNE_A")] },
    ] as const;
    assert.equal(
      formatGroup(groupPlan({ changes, members: 1 }), catalog),
      "assign ENTERPRISEPACK without YAMMER, TEAMS1, change the service plans of EMS to 1 member",
    );
    assert.deepEqual(formatChange(groupPlan(), catalog), []);
    assert.equal(formatLicenses([license("EMS"), license("VISIOCLIENT")], catalog), "EMS, VISIOCLIENT");
  });
});

describe("a group that was deleted", () => {
  it("is not said to give anything", () => {
    const deleted = { deletedAt: null, restorableUntil: null, isKnown: true };
    assert.equal(
      formatGroup(groupPlan({ declared: { ...STAFF, deleted }, members: 0 }), catalog),
      "was deleted: gives nothing",
    );
  });
});

describe("the users that a rollback leaves out", () => {
  it("are counted by reason, with what gives them their licences back", () => {
    assert.deepEqual(leftOutLines(wavePlan()), []);
    assert.deepEqual(leftOutLines(wavePlan({ disabled: ["a"], departed: ["b", "c"] })), [
      "1 disabled account gets nothing back: enable them first, or assign theirs (Set-MgUserLicense, or POST /users/{id}/assignLicense): a",
      "2 users that left their group get nothing back: rollback: all puts theirs back, too, if they are still in the tenant (b, c)",
    ]);
  });
});

describe("the members that keep a group from being let go, in words", () => {
  const ids = ["a", "b"].map(userId);
  const plan = { group: "all-staff", skuId: EMS.id, planId: planId("INTUNE_A") };

  it("names them, the plans, and the entry that accepts the loss", () => {
    const dependents = { users: 2, first: ids, plans: [plan] };
    assert.equal(
      formatDependents(groupPlan({ dependentsLater: dependents }), catalog),
      `2 members depend on All staff for INTUNE_A: ${ids.join(", ")}. The rollback needs nothing more. While members depend on the group, ` +
        "pulumi destroy is refused: before that, give them these plans directly, or let the plans go by licensing:acceptLoss: [{group: all-staff, sku: EMS, plan: INTUNE_A}].",
    );
  });

  it("writes one entry for the plans of a SKU", () => {
    const plans = [plan, { ...plan, planId: planId("AAD_PREMIUM") }];
    assert.match(
      formatDependents(groupPlan({ dependentsLater: { users: 2, first: ids, plans } }), catalog) ?? "",
      /acceptLoss: \[\{group: all-staff, sku: EMS, plans: \[AAD_PREMIUM, INTUNE_A\]\}\]\./,
    );
  });

  it("counts the users that it does not name", () => {
    const dependents = { users: 1_002, first: ids, plans: [plan] };
    assert.match(
      formatDependents(groupPlan({ dependentsLater: dependents }), catalog) ?? "",
      /^1,002 members depend .* and 1,000 more\./,
    );
  });

  it("says nothing where no user depends on it", () => {
    assert.equal(formatDependents(groupPlan(), catalog), null);
  });
});

describe("a wave in words", () => {
  const removals = [
    { userId: userId("ada"), skuId: skuId("EMS") },
    { userId: userId("ada"), skuId: skuId("ENTERPRISEPACK") },
    { userId: userId("ben"), skuId: skuId("EMS") },
  ];
  const blocked: Blocked[] = [
    { userId: userId("cleo"), skuId: skuId("EMS"), reason: { kind: "source-unknown" } },
    { userId: userId("cleo"), skuId: skuId("ENTERPRISEPACK"), reason: { kind: "source-unknown" } },
  ];
  const slice = {
    number: 1,
    of: 2,
    removals,
    blocked,
    refused: [],
    restores: [],
    circumstances: [],
    movedUnrecorded: [],
    unrecorded: [],
    bridges: [],
    takesBack: [],
    plansBefore: new Map(),
    digest: "",
  };
  const empty = {
    number: 2,
    of: 2,
    removals: [],
    blocked: [],
    refused: [],
    restores: [],
    circumstances: [],
    movedUnrecorded: [],
    unrecorded: [],
    bridges: [],
    takesBack: [],
    plansBefore: new Map(),
    digest: "",
  };

  it("names users beside their ids where the stack file allows it, and knows which names it needs", () => {
    const known = byName(new Map([[userId("cleo"), user("cleo")]]));
    assert.match(
      blockedLines(blocked, NAMES, catalog, known)[0] ?? "",
      new RegExp(`\\(${userId("cleo")} \\(cleo, cleo@contoso.com\\)\\)$`),
    );
    assert.deepEqual(shownInBlockedLines(blocked, NAMES, catalog), new Set([userId("cleo")]));
  });

  it("what goes, from how many, and how many are blocked", () => {
    assert.equal(
      formatWave(wavePlan({ slices: [slice, empty] }), catalog, false),
      "remove 3 direct assignments from 2 users: 2 EMS, 1 ENTERPRISEPACK; 1 user blocked",
    );
  });

  it("that it is predicted, and that it is not now", () => {
    const hold = { kind: "beyond-apply-through", applyThrough: null } as const;
    assert.equal(
      formatWave(wavePlan({ slices: [{ ...slice, blocked: [] }], hold }), catalog, true),
      "(predicted) remove 3 direct assignments from 2 users: 2 EMS, 1 ENTERPRISEPACK; not now: licensing:applyThrough is not set",
    );
    assert.equal(formatWave(wavePlan({ slices: [empty] }), catalog, true), "nothing to remove");
  });

  it("since when it is done, as long as there is nothing to do", () => {
    const doneAtMs = Date.parse("2026-11-20T14:03:59Z");
    const done = formatWave(wavePlan({ slices: [{ ...empty, blocked: slice.blocked }], doneAtMs }), catalog, false);
    assert.equal(done, "done 2026-11-20 14:03 UTC; nothing to remove; 1 user blocked");
    assert.match(formatWave(wavePlan({ slices: [slice], doneAtMs }), catalog, false), /^remove 3 direct assignments/);
  });

  it("what people gain, once for each plan", () => {
    const words = (gains: Record<string, number>) => formatWave(wavePlan({ slices: [empty], gains }), catalog, false);
    assert.equal(words({ TEAMS1: 12, YAMMER: 1 }), "nothing to remove; 12 users gain TEAMS1, 1 user gains YAMMER");
    const six = Object.fromEntries(["A", "B", "C", "D", "E", "F"].map((name) => [name, 2]));
    assert.match(words(six), /2 users gain E, and 1 more plan$/);
  });

  it("why it waits", () => {
    const soak = { kind: "soak", after: "canary", soakMs: 86_400_000 } as const;
    assert.equal(
      formatHold({ kind: "beyond-apply-through", applyThrough: "canary" }),
      "not now: licensing:applyThrough is canary",
    );
    assert.equal(formatHold({ ...soak, untilMs: null }), "not now: waits 24 hours from the moment that canary is done");
    assert.equal(
      formatHold({ ...soak, untilMs: Date.parse("2026-11-03T08:00:00Z") }),
      "not now: soaks until 2026-11-03T08:00:00.000Z after canary",
    );
    assert.equal(formatHold({ kind: "order", after: "canary" }), "not now: canary comes first");
  });

  it("the blocked users: one line for each reason and SKU, the first five by id", () => {
    const seven = ["a", "b", "c", "d", "e", "f", "g"].map((name): Blocked => ({
      userId: userId(name),
      skuId: skuId("EMS"),
      reason: { kind: "not-a-member", groupIds: [groupId("All staff")] },
    }));
    const first = seven.map((each) => each.userId).sort();
    assert.deepEqual(blockedLines([...seven, ...blocked.slice(0, 1)], NAMES, catalog), [
      "7 users blocked, EMS: not a member of All staff. Add them to the group as first-level members, " +
        `or leave their direct licence as it is. (${first.slice(0, 5).join(", ")} and 2 more)`,
      "1 user blocked, EMS: held from an unknown source. The licence shows no assignment behind it: " +
        `reprocess them (Invoke-MgLicenseUser -UserId ID, or POST /users/{id}/reprocessLicenseAssignment), then run again. (${userId("cleo")})`,
    ]);
    assert.match(blockedLines(seven.slice(0, 5), NAMES, catalog)[0] ?? "", /^5 users .*[0-9a-f]\)$/);
    assert.deepEqual(blockedTally([...seven, ...blocked], NAMES), {
      "not a member of All staff": 7,
      "held from an unknown source": 2,
    });
  });
});
