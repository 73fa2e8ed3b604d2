import assert from "node:assert/strict";
import type { MigrationPlan } from "../../licensing/plan/plan";
import { planMigration } from "../../licensing/plan/plan-migration";
import { idOfUnmade, isUnmade, sameRule, type OwnGroup } from "../../licensing/stack-file/own-group";
import { formatGroup } from "../../licensing/plan/group-words";
import { formatWave } from "../../licensing/plan/wave-words";
import { recordOf } from "../../licensing/record/record";
import { ruleChange } from "../../licensing/plan/group-plan";
import { packIds } from "../../licensing/record/compact-ids";
import { catalog, declared, direct, groupId, license, percent, record, snapshot, user, userId, wave } from "./builders";

const RULE = 'user.department -eq "Design"';

function ruled(changes: Partial<OwnGroup> = {}): OwnGroup {
  const members = { kind: "rule" as const, rule: RULE };
  const creation = { displayName: "LIC Design", description: null, owners: [], members };
  const id = groupId("LIC Design");
  return {
    name: "design",
    groupId: id,
    creation,
    ownerIds: [],
    members,
    ruleBefore: RULE,
    isEvaluated: true,
    ...changes,
  };
}

describe("a rule that is changed", () => {
  it("is refused while members depend on the group", () => {
    const changed = ruled({ ruleBefore: 'user.department -eq "Sales"' });
    assert.match(
      ruleChange(changed, 2) ?? "",
      /groups\.design has another rule .+Sales.+ 2 members depend on LIC Design/,
    );
    assert.equal(ruleChange(changed, 0), null);
  });

  it("is none where only white space differs, or there was none before", () => {
    assert.equal(ruleChange(ruled({ ruleBefore: ' user.department  -eq "Design" ' }), 2), null);
    assert.equal(ruleChange(ruled({ ruleBefore: null }), 2), null);
    assert.equal(ruleChange(undefined, 2), null);
    assert.equal(sameRule('user.city -eq "New  York"', 'user.city -eq "New York"'), false);
    assert.equal(sameRule(null, null), true);
  });
});

describe("a plan with a group that is not made yet", () => {
  const id = idOfUnmade("visio");
  const VISIO = { name: "visio", groupId: id, displayName: "LIC Visio", licenses: [license("VISIOCLIENT")] };
  const STAFF = declared("Staff", "EMS");
  const ada = user("ada", [direct("VISIOCLIENT")]);

  function plan(members: OwnGroup["members"], isEvaluated: boolean): MigrationPlan {
    const creation = { displayName: "LIC Visio", description: null, owners: [], members: { kind: "none" as const } };
    const own = { name: "visio", groupId: id, creation, ownerIds: [], members, ruleBefore: null, isEvaluated };
    const now = snapshot({ declared: [STAFF, VISIO], users: [ada], members: {} });
    const bare = { ...now.groups.get(id), licenses: [], processingState: null };
    return planMigration({
      snapshot: { ...now, groups: new Map([...now.groups, [id, bare as never]]) },
      waves: [wave("everyone", percent(100))],
      named: new Map(),
      moveLast: new Map(),
      applyThrough: "everyone",
      record: record({}),
      accepted: [],
      after: new Map([
        [STAFF.groupId, STAFF.licenses],
        [id, VISIO.licenses],
      ]),
      own: new Map([["visio", own]]),
      nowMs: 0,
    });
  }

  it("foresees the wave from its future members, and protects what they will depend on", () => {
    const { groups, waves, predicted } = plan({ kind: "direct-holders" }, true);
    const [staff, visio] = groups;
    assert.ok(staff && visio && waves[0]);
    assert.equal(predicted, true);
    assert.equal(formatGroup(visio, catalog), "assign VISIOCLIENT to 1 member, 1 of them new");
    assert.equal(
      formatWave(waves[0], catalog, predicted),
      "(predicted) remove 1 direct assignment from 1 user: 1 VISIOCLIENT",
    );
    assert.equal(visio.isProtected, true);
    assert.equal(visio.refusal, null);
    assert.deepEqual([...staff.others.keys()], [], "what stands for an id is no id to look up");
  });

  it("holds the wave while the users of a rule are unknown", () => {
    const { groups, waves } = plan({ kind: "rule", rule: RULE }, false);
    assert.ok(groups[1] && waves[0]);
    assert.equal(formatGroup(groups[1], catalog), "assign VISIOCLIENT to its future members");
    assert.deepEqual(waves[0].hold, {
      kind: "members-unknown",
      group: "LIC Visio",
      groupIds: [waves[0].hold?.kind === "members-unknown" ? waves[0].hold.groupIds[0] : ""],
    });
  });

  it("is never taken for one that is made", () => {
    assert.equal(isUnmade(id), true);
    assert.equal(isUnmade(groupId("Staff")), false);
  });
});

describe("what the state remembers of groups that were made here", () => {
  it("is their id, their owners, their rule, whether that was evaluated, and the added users", () => {
    const made = [
      { name: "visio", groupId: "g1", ownerIds: [userId("eve")], rule: null },
      { name: "design", groupId: "g2", ownerIds: [], rule: RULE },
      { name: "sales", groupId: "g3", ownerIds: [], rule: RULE },
    ];
    const found = recordOf({
      baselines: [],
      slices: [],
      groupLicenses: [],
      madeGroups: made,
      groupMembers: [{ name: "visio", groupId: "g1", __joined: packIds([userId("ada")]) }],
      evaluatedRules: [
        { name: "design", groupId: "g2", rule: RULE, evaluated: true },
        { name: "sales", groupId: "g3", rule: RULE, evaluated: false },
      ],
    });
    assert.deepEqual(
      [...found.madeGroups],
      [
        [
          "visio",
          {
            groupId: "g1",
            ownerIds: [userId("eve")],
            rule: null,
            evaluatedRule: null,
            joined: new Set([userId("ada")]),
          },
        ],
        ["design", { groupId: "g2", ownerIds: [], rule: RULE, evaluatedRule: RULE, joined: new Set() }],
        ["sales", { groupId: "g3", ownerIds: [], rule: RULE, evaluatedRule: null, joined: new Set() }],
      ],
    );
  });
});
