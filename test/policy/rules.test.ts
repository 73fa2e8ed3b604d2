import assert from "node:assert/strict";
import type { AcceptedLoss, GateRow, GroupRow, MoveRow, RemovalRow, Row, TakeOffRow } from "../../policy/rows";
import type { Rule } from "../../policy/rule";
import { acceptedLosses } from "../../policy/rules/accepted-losses";
import { canaryFirst } from "../../policy/rules/canary-first";
import { groupNames } from "../../policy/rules/group-names";
import { acceptedSuccessors } from "../../policy/rules/accepted-successors";
import { moveLast } from "../../policy/rules/move-last";
import { removalsPerUpdate } from "../../policy/rules/removals-per-update";
import { soak } from "../../policy/rules/soak";
import { swapsInOneCall } from "../../policy/rules/swaps-in-one-call";

const DAY_MS = 86_400_000;
const nobody = { wave: "", users: 0, soakMs: 0 };
const boss = "0b9ee6c6-3c05-4d3c-9c0d-3e2f51f4a7d1";

/** The slice of a second wave that is about to remove something, after a canary that soaks for a day. */
function removal(changes: Partial<RemovalRow> = {}): RemovalRow {
  return {
    kind: "removal",
    urn: "everyone-1",
    wave: "everyone",
    slice: "1 of 1",
    order: "2 of 3",
    mode: "remove",
    remove: { EMS: 60, ENTERPRISEPACK: 20 },
    swaps: {},
    waits: false,
    users: 60,
    after: { wave: "canary", users: 20, soakMs: DAY_MS },
    moveLast: {},
    ...changes,
  };
}

/** A part of a second wave that moves members from group to group. */
function move(changes: Partial<MoveRow> = {}): MoveRow {
  const { urn, wave, slice, order, mode, waits, after, moveLast: last } = removal({ urn: "everyone-e3-1" });
  const row = { kind: "move", urn, wave, slice, order, mode, waits, after, moveLast: last } as const;
  return { ...row, move: { from: "e3", to: "e5" }, users: 60, usersOfWave: 80, ...changes };
}

const loss: AcceptedLoss = { group: "finance", sku: "ENTERPRISEPACK", skuId: "6fd2", plan: "SWAY", planId: "a23b" };

function group(changes: Partial<GroupRow> = {}): GroupRow {
  const about = { name: "finance", groupId: "8a1c", displayName: "LIC Finance" };
  return { kind: "group", urn: "finance", group: about, acceptLoss: [], successors: [], ...changes };
}

function gate(changes: Partial<GateRow> = {}): GateRow {
  return {
    kind: "gate",
    urn: "inheritance",
    groups: [{ name: "finance" }],
    acceptLoss: [],
    successors: [],
    moveLast: {},
    ...changes,
  };
}

type Case<Config> = readonly [what: string, row: Row, config: Config, said: readonly RegExp[]];

function table<Config>(rule: Rule<Config>, cases: readonly Case<Config>[]): void {
  describe(`the rule ${rule.name}`, () => {
    for (const [what, row, config, said] of cases) {
      it(`${said.length === 0 ? "lets pass" : "stops"} ${what}`, () => {
        const violations = rule.judge(row, config);
        assert.equal(violations.length, said.length, violations.join("\n"));
        said.forEach((words, index) => assert.match(violations[index] ?? "", words));
      });
    }
  });
}

const first = removal({ wave: "all", order: "1 of 1", after: nobody });

table(canaryFirst, [
  [
    "a first wave of more users",
    first,
    { atMostUsers: 59 },
    [/^Wave all .* from 60 users; a canary may have 59\. Put/],
  ],
  [
    "and names a canary that is small enough",
    first,
    { atMostUsers: 5 },
    [/\{name: canary, count: 5, soak: 24 hours\}/],
  ],
  ["one that is held: the file is judged", { ...first, waits: true }, { atMostUsers: 59 }, [/Wave all/]],
  ["a first wave of so many", first, { atMostUsers: 60 }, []],
  ["a large wave behind a canary", removal(), { atMostUsers: 1 }, []],
  ["a large first wave from which nothing is to be removed any more", { ...first, remove: {} }, { atMostUsers: 1 }, []],
  ["a wave that is put back", { ...first, mode: "restore" }, { atMostUsers: 1 }, []],
  [
    "a first wave of moves alone",
    move({ wave: "all", after: nobody }),
    { atMostUsers: 79 },
    [/^Wave all .* from 80 users/],
  ],
  ["moves behind a canary", move(), { atMostUsers: 1 }, []],
  ["moves that are put back", move({ after: nobody, mode: "restore" }), { atMostUsers: 1 }, []],
  ["other rows", gate(), { atMostUsers: 1 }, []],
]);

