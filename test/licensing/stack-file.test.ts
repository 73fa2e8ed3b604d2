import assert from "node:assert/strict";
import { configTexts } from "../../licensing/stack-file/config-texts";
import type { StackFile, StackFileMistake } from "../../licensing/stack-file/stack-file";
import { readStackFile } from "../../licensing/stack-file/reading";

const GROUPS = { staff: { existing: "All users", licenses: ["EMS"] } };

function config(file: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const whole: Readonly<Record<string, unknown>> = { tenant: "contoso.com", groups: GROUPS, ...file };
  const written = Object.entries(whole).filter(([, value]) => value !== undefined);
  return configTexts(Object.fromEntries(written.map(([key, value]) => [`licensing:${key}`, value])));
}

function read(file: Readonly<Record<string, unknown>> = {}): StackFile {
  const reading = readStackFile(config(file));
  assert.ok(reading.ok, JSON.stringify(reading));
  return reading.stackFile;
}

function mistakes(file: Readonly<Record<string, unknown>>): readonly StackFileMistake[] {
  const reading = readStackFile(config(file));
  assert.ok(!reading.ok, "it was taken for right");
  return reading.mistakes;
}

const waves = (...all: readonly object[]) => ({ waves: all });
const group = (changes: object) => ({ groups: { staff: { ...GROUPS.staff, ...changes } } });
const made = (changes: object) =>
  group({ existing: undefined, create: { displayName: "LIC Staff", members: "none", ...changes } });
const license = (each: unknown) => group({ licenses: [each] });

