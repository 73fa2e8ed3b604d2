import assert from "node:assert/strict";
import { Catalog } from "../../licensing/catalog/catalog";
import { NO_NAMES } from "../../licensing/catalog/recorded-names";
import type { MembersSpec, GroupSpec } from "../../licensing/stack-file/stack-file";
import { EMPTY_RECORD, type MadeGroupRecord, type StackRecord } from "../../licensing/record/record";
import { confirmJoined } from "../../tenant/confirm-joined";
import { readSnapshot } from "../../tenant/read-snapshot";
import { resolveDeclaration } from "../../tenant/resolve-declaration";
import { resolveOwnGroups } from "../../tenant/resolve-own-groups";
import { rigOf } from "../providers/rig";
import { idOf, mayMakeGroups, tenant, upn } from "../providers/tenants";

const RULE = 'user.department -eq "Design"';
const NOBODY: MembersSpec = { kind: "none" };
const licenses = [{ sku: "EMS", disabledPlans: [] }];

function made(
  name: string,
  displayName: string,
  members: MembersSpec = NOBODY,
  owners: readonly string[] = [],
): GroupSpec {
  return { name, licenses, create: { displayName, description: null, owners, members } };
}

describe("the groups that a stack makes, as the tenant and the state know them", function () {
  this.timeout(120_000);
  const rig = rigOf({ replicationLagMs: 600_000 });

  beforeEach(() => {
    rig.start(
      tenant({ moreGroups: [{ displayName: "LIC Static" }, { displayName: "LIC Dynamic", membershipRule: RULE }] }),
    );
  });

  const idOfGroup = (name: string) => rig.emulator.tenant.group(name).id;

  /** A state in which these groups were made, by logical name. */
  function remembers(groups: Readonly<Record<string, Partial<MadeGroupRecord>>>): StackRecord {
    const nothing = { groupId: "", ownerIds: [], rule: null, evaluatedRule: null, joined: new Set<string>() };
    return {
      ...EMPTY_RECORD,
      madeGroups: new Map(Object.entries(groups).map(([name, group]) => [name, { ...nothing, ...group }])),
    };
  }

  const resolve = (record: StackRecord, ...specs: readonly GroupSpec[]) => resolveOwnGroups(rig.graph(), specs, record);

  async function mistakes(record: StackRecord, ...specs: readonly GroupSpec[]): Promise<readonly string[]> {
    return (await resolve(record, ...specs)).mistakes.map(({ path, message }) => `${path} ${message}`);
  }

  it("direct holders but for some: an id that the tenant no longer has is a note, an unknown name a mistake", async () => {
    const left = "00000000-0000-4000-8000-000000000001";
    const but = (...except: readonly string[]): MembersSpec => ({ kind: "direct-holders", except });
    const { own, notes } = await resolve(EMPTY_RECORD, made("visio", "LIC Visio", but(upn("ben"), idOf("ada"), left)));
    assert.deepEqual(own.get("visio")?.members, {
      kind: "direct-holders",
      except: new Set([idOf("ben"), idOf("ada")]),
    });
    assert.match(
      notes.map(({ message }) => message).join(),
      new RegExp(`except\\[2\\]: the tenant has no user "${left}"`),
    );
    assert.deepEqual(await mistakes(EMPTY_RECORD, made("visio", "LIC Visio", but("nobody@contoso.com"))), [
      'licensing:groups.visio.create.except[0] the tenant has no user "nobody@contoso.com". Write a user principal name or an object id',
    ]);
  });

  it("one that is still to be made: owners and members by id, and no id of its own", async () => {
    const users: MembersSpec = { kind: "users", users: [upn("ben"), idOf("ada")] };
    const found = await resolve(EMPTY_RECORD, made("visio", "LIC Visio", users, [upn("eve"), upn("eve")]));
    const { own, mistakes: none } = found;
    assert.deepEqual(none, []);
    const visio = own.get("visio");
    assert.deepEqual(visio?.ownerIds, [idOf("eve")]);
    assert.deepEqual(visio.members, { kind: "users", userIds: new Set([idOf("ben"), idOf("ada")]) });
    assert.equal(visio.isEvaluated, true);
    const graph = rig.graph();
    const catalog = new Catalog(await graph.subscribedSkus());
    const declared = await resolveDeclaration(graph, [made("visio", "LIC Visio")], catalog, found);
    const before = rig.emulator.requests.count();
    const { snapshot } = await readSnapshot(graph, declared, catalog);
    assert.deepEqual(snapshot.members, new Map([[visio.groupId, new Set()]]));
    assert.equal(snapshot.users.size, 6, "all who hold EMS");
    assert.deepEqual(snapshot.groups.get(visio.groupId)?.licenses, []);
    const asked = rig.emulator.requests.all({}).slice(before);
    assert.ok(
      asked.every(({ path }) => !decodeURIComponent(path).includes(visio.groupId)),
      "nothing is asked about it",
    );
  });

  it("one that was made: by the id of the state, also after a rename", async () => {
    const id = idOfGroup("LIC Static");
    const { own, mistakes: found } = await resolve(remembers({ visio: { groupId: id } }), made("visio", "LIC Visio 2"));
    assert.deepEqual(found, []);
    assert.equal(own.get("visio")?.groupId, id);
  });

  it("one that would be renamed to a name that is taken is refused, and one that has its name is not", async () => {
    const groupId = idOfGroup("LIC Static");
    const record = remembers({ visio: { groupId } });
    const [found, ...more] = await mistakes(record, made("visio", "finance department"));
    assert.deepEqual(more, []);
    assert.match(
      found ?? "",
      /^licensing:groups\.visio\.create the tenant has a group "finance department" already \([0-9a-f-]{36}\), so LIC Static/,
    );
    assert.ok(found?.includes(idOfGroup("Finance department")), found);
    rig.emulator.tenant.addGroup({ displayName: "LIC Static" });
    assert.deepEqual(await mistakes(record, made("visio", "lic static")), [], "others took the name later");
  });

  it("a group of that name is to be deleted only where it has no licence and no members", async () => {
    const empty = await mistakes(EMPTY_RECORD, made("visio", "LIC Static"));
    assert.match(empty.join(), /It has no licence and no members: if a run .+ delete that group/);
    const licensed = await mistakes(EMPTY_RECORD, made("visio", "Finance department"));
    assert.match(
      licensed.join(),
      /It has 1 licence and 2 users, so do not delete it: .+ restore the state \(docs\/lost-state\.md\)$/,
    );
    rig.emulator.tenant.joinGroup(upn("ada"), "LIC Static");
    rig.emulator.clock.advance(600_000);
    const filled = await mistakes(EMPTY_RECORD, made("visio", "LIC Static"));
    assert.match(filled.join(), /It has 0 licences and 1 user, so do not delete it/);
    rig.emulator.faults.add({ match: { path: /microsoft\.graph\.user/ }, then: { status: 404 } });
    assert.match(
      (await mistakes(EMPTY_RECORD, made("visio", "LIC Static"))).join(),
      /an unknown number of users, so do not delete it/,
    );
  });

  it("a rule counts as evaluated when Entra was seen to have evaluated this one", async () => {
    const spec = made("design", "LIC Dynamic", { kind: "rule", rule: RULE });
    const groupId = idOfGroup("LIC Dynamic");
    const isEvaluated = async (evaluatedRule: string | null) => {
      const { own, mistakes: found } = await resolve(
        remembers({ design: { groupId, rule: RULE, evaluatedRule } }),
        spec,
      );
      assert.deepEqual(found, []);
      return own.get("design")?.isEvaluated;
    };
    assert.equal(await isEvaluated(null), false);
    assert.equal(await isEvaluated("user.accountEnabled -eq true"), false);
    assert.equal(await isEvaluated(RULE), true);
  });

  it("refuses what would be another group, or no group, all at once", async () => {
    const known = remembers({
      gone: { groupId: idOf("ada") },
      kept: { groupId: idOfGroup("LIC Static") },
      moved: { groupId: idOfGroup("LIC Dynamic") },
      given: { groupId: idOfGroup("LIC Static") },
    });
    const found = await mistakes(
      known,
      made("new", "finance department", { kind: "users", users: ["nobody@contoso.com"] }, ["no-one@contoso.com"]),
      made("gone", "LIC Gone"),
      made("kept", "LIC Static", { kind: "rule", rule: RULE }),
      made("moved", "LIC Dynamic"),
      made("twin", "LIC New"),
      made("twin-2", "Lic New"),
      { name: "given", existing: "LIC Static", licenses },
    );
    const expected = [
      /^licensing:groups\.given\.existing this stack made the group .+ without create its row would go, and the group with it/,
      /^licensing:groups\.twin-2\.create\.displayName licensing:groups\.twin makes a group "Lic New", too/,
      /^licensing:groups\.new\.create the tenant has a group "finance department" already .+write existing: [0-9a-f-]{36}/,
      /^licensing:groups\.new\.create\.owners\[0\] the tenant has no user "no-one@contoso.com"/,
      /^licensing:groups\.new\.create\.members\.users\[0\] the tenant has no user "nobody@contoso.com"/,
      /^licensing:groups\.gone\.create the group that this stack made .+ no longer exists, and this stack had not given it a licence yet/,
      /^licensing:groups\.kept\.create the group LIC Static .+ is static, and this would make it dynamic/,
      /^licensing:groups\.moved\.create the group LIC Dynamic .+ is dynamic, and this would make it static/,
    ];
    assert.equal(found.length, expected.length, found.join("\n"));
    expected.forEach((words, index) => {
      assert.match(found[index] ?? "", words);
    });
    const graph = rig.graph();
    const catalog = new Catalog(await graph.subscribedSkus());
    const specs = [made("new", "finance department"), made("bad", "LIC Bad", NOBODY)];
    const ofOwn = await resolveOwnGroups(graph, specs, EMPTY_RECORD);
    await assert.rejects(
      resolveDeclaration(graph, specs, catalog, ofOwn),
      /groups\.new\.create the tenant has a group/,
    );
  });

  const licensed = (groupId: string, displayName: string) =>
    new Map([
      [
        "visio",
        { groupId, displayName, given: [], acceptLoss: [], plans: {}, names: NO_NAMES, leaving: [], hasTakeOff: false },
      ],
    ]);

  it("one that was deleted after it got its licence is known by its id, whether or not its row is still there", async () => {
    const groupId = idOfGroup("LIC Static");
    rig.emulator.tenant.removeGroup("LIC Static");
    rig.emulator.clock.advance(600_000);
    const spec = made("visio", "LIC Visio", { kind: "users", users: ["nobody@contoso.com"] }, ["no-one@contoso.com"]);
    for (const rows of [{ visio: { groupId } }, {}]) {
      const record = { ...remembers(rows), groupLicenses: licensed(groupId, "LIC Static") };
      const { own, deleted, mistakes: found } = await resolve(record, spec);
      assert.deepEqual(found, []);
      assert.deepEqual(
        [...deleted.values()].map((each) => [each.groupId, each.displayName]),
        [[groupId, "LIC Static"]],
      );
      assert.deepEqual(
        [...own.values()].map(({ members }) => members),
        "visio" in rows ? [NOBODY] : [],
      );
    }
  });

  it("one that was restored after its row had gone is to be named by its id", async () => {
    const groupId = idOfGroup("LIC Static");
    const record = { ...remembers({}), groupLicenses: licensed(groupId, "LIC Static") };
    const [found = ""] = await mistakes(record, made("visio", "LIC Visio"));
    assert.ok(found.endsWith(`Write existing: ${groupId} in place of create`), found);
  });

  it("owners and members that are gone are notes once the group exists, and the owners' row rests", async () => {
    const groupId = idOfGroup("LIC Static");
    const owners = [upn("eve"), upn("fay")];
    const spec = made("visio", "LIC Static", { kind: "users", users: [upn("ben"), upn("fay")] }, owners);
    const record = remembers({ visio: { groupId, ownerIds: [idOf("fay"), idOf("eve")] } });
    rig.emulator.tenant.removeUser(upn("fay"));
    rig.emulator.clock.advance(600_000);
    const { own, mistakes: found, notes } = await resolve(record, spec);
    assert.deepEqual(found, []);
    assert.deepEqual(
      notes.map(({ severity, message }) => `${severity} ${message}`),
      ["owners[1]", "members.users[1]"].map(
        (place) =>
          `note licensing:groups.visio.create.${place}: the tenant has no user "${upn("fay")}": the user was deleted, or the name is misspelt.`,
      ),
    );
    const visio = own.get("visio");
    assert.deepEqual(visio?.members, { kind: "users", userIds: new Set([idOf("ben")]) });
    assert.deepEqual(visio.ownerIds, [idOf("eve"), idOf("fay")].sort());
    const ownersOf = async (...words: readonly string[]) =>
      (await resolve(record, made("visio", "LIC Static", NOBODY, words))).own.get("visio")?.ownerIds;
    assert.deepEqual(await ownersOf(upn("eve"), upn("fay"), upn("ada")), [idOf("eve"), idOf("ada")].sort(), "added");
    const both = remembers({ visio: { groupId, ownerIds: [idOf("eve"), idOf("ada")] } });
    assert.deepEqual(
      (await resolve(both, made("visio", "LIC Static", NOBODY, [upn("eve")]))).own.get("visio")?.ownerIds,
      [idOf("eve")],
      "a user that is still there is taken out",
    );
  });

  describe("of a group that Graph does not find", () => {
    const missing = { status: 404, code: "Request_ResourceNotFound", message: "Resource does not exist." } as const;

    it("one that the run before made seconds ago is waited for", async () => {
      const groupId = idOfGroup("LIC Static");
      rig.emulator.faults.add({ match: { path: new RegExp(`^/groups/${groupId}`) }, times: 5, then: missing });
      const at = rig.emulator.clock.now().getTime();
      const found = await mistakes(remembers({ visio: { groupId } }), made("visio", "LIC Static"));
      assert.deepEqual(found, []);
      assert.ok(rig.emulator.clock.now().getTime() - at >= 7_000);
      rig.emulator.faults.add({ match: { path: new RegExp(`^/groups/${groupId}`) }, times: 5, then: missing });
      const record = { ...remembers({ visio: { groupId } }), groupLicenses: licensed(groupId, "LIC Static") };
      const { deleted } = await resolve(record, made("visio", "LIC Static"));
      assert.equal(deleted.size, 0, "nor is it told to be deleted once its licence is on record");
    });

    it("one that stays away for two minutes was deleted, and so was one in the recycle bin, at once", async () => {
      const check = async (groupId: string, mostMs: number, leastMs: number) => {
        const at = rig.emulator.clock.now().getTime();
        const found = await mistakes(remembers({ visio: { groupId } }), made("visio", "LIC New"));
        const tookMs = rig.emulator.clock.now().getTime() - at;
        assert.equal(found.length, 1);
        assert.match(found[0] ?? "", /no longer exists/);
        assert.ok(tookMs >= leastMs && tookMs <= mostMs, String(tookMs));
      };
      await check("11111111-1111-4111-8111-111111111111", 130_000, 110_000);
      rig.start({ ...tenant({ moreGroups: [{ displayName: "LIC Gone" }] }), ...mayMakeGroups });
      const gone = idOfGroup("LIC Gone");
      rig.emulator.tenant.removeGroup("LIC Gone");
      await check(gone, 1_000, 0);
    });
  });

  it("a user that was added and is not listed yet counts as a member; one that was taken out again does not", async () => {
    const groupId = idOfGroup("LIC Static");
    rig.emulator.tenant.setGroupLicenses("LIC Static", [{ sku: "EMS" }]);
    for (const name of ["ada", "ben"]) rig.emulator.tenant.joinGroup(upn(name), "LIC Static");
    rig.emulator.clock.advance(100_000);
    rig.emulator.tenant.leaveGroup(upn("ben"), "LIC Static");
    rig.emulator.clock.advance(100_000);
    const record = remembers({ visio: { groupId, joined: new Set(["ada", "ben"].map(idOf)) } });
    const graph = rig.graph();
    const catalog = new Catalog(await graph.subscribedSkus());
    const spec = made("visio", "LIC Static", { kind: "direct-holders" });
    const found = await resolveOwnGroups(graph, [spec], record);
    const declared = await resolveDeclaration(graph, [spec], catalog, found);
    const { snapshot } = await readSnapshot(graph, declared, catalog);
    assert.equal(snapshot.members.get(groupId)?.size, 0, "lists are behind");
    const confirmed = await confirmJoined(graph, snapshot, found.own, record);
    assert.deepEqual(confirmed.members.get(groupId), new Set([idOf("ada")]));
    const sources = confirmed.users.get(idOf("ada"))?.assignments.map(({ assignedByGroup }) => assignedByGroup);
    assert.ok(sources?.includes(groupId), "as they are now");
    const nobody = remembers({ visio: { groupId } });
    const before = rig.emulator.requests.count();
    assert.deepEqual(await confirmJoined(graph, snapshot, found.own, nobody), snapshot);
    assert.equal(rig.emulator.requests.count(), before, "no user has to be looked up");
  });
});