table(soak, [
  [
    "a wave too soon after another",
    removal(),
    { atLeast: "2 days" },
    [
      /^Wave everyone would follow canary after a soak of 24 hours, and at least 2 days are asked for\. Write soak: 2 days/,
    ],
  ],
  [
    "a wave right after another",
    removal({ after: { wave: "canary", users: 20, soakMs: 0 } }),
    { atLeast: "1 minute" },
    [/follow canary without a soak/],
  ],
  ["one that is held: the file is judged", removal({ waits: true }), { atLeast: "2 days" }, [/2 days/]],
  ["moves too soon after another wave", move(), { atLeast: "2 days" }, [/^Wave everyone would follow canary/]],
  ["a soak that is long enough", removal(), { atLeast: "24 hours" }, []],
  ["the first wave", first, { atLeast: "2 days" }, []],
  ["a wave with nothing to remove", removal({ remove: {} }), { atLeast: "2 days" }, []],
]);

table(groupNames, [
  [
    "another name, with what it should be like",
    group(),
    { pattern: "^SG-LIC-" },
    [
      /^licensing:groups\.finance is the group "LIC Finance" \(8a1c\), and a licensing group is called like \^SG-LIC-\./,
    ],
  ],
  [
    "a name that is about to be made",
    { kind: "made-group", urn: "urn::visio", displayName: "Visio" },
    { pattern: "^LIC " },
    [
      /^licensing:groups\.visio makes the group "Visio", and .* \^LIC \. Write such a name as its create\.displayName\.$/,
    ],
  ],
  ["a name that matches", group(), { pattern: "^LIC " }, []],
  ["every name where no rule is given", group(), { pattern: "" }, []],
]);

function takeOff(changes: Partial<TakeOffRow> = {}): TakeOffRow {
  const { urn, group: about } = group({ urn: "finance-take-off" });
  return { kind: "take-off", urn, group: about, takeOff: ["STANDARDPACK"], swapIn: ["ENTERPRISEPACK"], ...changes };
}

table(swapsInOneCall, [
  [
    "a swap without approval, with the entry to ask for",
    takeOff(),
    { entries: [] },
    [/^finance swaps STANDARDPACK for ENTERPRISEPACK in one call.* \{"group": "finance", "change": "…"\}/],
  ],
  ["one for another group", takeOff(), { entries: [{ group: "sales", change: "CHG-1" }] }, [/finance swaps/]],
  ["one that is allowed", takeOff(), { entries: [{ group: "finance", change: "CHG-1" }] }, []],
  ["what goes when every member is verified", takeOff({ swapIn: [] }), { entries: [] }, []],
  ["other rows", group(), { entries: [] }, []],
]);

const entry = { group: "finance", sku: "ENTERPRISEPACK", plan: "SWAY", change: "CHG-1" };

table(acceptedLosses, [
  [
    "a loss without approval, with the entry to ask for",
    group({ acceptLoss: [loss] }),
    { entries: [] },
    [/lose SWAY \(ENTERPRISEPACK\).* \{"group": "finance", "sku": "ENTERPRISEPACK", "plan": "SWAY", "change": "…"\}/],
  ],
  [
    "each one of several",
    group({ acceptLoss: [loss, { ...loss, plan: "X", planId: "x" }] }),
    { entries: [entry] },
    [/X/],
  ],
  ["one for another group", group({ acceptLoss: [loss] }), { entries: [{ ...entry, group: "sales" }] }, [/SWAY/]],
  ["one of another SKU", group({ acceptLoss: [loss] }), { entries: [{ ...entry, sku: "EMS" }] }, [/SWAY/]],
  [
    "one for a group that is taken out of the file, at the gate",
    gate({ groups: [], acceptLoss: [loss] }),
    { entries: [] },
    [/members of finance lose SWAY/],
  ],
  ["one by names", group({ acceptLoss: [loss] }), { entries: [entry] }, []],
  ["one by ids", group({ acceptLoss: [loss] }), { entries: [{ ...entry, sku: "6FD2", plan: "a23b" }] }, []],
  ["at the gate what the group's own row has shown", gate({ acceptLoss: [loss] }), { entries: [] }, []],
]);