describe("a stack file that is right", () => {
  it("may make a group, with its members in one of four ways", () => {
    const creation = (changes: object) => {
      const [found] = read(made(changes)).groups;
      return found !== undefined && "create" in found ? found.create : null;
    };
    const rule = 'user.department -eq "Design"';
    assert.deepEqual(creation({}), {
      displayName: "LIC Staff",
      description: null,
      owners: [],
      members: { kind: "none" },
    });
    assert.deepEqual(creation({ members: "direct-holders" })?.members, { kind: "direct-holders" });
    assert.deepEqual(creation({ members: { rule } })?.members, { kind: "rule", rule });
    const users = ["ada@contoso.com"];
    assert.deepEqual(creation({ members: { users }, owners: users, description: "Of Pulumi" }), {
      displayName: "LIC Staff",
      description: "Of Pulumi",
      owners: users,
      members: { kind: "users", users },
    });
  });

  it("needs a tenant and a group; every default is the safe one", () => {
    assert.deepEqual(read(), {
      tenant: "contoso.com",
      cloud: "global",
      groups: [{ name: "staff", existing: "All users", licenses: [{ sku: "EMS", disabledPlans: [] }] }],
      waves: [],
      applyThrough: null,
      successors: [],
      acceptGrace: [],
      acceptNoWayBack: false,
      reprocess: false,
      acceptLoss: [],
      departures: { share: 0.05, acknowledged: null },
      moveLast: [],
      moves: [],
      writtenOff: [],
      timeouts: { processingMs: 2 * 3_600_000, inheritanceMs: 5 * 60_000, settleMs: 30_000, putBackMs: 900_000 },
      pace: null,
      showNames: false,
    });
  });

  it("has all that the public contract names", () => {
    const file = read({
      tenant: "6F1C9A52-3B0E-4C1D-9E57-2A8D4B7F10C3",
      cloud: { graph: "https://graph.example:8443/", authority: "https://login.example" },
      groups: {
        staff: { existing: "All users", licenses: ["EMS"] },
        finance: { existing: "Finance", licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: ["YAMMER_ENTERPRISE"] }] },
      },
      waves: [
        { name: "canary", users: ["megan@contoso.com"], soak: "24 hours", minMoved: "80 %", rollback: true },
        { name: "first", group: "Pilots" },
        { name: "twenty", count: 20, maxBlocked: 0, minMoved: "0%" },
        { name: "tenth", percent: 0.5 },
        { name: "everyone", percent: 100 },
      ],
      applyThrough: "canary",
      acceptLoss: [{ group: "staff", sku: "EMS", plan: "INTUNE_A" }],
      departures: { limit: "2 %", acknowledged: "2026-11-29" },
      moveLast: ["ceo@contoso.com"],
      timeouts: { processing: "1 day" },
    });
    assert.equal(file.tenant, "6f1c9a52-3b0e-4c1d-9e57-2a8d4b7f10c3");
    assert.deepEqual(file.cloud, { graph: "https://graph.example:8443", authority: "https://login.example" });
    assert.deepEqual(file.groups[1], {
      name: "finance",
      existing: "Finance",
      licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: ["YAMMER_ENTERPRISE"] }],
    });
    assert.deepEqual(file.waves, [
      {
        name: "canary",
        takes: { kind: "users", users: ["megan@contoso.com"] },
        soakMs: 24 * 3_600_000,
        maxBlocked: null,
        minMoved: 0.8,
        rollback: true,
      },
      {
        name: "first",
        takes: { kind: "group", group: "Pilots" },
        soakMs: 0,
        maxBlocked: null,
        minMoved: 0.5,
        rollback: false,
      },
      { name: "twenty", takes: { kind: "count", count: 20 }, soakMs: 0, maxBlocked: 0, minMoved: 0, rollback: false },
      {
        name: "tenth",
        takes: { kind: "percent", percent: 0.5 },
        soakMs: 0,
        maxBlocked: null,
        minMoved: 0.5,
        rollback: false,
      },
      {
        name: "everyone",
        takes: { kind: "percent", percent: 100 },
        soakMs: 0,
        maxBlocked: null,
        minMoved: 0.5,
        rollback: false,
      },
    ]);
    assert.deepEqual(file.acceptLoss, [{ group: "staff", sku: "EMS", plans: ["INTUNE_A"] }]);
    assert.deepEqual(file.departures, { share: 0.02, acknowledged: "2026-11-29" });
    assert.deepEqual(file.moveLast, ["ceo@contoso.com"]);
    assert.equal(file.applyThrough, "canary");
    assert.deepEqual(file.timeouts, {
      processingMs: 24 * 3_600_000,
      inheritanceMs: 5 * 60_000,
      settleMs: 30_000,
      putBackMs: 900_000,
    });
  });

  it("may allow names beside ids, as the engine hands a flag over", () => {
    assert.equal(read({ showNames: true }).showNames, true);
    assert.equal(read({ showNames: "false" }).showNames, false);
  });

  it("may say which share of the quota is used", () => {
    for (const acknowledged of ["2026-11-29", "2026-11-29 00:00:00 +0000 UTC", "2026-11-29T00:00:00Z"]) {
      assert.equal(read({ departures: { acknowledged } }).departures.acknowledged, "2026-11-29", acknowledged);
    }
    for (const [pace, share] of [
      ["95%", 0.95],
      ["80 %", 0.8],
      ["12.5%", 0.125],
      ["10%", 0.1],
    ] as const) {
      assert.equal(read({ pace }).pace, share, pace);
    }
  });

  it("may name any of the clouds", () => {
    for (const cloud of ["global", "usgov", "usgov-dod", "china"]) assert.equal(read({ cloud }).cloud, cloud);
  });

  it("durations need a unit and understand the usual ones", () => {
    const table: [words: string, soakMs: number][] = [
      ["24 hours", 86_400_000],
      ["30m", 1_800_000],
      ["90 seconds", 90_000],
      ["7 days", 604_800_000],
      ["0 hours", 0],
    ];
    for (const [soak, soakMs] of table) {
      assert.equal(read(waves({ name: "canary", percent: 5, soak })).waves[0]?.soakMs, soakMs, soak);
    }
  });

  it("keys of other namespaces are not ours to judge", () => {
    assert.ok(readStackFile({ ...config({}), "azuread:tenantId": "x", "licensingother:key": "{" }).ok);
  });
});

const IN_WAVES = {
  groups: {
    ...GROUPS,
    e3: { existing: "E3", licenses: ["SPE_E3"] },
    e5: { existing: "E5", licenses: ["SPE_E5"] },
    made: { create: { displayName: "LIC", members: "none" }, licenses: ["SPE_E5"] },
  },
  waves: [{ name: "all", percent: 100 }],
};

