import assert from "node:assert/strict";
import { groupLicense } from "../../dynamic-providers/group-license";
import { readTenantToday } from "../../tenant/read-tenant-today";
import { percent, wave } from "../licensing/builders";
import { MOVE, MOVE_GROUPS, tenantOfMove } from "../providers/move-tenant";
import { rigOf } from "../providers/rig";
import { SmallStack, type SmallStackFile } from "../providers/small-stack";
import { GROUPS, idOf, mayMakeGroups, NAMES, tenant, upn } from "../providers/tenants";
import { OtherGraph } from "./other-graph";

const EVERYONE = { waves: [wave("everyone", percent(100))], applyThrough: "everyone" };
const BACK = { waves: [wave("everyone", percent(100), { rollback: "all" })] };

describe("a Graph that keeps to the public reference in other ways than the embedded one", function () {
  this.timeout(120_000);
  const rig = rigOf();
  let other: OtherGraph;

  function start(spec: ReturnType<typeof tenant>, file: SmallStackFile): SmallStack {
    rig.start(spec);
    other = new OtherGraph(rig.host.through, () => rig.host.now());
    rig.host.through = other.fetch;
    return new SmallStack(rig, file);
  }

  const lossless = () => {
    assert.deepEqual(rig.emulator.history.losses(), []);
    assert.deepEqual(other.faults, []);
  };

  it("sees a whole migration, from empty groups to the way back", async () => {
    const stack = start(tenant({ allUsers: [], finance: [] }), { groups: GROUPS, ...EVERYONE });
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(rig.emulator.tenant.directAssignments(), []);
    assert.deepEqual(await stack.up(), { ran: [], unfinished: [] });
    lossless();

    await assert.rejects(
      groupLicense.release(stack.outputs("all-users") as never, rig.host),
      /would take .* from 6 users/,
    );
    stack.file = { ...stack.file, ...BACK };
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.equal(rig.emulator.tenant.directAssignments().length, 8);
    await groupLicense.release(stack.outputs("all-users") as never, rig.host);
    lossless();
  });

  it("sees members go from group to group, and back", async () => {
    const stack = start(tenantOfMove(), { groups: MOVE_GROUPS, moves: [MOVE], ...EVERYONE });
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([...rig.emulator.tenant.group("E5 users").userMembers].sort(), NAMES.map(idOf).sort());
    assert.deepEqual(await stack.preview(), []);
    lossless();
  });

  it("adds users of which some are members already", async () => {
    start({ ...tenant(), ...mayMakeGroups }, { groups: GROUPS });
    const { id } = rig.emulator.tenant.group("Finance department");
    const outcomes = await rig.graph().addMembers(id, NAMES.map(idOf));
    assert.deepEqual(
      [...outcomes.values()].map(({ kind }) => kind),
      ["already-there", "already-there", "added", "added", "added", "added"],
    );
  });

  it("tells all uses of a group, and all of its members in error", async () => {
    const [all, ...groups] = tenant().groups ?? [];
    assert.ok(all !== undefined);
    const used = { ...all, appRoles: ["Salesforce", "Workday"], directoryRoles: ["Directory Readers"] };
    start({ ...tenant(), ...mayMakeGroups, groups: [used, ...groups] }, { groups: GROUPS });
    const { id } = rig.emulator.tenant.group("All users");
    for (const name of NAMES) {
      rig.emulator.tenant.setAssignmentState(upn(name), "EMS", "All users", { state: "Error", error: "Other" });
    }
    const { uses, unread } = (await rig.graph().groupUses([id])).get(id) ?? { uses: [], unread: null };
    assert.deepEqual(uses.slice(1), [
      "an app role of Salesforce",
      "an app role of Workday",
      "the directory role Directory Readers",
    ]);
    assert.equal(unread, null);
    assert.equal((await rig.graph().skusAndErrors([id])).inError.get(id)?.size, NAMES.length);
  });

  it("counts users and finds groups by texts as long as Entra takes them", async () => {
    const departments = Array.from({ length: 5 }, (_, n) => "営業部".repeat(20) + String(n));
    const users = departments.map((department, n) => ({ userPrincipalName: upn(`user${n}`), department }));
    const displayName = "A group with a long name ".repeat(10).trim();
    start({ ...tenant({ moreUsers: users }), groups: [{ displayName }] }, { groups: GROUPS });
    const conditions = [
      { property: "department", values: departments },
      { property: "userType", values: ["Member"] },
    ];
    assert.deepEqual([...(await rig.graph().userCounts(new Map([["all", conditions]])))], [["all", users.length]]);
    assert.equal((await rig.graph().findGroups([displayName])).get(displayName)?.length, 1);
  });

  it("is discovered", async () => {
    start(tenant(), { groups: GROUPS });
    const kept = { earlier: () => [], add: () => undefined };
    const { today } = await readTenantToday(rig.graph(), kept, () => undefined);
    assert.equal(today.users.size, NAMES.length);
    lossless();
  });
});