const named = { "boss@contoso.com": boss };
const listed = { users: ["Boss@contoso.com"] };

const succession = { plan: "FORMS_PLAN_E3", planId: "2789", by: "FORMS_PLAN_E5", byId: "e212" };
const allowed = { plan: "forms_plan_e3", by: "E212", change: "CHG-2" };

table(acceptedSuccessors, [
  ["a file without any", gate(), { entries: [] }, []],
  [
    "one that nobody has allowed",
    gate({ successors: [succession] }),
    { entries: [] },
    [/FORMS_PLAN_E3 stay as FORMS_PLAN_E5/],
  ],
  [
    "one that nobody has allowed, at the group that gives it, whose licences change before the gate",
    group({ successors: [succession] }),
    { entries: [] },
    [/FORMS_PLAN_E3 stay as FORMS_PLAN_E5/],
  ],
  [
    "one by another plan",
    gate({ successors: [succession] }),
    { entries: [{ ...allowed, by: "SWAY" }] },
    [/FORMS_PLAN_E5/],
  ],
  ["one that has an entry, by name and id", gate({ successors: [succession] }), { entries: [allowed] }, []],
]);

table(moveLast, [
  [
    "a file that does not name them",
    gate(),
    { users: ["boss@contoso.com", "other@contoso.com"] },
    [/^Only the last wave may take boss@contoso\.com, other@contoso\.com\. Add them to licensing:moveLast/],
  ],
  [
    "a wave that took them before they were named",
    removal({ moveLast: named }),
    listed,
    [/^Wave everyone \(2 of 3\) took Boss/],
  ],
  [
    "a wave that moves them to another group too early",
    move({ moveLast: named }),
    listed,
    [/^Wave everyone \(2 of 3\) took Boss/],
  ],
  ["a wave that moves them back", move({ moveLast: named, mode: "restore" }), listed, []],
  ["a file that names them", gate({ moveLast: named }), listed, []],
  ["a file that names them otherwise, by object id", gate({ moveLast: named }), { users: [boss.toUpperCase()] }, []],
  ["them in the last wave", removal({ moveLast: named, order: "3 of 3" }), listed, []],
  ["others that the file moves last", removal({ moveLast: { "other@contoso.com": "x" } }), listed, []],
  ["everything where no user is listed", gate(), { users: [] }, []],
]);

describe("the rule removals-per-update", () => {
  const slices = ["1", "2", "3"].map((number) => removal({ urn: `slice-${number}`, slice: `${number} of 3` }));
  const judge = (rule: Rule<{ readonly atMost: number }>, rows: readonly Row[], atMost: number) =>
    rows.map((row) => rule.judge(row, { atMost }));

  it("stops the row that goes over, and says it once", () => {
    const [one = [], two = [], three = []] = judge(removalsPerUpdate(), slices, 100);
    assert.deepEqual(one, []);
    assert.match(
      two[0] ?? "",
      /^With wave everyone \(2 of 3\) this update would remove 160 direct assignments; 100 are/,
    );
    assert.deepEqual(three, []);
  });

  it("counts moves from group to group with the removals, and says so", () => {
    const [, moves = []] = judge(removalsPerUpdate(), [removal(), move()], 100);
    assert.match(
      moves[0] ?? "",
      /would remove 140 direct assignments, moves from group to group counted with them; 100 are/,
    );
  });

  it("lets so many pass", () => {
    assert.deepEqual(judge(removalsPerUpdate(), slices, 240), [[], [], []]);
  });

  it("counts a row once, however often it is shown, and says the same again", () => {
    const rule = removalsPerUpdate();
    const once = judge(rule, slices, 100);
    assert.deepEqual(judge(rule, slices, 100), once);
  });

  it("counts neither what is held nor what is put back", () => {
    const idle: Row[] = [removal({ urn: "held", waits: true }), removal({ urn: "back", mode: "restore" })];
    assert.deepEqual(judge(removalsPerUpdate(), idle, 0), [[], []]);
  });

  it("lets nothing pass where nothing is allowed", () => {
    assert.equal(judge(removalsPerUpdate(), [removal()], 0).flat().length, 1);
  });
});