const oddMoves: readonly (readonly [string, unknown, string, string])[] = [
  [
    "a move from a group that is not declared",
    [{ from: "e4", to: "e5" }],
    "licensing:moves[0].from",
    '"e4" is no group of licensing:groups: declare it there. Did you mean "e3" or "e5"?',
  ],
  [
    "a move to a group that is made here",
    [{ from: "e3", to: "made" }],
    "licensing:moves[0].to",
    '"made" is a group that is made here: a move is between groups that are there (existing)',
  ],
  [
    "a move to the same group",
    [{ from: "e3", to: "e3" }],
    "licensing:moves[0].to",
    "is the group that the members leave: name another one",
  ],
  [
    "two moves out of one group",
    [
      { from: "e3", to: "e5" },
      { from: "e3", to: "staff" },
    ],
    "licensing:moves[1].from",
    'another move leads out of "e3": a group leads to one group',
  ],
  [
    "a move into a group that another move leads out of",
    [
      { from: "e3", to: "e5" },
      { from: "e5", to: "staff" },
    ],
    "licensing:moves[0].to",
    '"e5" is the from of a move: finish that move first, and take it out of the file',
  ],
  [
    "other uses of a third group",
    [{ from: "e3", to: "e5", acceptOtherUses: ["staff"] }],
    "licensing:moves[0].acceptOtherUses[0]",
    'names neither "e3" nor "e5"',
  ],
  [
    "an unknown key of a move",
    [{ from: "e3", into: "e5", to: "e5" }],
    "licensing:moves[0]",
    'unknown key "into". Did you mean "to"? Allowed: from, to, acceptOtherUses',
  ],
];

