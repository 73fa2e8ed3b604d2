import assert from "node:assert/strict";
import type { DeclaredGroup } from "../../licensing/declaration";
import { joiningOf } from "../../licensing/preflight/joining";
import type { Assignment } from "../../licensing/model";
import type { OwnGroup, OwnMembers } from "../../licensing/stack-file/own-group";
import { declared, direct, groupId, inherited, license, snapshot, user, userId } from "./builders";

const HOLDERS: OwnMembers = { kind: "direct-holders" };
const VISIO = declared("Visio", "VISIOCLIENT");
const SUITE = declared("Suite", "ENTERPRISEPACK", "VISIOCLIENT");
const FULL = declared("Full", "ENTERPRISEPACK");
const QUIET = declared("Quiet", license("ENTERPRISEPACK", { without: ["YAMMER"] }));

function own(group: DeclaredGroup, members: OwnMembers): OwnGroup {
  const creation = {
    displayName: group.displayName,
    description: null,
    owners: [],
    members: { kind: "none" as const },
  };
  const { name } = group;
  return { name, groupId: group.groupId, creation, ownerIds: [], members, ruleBefore: null, isEvaluated: true };
}

/** The joining users of each group, by names. */
function joining(
  groups: readonly (readonly [DeclaredGroup, OwnMembers | "existing"])[],
  people: Readonly<Record<string, readonly Assignment[]>>,
  members: Readonly<Record<string, readonly string[]>> = {},
) {
  const all = groups.map(([group]) => group);
  const users = Object.entries(people).map(([name, assignments]) => user(name, assignments));
  const names = new Map(Object.keys(people).map((name) => [userId(name), name]));
  const made = groups.flatMap(([group, who]) => (who === "existing" ? [] : [[group.name, own(group, who)] as const]));
  const found = joiningOf(new Map(made), snapshot({ declared: all, users, members }));
  return Object.fromEntries(
    all.flatMap(({ displayName }) => {
      const each = found.get(groupId(displayName));
      if (each === undefined) return [];
      const who = [...each.userIds].map((id) => names.get(id) ?? id).sort();
      return [[displayName, each.uncovered.size === 0 ? who : [...who, each.uncovered.size]]];
    }),
  );
}

const quiet = { without: ["YAMMER"] };
const holdersBut = (...names: readonly string[]): OwnMembers => ({
  kind: "direct-holders",
  except: new Set(names.map(userId)),
});
const inState = (state: string, of: Assignment): Assignment => ({ ...of, state });

describe("users joining a group that the stack creates", () => {
  it("every direct holder of its licences that is not in it yet", () => {
    const people = {
      ada: [direct("VISIOCLIENT")],
      ben: [direct("VISIOCLIENT"), inherited("VISIOCLIENT", "Visio")],
      cleo: [direct("EMS")],
      dan: [inherited("VISIOCLIENT", "Others")],
      eve: [inState("ActiveWithError", direct("VISIOCLIENT"))],
      fay: [inState("Disabled", direct("VISIOCLIENT"))],
    };
    assert.deepEqual(joining([[VISIO, HOLDERS]], people, { Visio: ["ben"] }), { Visio: ["ada", "eve"] });
  });

  it("no user with a plan on that it does not give: that is counted", () => {
    const people = { ada: [direct("ENTERPRISEPACK")], ben: [direct("ENTERPRISEPACK", quiet)] };
    assert.deepEqual(joining([[QUIET, HOLDERS]], people), { Quiet: ["ben", 1] });
  });

  it("of two groups for two patterns of a SKU each gets its own users, in any order", () => {
    const people = { ada: [direct("ENTERPRISEPACK")], ben: [direct("ENTERPRISEPACK", quiet)] };
    for (const groups of [
      [FULL, QUIET],
      [QUIET, FULL],
    ]) {
      const both = groups.map((group): readonly [DeclaredGroup, OwnMembers] => [group, HOLDERS]);
      assert.deepEqual(joining(both, people), { Full: ["ada"], Quiet: ["ben"] });
    }
  });

  it("a holder of a base and an add-on in the group that gives both, and no further group of the base; in any order", () => {
    const people = {
      ada: [direct("ENTERPRISEPACK"), direct("VISIOCLIENT")],
      ben: [direct("ENTERPRISEPACK")],
      cleo: [direct("ENTERPRISEPACK", quiet), direct("VISIOCLIENT")],
    };
    const groups = [FULL, SUITE, QUIET].map((group): readonly [DeclaredGroup, OwnMembers] => [group, HOLDERS]);
    for (const each of [groups, groups.toReversed()]) {
      assert.deepEqual(joining(each, people), { Full: ["ben"], Suite: ["ada", "cleo"], Quiet: [] });
    }
  });

  it("no user with only some of its SKUs: Entra gives a member all of them", () => {
    const people = {
      ada: [direct("ENTERPRISEPACK"), direct("VISIOCLIENT")],
      ben: [direct("VISIOCLIENT")],
      cleo: [direct("ENTERPRISEPACK"), inherited("VISIOCLIENT", "Others")],
    };
    assert.deepEqual(joining([[SUITE, HOLDERS]], people), { Suite: ["ada"] });
  });

  it("no member of another declared group that covers the licence; but members of one that does not", () => {
    const people = { ada: [direct("ENTERPRISEPACK")], ben: [direct("ENTERPRISEPACK", quiet)] };
    const groups = [
      [QUIET, "existing"],
      [FULL, HOLDERS],
    ] as const;
    assert.deepEqual(joining(groups, people, { Quiet: ["ada", "ben"] }), { Full: ["ada"] });
  });

  it("the named users, with any licences; no user of a membership that a rule or others decide", () => {
    const named: OwnMembers = { kind: "users", userIds: new Set(["ada", "ben"].map(userId)) };
    const people = { ada: [], ben: [], cleo: [direct("VISIOCLIENT")] };
    assert.deepEqual(joining([[VISIO, named]], people, { Visio: ["ben"] }), { Visio: ["ada"] });
    assert.deepEqual(joining([[VISIO, { kind: "none" }]], people), {});
    assert.deepEqual(joining([[VISIO, { kind: "rule", rule: "all" }]], people), {});
  });

  it("no user once all are moved: members are never taken out", () => {
    const people = { ada: [inherited("VISIOCLIENT", "Visio")], ben: [] };
    assert.deepEqual(joining([[VISIO, HOLDERS]], people, { Visio: ["ada"] }), { Visio: [] });
  });

  it("no excepted user, whether the group would give too much or too little, and without a note", () => {
    const people = {
      ada: [direct("ENTERPRISEPACK")],
      ben: [direct("ENTERPRISEPACK", quiet)],
      cleo: [direct("ENTERPRISEPACK")],
    };
    assert.deepEqual(joining([[FULL, holdersBut("ben")]], people), { Full: ["ada", "cleo"] });
    assert.deepEqual(joining([[QUIET, holdersBut("ada")]], people), { Quiet: ["ben", 1] });
  });

  it("a user that one group excepts may join another one that covers the licence", () => {
    const people = { ben: [direct("ENTERPRISEPACK", quiet)] };
    const groups = [
      [QUIET, holdersBut("ben")],
      [FULL, HOLDERS],
    ] as const;
    assert.deepEqual(joining(groups, people), { Quiet: [], Full: ["ben"] });
  });
});