describe("a mistake in the stack file is named by its path, with what to write instead", () => {
  const percentRange = "must be more than 0 and at most 100";
  const waveNames =
    'must begin with a letter and hold only lower-case letters, digits and "-", 40 at most, such as "all-users"';
  const host = 'must be a host over HTTPS without a path or a version, such as "https://graph.microsoft.com"';
  const noDuration = (words: string) =>
    `"${words}" is no duration: write a number and a unit, such as "24 hours", "30 minutes" or "7 days"`;
  type Row = [what: string, file: Readonly<Record<string, unknown>>, path: string, message: string];
  const table: Row[] = [
    ["no tenant", { tenant: undefined }, "licensing:tenant", "is missing: must be a text"],
    [
      "a tenant that is neither id nor domain",
      { tenant: "Contoso Ltd" },
      "licensing:tenant",
      'must be a tenant id (a GUID) or a verified domain, such as "contoso.com"',
    ],
    [
      "a tenant in digits, which are text here too",
      { tenant: "123" },
      "licensing:tenant",
      'must be a tenant id (a GUID) or a verified domain, such as "contoso.com"',
    ],
    ["no groups", { groups: undefined }, "licensing:groups", "is missing: must be a map of logical names to groups"],
    ["groups as text", { groups: "All users" }, "licensing:groups", "must be a map of logical names to groups"],
    ["groups as broken JSON", { groups: "{broken" }, "licensing:groups", "must be a map of logical names to groups"],
    ["an empty map of groups", { groups: {} }, "licensing:groups", "must declare at least one licensing group"],
    [
      "users to move last as text",
      { moveLast: "ceo@contoso.com" },
      "licensing:moveLast",
      "must be a list of user principal names or ids",
    ],
    [
      "a user to move last, and in a wave before it",
      {
        moveLast: ["CEO@contoso.com"],
        ...waves(
          { name: "canary", users: ["megan@contoso.com", "ceo@contoso.com"] },
          { name: "everyone", users: ["ceo@contoso.com"] },
        ),
      },
      "licensing:waves[0].users[1]",
      "ceo@contoso.com is in licensing:moveLast, so only the last wave may take them: take them out here or there",
    ],
    [
      "an unknown key at the top",
      { applyThru: "canary" },
      "licensing",
      'unknown key "applyThru". Did you mean "applyThrough"? Allowed: tenant, cloud, groups, waves, moves, applyThrough, acceptLoss, successors, acceptGrace, acceptNoWayBack, departures, moveLast, writtenOff, timeouts, pace, reprocess, showNames',
    ],
    [
      "rollback at the top",
      { rollback: "all" },
      "licensing",
      'unknown key "rollback". It is a key of a wave, under licensing:waves. Allowed: tenant, cloud, groups, waves, moves, applyThrough, acceptLoss, successors, acceptGrace, acceptNoWayBack, departures, moveLast, writtenOff, timeouts, pace, reprocess, showNames',
    ],
    [
      "removeLicenses at the top",
      { removeLicenses: ["EMS"] },
      "licensing",
      'unknown key "removeLicenses". It is a key of a group, under licensing:groups. Allowed: tenant, cloud, groups, waves, moves, applyThrough, acceptLoss, successors, acceptGrace, acceptNoWayBack, departures, moveLast, writtenOff, timeouts, pace, reprocess, showNames',
    ],
    [
      "putBack at the top",
      { putBack: "1 hour" },
      "licensing",
      'unknown key "putBack". It is a key of licensing:timeouts. Allowed: tenant, cloud, groups, waves, moves, applyThrough, acceptLoss, successors, acceptGrace, acceptNoWayBack, departures, moveLast, writtenOff, timeouts, pace, reprocess, showNames',
    ],
    [
      "a key that resembles one and is known below",
      { group: "All users" },
      "licensing",
      'unknown key "group". Did you mean "groups"? It is a key of a wave, under licensing:waves. Allowed: tenant, cloud, groups, waves, moves, applyThrough, acceptLoss, successors, acceptGrace, acceptNoWayBack, departures, moveLast, writtenOff, timeouts, pace, reprocess, showNames',
    ],
    [
      "a key of a new group beside it",
      group({ owners: ["ada@contoso.com"] }),
      "licensing:groups.staff",
      'unknown key "owners". It is a key of create of the group. Allowed: existing, create, licenses, removeLicenses, swapInOneCall',
    ],
    [
      "a group as text",
      { groups: { staff: "x" } },
      "licensing:groups.staff",
      "must be a group: {existing: …, licenses: […]} or {create: …, licenses: […]}",
    ],
    [
      "a group without its group",
      group({ existing: undefined }),
      "licensing:groups.staff",
      "must say which group: existing for one that is there, or create for one that is made here",
    ],
    [
      "a group that is there and made here",
      group({ create: { displayName: "LIC Staff", members: "none" } }),
      "licensing:groups.staff",
      "has existing and create: a group is either there or made here",
    ],
    [
      "a new group without a name",
      made({ displayName: undefined }),
      "licensing:groups.staff.create.displayName",
      "is missing: must be a text",
    ],
    [
      "a new group without members",
      made({ members: undefined }),
      "licensing:groups.staff.create.members",
      "must be direct-holders, none, {users: […]} or {rule: …}",
    ],
    [
      "a new group with members of a kind that is not known",
      made({ members: "everybody" }),
      "licensing:groups.staff.create.members",
      "must be direct-holders, none, {users: […]} or {rule: …}",
    ],
    [
      "a new group with a rule and users",
      made({ members: { rule: "all", users: ["ada@contoso.com"] } }),
      "licensing:groups.staff.create.members",
      "must be direct-holders, none, {users: […]} or {rule: …}",
    ],
    [
      "an unknown key of a new group",
      made({ owner: "ada@contoso.com" }),
      "licensing:groups.staff.create",
      'unknown key "owner". Did you mean "owners"? Allowed: displayName, description, owners, members, except',
    ],
    [
      "direct holders excepted where members are named",
      made({ except: ["ada@contoso.com"], members: { users: ["ben@contoso.com"] } }),
      "licensing:groups.staff.create.except",
      "goes with members: direct-holders only: it names direct holders that are not added",
    ],
    ["a group with an empty name", group({ existing: "  " }), "licensing:groups.staff.existing", "must not be empty"],
    [
      "an unknown key of a group",
      group({ licences: ["EMS"] }),
      "licensing:groups.staff",
      'unknown key "licences". Did you mean "licenses"? Allowed: existing, create, licenses, removeLicenses, swapInOneCall',
    ],
    [
      "licences to take off as text",
      group({ removeLicenses: "EMS" }),
      "licensing:groups.staff.removeLicenses",
      "must be a list of SKUs",
    ],
    ["licences as text", group({ licenses: "EMS" }), "licensing:groups.staff.licenses", "must be a list of SKUs"],
    [
      "no licence",
      group({ licenses: [] }),
      "licensing:groups.staff.licenses",
      "must name at least one SKU: a licensing group without a licence gives nothing",
    ],
    [
      "a number as a licence",
      license(5),
      "licensing:groups.staff.licenses[0]",
      'must be a SKU such as "EMS", or {sku: …, disabledPlans: […]}',
    ],
    ["a licence without SKU", license({}), "licensing:groups.staff.licenses[0].sku", "is missing: must be a text"],
    [
      "an unknown key of a licence",
      license({ sku: "EMS", disabled: [] }),
      "licensing:groups.staff.licenses[0]",
      'unknown key "disabled". Did you mean "disabledPlans"? Allowed: sku, disabledPlans, replaces',
    ],
    [
      "disabled plans as text",
      license({ sku: "EMS", disabledPlans: "INTUNE_A" }),
      "licensing:groups.staff.licenses[0].disabledPlans",
      "must be a list of service plan names",
    ],
    [
      "a disabled plan as number",
      license({ sku: "EMS", disabledPlans: ["INTUNE_A", 5] }),
      "licensing:groups.staff.licenses[0].disabledPlans[1]",
      "must be a text",
    ],
    [
      "a name that Pulumi could not keep for life",
      { groups: { "Staff Group!": { existing: "All users", licenses: ["EMS"] } } },
      "licensing:groups.Staff Group!",
      '"Staff Group!" must begin with a letter and hold only lower-case letters, digits and "-", 40 at most, such as "all-users"',
    ],
    [
      "an unknown cloud",
      { cloud: "germany" },
      "licensing:cloud",
      'must be one of global, usgov, usgov-dod, china, or {graph: "https://host", authority: "https://host"}',
    ],
    [
      "a cloud without HTTPS",
      { cloud: { graph: "http://graph.example", authority: "https://login.example" } },
      "licensing:cloud.graph",
      host,
    ],
    [
      "a cloud with a version",
      { cloud: { graph: "https://graph.example", authority: "https://login.example/v2.0" } },
      "licensing:cloud.authority",
      host,
    ],
    [
      "half a cloud",
      { cloud: { graph: "https://graph.example" } },
      "licensing:cloud",
      'must be {graph: "https://host", authority: "https://host"}, both hosts over HTTPS without a path or a version',
    ],
    [
      "a cloud with a key more",
      { cloud: { graph: "https://graph.example", authority: "https://login.example", graf: "https://graf.example" } },
      "licensing:cloud",
      'unknown key "graf". Did you mean "graph"? Allowed: graph, authority',
    ],
    ["names shown perhaps", { showNames: "perhaps" }, "licensing:showNames", "must be true or false"],
    ...["29.11.2026", "2026-02-30", "2026-11-29T08:00:00Z", "tomorrow"].map((acknowledged): Row => [
      `departures acknowledged on ${acknowledged}`,
      { departures: { acknowledged } },
      "licensing:departures.acknowledged",
      "must be a day of the calendar, such as 2026-11-29",
    ]),
    ...["5", "-5 %", "101 %", "some"].map((limit): Row => [
      `a limit of departures of ${limit}`,
      { departures: { limit } },
      "licensing:departures.limit",
      `"${limit}" is no share: write a number from 0 to 100 with a percent sign, such as "5 %"`,
    ]),
    ...["0%", "9.9%", "96%", "100%", "800%"].map((pace): Row => [
      `a pace of ${pace}`,
      { pace },
      "licensing:pace",
      "must be at least 10% and at most 95%: below that a run gets nowhere, and above it Graph would refuse requests",
    ]),
    ...["0.95", "95", "fast", "-5%", "%"].map((pace): Row => [
      `a pace of ${pace}, which is no share`,
      { pace },
      "licensing:pace",
      `"${pace}" is no share: write a number from 10 to 95 with a percent sign, such as "80%"`,
    ]),
    [
      "a pace for each quota",
      { pace: { writes: "80%" } },
      "licensing:pace",
      `must be a share of Graph's quota in percent, such as "80%"`,
    ],
    ["an empty tenant, once", { tenant: "" }, "licensing:tenant", "must not be empty"],
    [
      "nothing in the place of a wave",
      waves(null as never),
      "licensing:waves[0]",
      "must be a wave: {name: …, percent: …}",
    ],
    ["waves as text", { waves: "canary" }, "licensing:waves", "must be a list of waves, in order"],
    ["a wave as text", waves("canary" as never), "licensing:waves[0]", "must be a wave: {name: …, percent: …}"],
    ["a wave without name", waves({ percent: 5 }), "licensing:waves[0].name", "is missing: must be a text"],
    ["a wave's name in capitals", waves({ name: "Canary", percent: 5 }), "licensing:waves[0].name", waveNames],
    ["a wave's name of 41 letters", waves({ name: "c".repeat(41), percent: 5 }), "licensing:waves[0].name", waveNames],
    [
      "an unknown key of a wave",
      waves({ name: "canary", percent: 5, sok: "1 hour" }),
      "licensing:waves[0]",
      'unknown key "sok". Did you mean "soak"? Allowed: name, users, group, count, percent, soak, maxBlocked, minMoved, rollback',
    ],
    [
      "a wave that takes no user",
      waves({ name: "canary" }),
      "licensing:waves[0]",
      "takes its users by exactly one of users, group, count, percent; this wave has none of them",
    ],
    [
      "a wave that takes its users twice",
      waves({ name: "canary", percent: 5, count: 3 }),
      "licensing:waves[0]",
      "takes its users by exactly one of users, group, count, percent; this wave has count and percent",
    ],
    ["no users", waves({ name: "canary", users: [] }), "licensing:waves[0].users", "must name a user"],
    [
      "users as text",
      waves({ name: "canary", users: "megan@contoso.com" }),
      "licensing:waves[0].users",
      "must be a list of user principal names or ids, or {file: wave1.csv}",
    ],
    ["an empty user", waves({ name: "canary", users: ["a", ""] }), "licensing:waves[0].users[1]", "must not be empty"],
    ["an empty group", waves({ name: "canary", group: "" }), "licensing:waves[0].group", "must not be empty"],
    ["0 percent", waves({ name: "canary", percent: 0 }), "licensing:waves[0].percent", percentRange],
    ["less than 0 percent", waves({ name: "canary", percent: -5 }), "licensing:waves[0].percent", percentRange],
    ["more than 100 percent", waves({ name: "canary", percent: 100.1 }), "licensing:waves[0].percent", percentRange],
    ["percent as text", waves({ name: "canary", percent: "10" }), "licensing:waves[0].percent", "must be a number"],
    ["a count of 0", waves({ name: "canary", count: 0 }), "licensing:waves[0].count", "must be at least 1"],
    [
      "half a user",
      waves({ name: "canary", count: 1.5 }),
      "licensing:waves[0].count",
      "must be a whole number of users",
    ],
    [
      "a soak without unit",
      waves({ name: "canary", percent: 5, soak: "90" }),
      "licensing:waves[0].soak",
      noDuration("90"),
    ],
    [
      "a soak as a number",
      waves({ name: "canary", percent: 5, soak: 90 }),
      "licensing:waves[0].soak",
      'must be a duration in words, such as "24 hours" or "30 minutes"',
    ],
    [
      "a soak into the past",
      waves({ name: "canary", percent: 5, soak: "-5 minutes" }),
      "licensing:waves[0].soak",
      noDuration("-5 minutes"),
    ],
    [
      "a soak in an unknown unit",
      waves({ name: "canary", percent: 5, soak: "1 fortnight" }),
      "licensing:waves[0].soak",
      noDuration("1 fortnight"),
    ],
    [
      "fewer than no blocked users",
      waves({ name: "canary", percent: 5, maxBlocked: -1 }),
      "licensing:waves[0].maxBlocked",
      "must be 0 or more",
    ],
    [
      "half a blocked user",
      waves({ name: "canary", percent: 5, maxBlocked: 0.5 }),
      "licensing:waves[0].maxBlocked",
      "must be a whole number of users",
    ],
    [
      "more than all users to move",
      waves({ name: "canary", percent: 5, minMoved: "120 %" }),
      "licensing:waves[0].minMoved",
      '"120 %" is no share: write a number from 0 to 100 with a percent sign, such as "5 %"',
    ],
    [
      "a share without a percent sign",
      waves({ name: "canary", percent: 5, minMoved: 0.5 }),
      "licensing:waves[0].minMoved",
      'must be a share of users in percent, such as "5 %"',
    ],
    [
      "two waves of one name",
      waves({ name: "canary", percent: 5 }, { name: "canary", percent: 10 }),
      "licensing:waves[1].name",
      'there is another wave "canary": give each a name of its own',
    ],
    [
      "a percentage that an earlier wave has taken",
      waves({ name: "half", percent: 50 }, { name: "again", percent: 50 }, { name: "everyone", percent: 100 }),
      "licensing:waves[1].percent",
      "takes no user: an earlier wave takes 50 % of all users already, and percentages count from the first user, not from the wave before. Write more than 50, or take this wave out",
    ],
    [
      "all users twice",
      waves({ name: "everyone", percent: 100 }, { name: "again", percent: 100 }),
      "licensing:waves[1].percent",
      "takes no user: an earlier wave takes 100 % of all users already, and percentages count from the first user, not from the wave before. Write more than 100, or take this wave out",
    ],
    [
      "an applyThrough that is no wave",
      { ...waves({ name: "canary", percent: 5 }, { name: "everyone", percent: 100 }), applyThrough: "canry" },
      "licensing:applyThrough",
      '"canry" is no wave: the waves are canary, everyone. Did you mean "canary"?',
    ],
    [
      "an applyThrough without waves",
      { applyThrough: "canary" },
      "licensing:applyThrough",
      '"canary" is no wave: no wave is declared.',
    ],
    ...oddMoves.map(([what, moves, path, message]): (typeof table)[number] => [
      what,
      { ...IN_WAVES, moves },
      path,
      message,
    ]),
    ["time-outs as text", { timeouts: "5 minutes" }, "licensing:timeouts", "must be a map of durations"],
    [
      "an unknown time-out",
      { timeouts: { procesing: "1 hour" } },
      "licensing:timeouts",
      'unknown key "procesing". Did you mean "processing"? Allowed: processing, inheritance, settle, putBack',
    ],
    ["a time-out without unit", { timeouts: { settle: "30" } }, "licensing:timeouts.settle", noDuration("30")],
  ];
  for (const [what, file, path, message] of table) {
    it(what, () => {
      assert.deepEqual(mistakes(file), [{ path, message }]);
    });
  }

  it("two moves that lead in a circle, at both ends", () => {
    const moves = [
      { from: "e3", to: "e5" },
      { from: "e5", to: "e3" },
    ];
    const why = (name: string) =>
      `"${name}" is the from of a move: finish that move first, and take it out of the file`;
    assert.deepEqual(mistakes({ ...IN_WAVES, moves }), [
      { path: "licensing:moves[0].to", message: why("e5") },
      { path: "licensing:moves[1].to", message: why("e3") },
    ]);
  });

  it("every mistake of the file at once, also those that only show between its parts", () => {
    const found = mistakes({
      tenant: undefined,
      groups: { staff: { existing: "All users", licenses: ["EMS", { sku: "EMS", plans: [] }] } },
      waves: [{ name: "canary", percent: 500 }, { name: "canary", percent: 10 }, { percent: 10 }],
      applyThrough: "tenth",
      timeouts: { settle: "soon" },
    });
    assert.deepEqual(found.map(({ path }) => path).sort(), [
      "licensing:applyThrough",
      "licensing:groups.staff.licenses[1]",
      "licensing:tenant",
      "licensing:timeouts.settle",
      "licensing:waves[0].percent",
      "licensing:waves[1].name",
      "licensing:waves[2].name",
      "licensing:waves[2].percent",
    ]);
  });

  it("an unknown word that is near to nothing is not guessed at", () => {
    const [mistake] = mistakes({ zebra: "x" });
    assert.equal(
      mistake?.message,
      'unknown key "zebra". Allowed: tenant, cloud, groups, waves, moves, applyThrough, acceptLoss, successors, acceptGrace, acceptNoWayBack, departures, moveLast, writtenOff, timeouts, pace, reprocess, showNames',
    );
  });
});
