import assert from "node:assert/strict";
import { groupMembers, type GroupMembersInputs, type GroupMembersOutputs } from "../../dynamic-providers/group-members";
import type { GroupSpec } from "../../emulator";
import { GraphError } from "../../graph/client/failure";
import { packIds, unpackIds } from "../../licensing/record/compact-ids";
import { Refusal } from "../../licensing/refusal";
import { rigOf } from "./rig";
import { mayMakeGroups, idOf, tenant, upn } from "./tenants";

const crowd = Array.from({ length: 450 }, (_, number) => `user${number}`);

describe("GroupMembers", function () {
  this.timeout(120_000);
  const rig = rigOf();

  const start = (group: Partial<GroupSpec> = {}, names: readonly string[] = crowd) =>
    rig.start(tenant({ names, moreGroups: [{ displayName: "LIC Visio", ...group }], more: mayMakeGroups }));
  const group = () => rig.emulator.tenant.group("LIC Visio");
  const members = () => new Set(group().userMembers);
  const ids = (names: readonly string[]) => new Set(names.map(idOf));

  function inputs(names: readonly string[]): GroupMembersInputs {
    const { id: groupId, displayName } = group();
    const add = packIds(names.map(idOf));
    return {
      connection: rig.connection,
      name: "visio",
      groupId,
      displayName,
      add: names.length,
      __lists: { add },
      __urn: "visio",
    };
  }
  const add = (names: readonly string[], before: GroupMembersOutputs | null = null) =>
    groupMembers.converge(inputs(names), before, rig.host);
  const writes = (path: RegExp) => rig.emulator.requests.all({ path }).filter(({ method }) => method !== "GET");

  it("adds all users, 20 in a write and 20 writes in a batch", async () => {
    start();
    const { outputs, unfinished } = await add(crowd);
    assert.deepEqual(unfinished, []);
    assert.deepEqual(members(), ids(crowd));
    assert.equal(outputs.joined, 450);
    assert.equal(writes(/^\/groups\/[^/]+$/).length, 23);
    assert.equal(writes(/\$ref$/).length, 0);
    assert.equal(writes(/^\/\$batch$/).length, 3, "one that looks at the group, and two of writes");
    assert.ok(rig.host.statuses.includes("400 of 450 users added"), rig.host.statuses.join());
  });

  it("a second run changes nothing: existing members are kept and no member is removed", async () => {
    start({ members: ["user1", "user2"].map(upn) });
    rig.emulator.tenant.joinGroup(upn("user9"), "LIC Visio");
    const { outputs, unfinished } = await add(["user1", "user3", "user4"]);
    assert.deepEqual(unfinished, []);
    assert.deepEqual(members(), ids(["user1", "user2", "user3", "user4", "user9"]));
    const again = await add(["user1", "user3"], outputs);
    assert.deepEqual(again.outputs, outputs);
    assert.deepEqual(new Set(unpackIds(outputs.__joined)), ids(["user1", "user3", "user4"]));
    const later = await add(["user5"], again.outputs);
    assert.deepEqual(new Set(unpackIds(later.outputs.__joined)), ids(["user1", "user3", "user4", "user5"]));
    assert.deepEqual(members(), ids(["user1", "user2", "user3", "user4", "user5", "user9"]));
  });

  it("a deleted user costs no other user the membership, and is named", async () => {
    start();
    const wanted = inputs(["user1", "user2", "user3"]);
    rig.emulator.tenant.removeUser(upn("user2"));
    const { unfinished } = await groupMembers.converge(wanted, null, rig.host);
    assert.deepEqual(unfinished, []);
    assert.deepEqual(members(), ids(["user1", "user3"]));
    assert.deepEqual(rig.host.said, ["LIC Visio: 1 user no longer exists and cannot be added"]);
  });

  it("a write that meets another one, or loses its answer, is checked and made up for", async () => {
    start();
    const path = /^\/groups\/[^/]+$/;
    rig.emulator.faults.add({ match: { method: "PATCH", path }, times: 1, then: { status: 409 } });
    rig.emulator.faults.add({ match: { method: "PATCH", path }, times: 1, then: "lost" });
    const { unfinished, outputs } = await add(crowd.slice(0, 60));
    assert.deepEqual(unfinished, []);
    assert.deepEqual(members(), ids(crowd.slice(0, 60)));
    assert.equal(outputs.joined, 60);
  });

  it("a write that Graph refuses for long is not sent again before its time", async () => {
    start();
    const path = /^\/groups\/[^/]+$/;
    rig.emulator.faults.add({ match: { method: "PATCH", path }, times: 9, then: { status: 503, retryAfter: 30 } });
    const { unfinished, outputs } = await add(crowd.slice(0, 20));
    assert.deepEqual(unfinished, []);
    assert.equal(outputs.joined, 20);
    assert.deepEqual(rig.emulator.requests.early(), []);
  });

  it("what does not mend itself is said by its cause, and what was done is on record", async () => {
    start();
    rig.emulator.faults.add({ match: { path: /\$ref$/, method: "POST" }, then: { status: 403 } });
    rig.emulator.faults.add({ match: { path: /^\/groups\/[^/]+$/, method: "PATCH" }, times: 1, then: { status: 403 } });
    const { unfinished, outputs } = await add(crowd.slice(0, 30));
    assert.equal(unfinished.length, 1);
    assert.match(
      unfinished[0] ?? "",
      /^20 users \(.+\) could not be added to LIC Visio: .+GroupMember\.ReadWrite\.All/,
    );
    assert.equal(outputs.joined, 10);
    assert.equal(members().size, 10);
  });

  it("a user that Graph refuses costs no other user the membership, and is named", async () => {
    start();
    rig.emulator.faults.add({
      match: { path: /^\/groups/, body: new RegExp(idOf("user7")) },
      then: { status: 400, message: "This user is not for groups." },
    });
    const { unfinished, outputs } = await add(crowd.slice(0, 30));
    assert.equal(outputs.joined, 29);
    assert.match(unfinished.join("\n"), new RegExp(`^1 user \\(${idOf("user7")}\\) could not .*not for groups`));
  });

  it("a stop comes between batches, with what was done on record", async () => {
    start();
    rig.host.stop = () => (members().size > 0 ? "the file .stop asks to stop" : null);
    const { unfinished, outputs } = await add(crowd);
    assert.deepEqual(unfinished, ["Stopped while members were added to LIC Visio: the file .stop asks to stop"]);
    assert.equal(outputs.joined, 400);
    assert.equal(members().size, 400);
  });

  const refused: readonly [what: string, group: Partial<GroupSpec>, why: RegExp][] = [
    [
      "dynamic",
      { membershipRule: "user.accountEnabled -eq true" },
      /it is dynamic, so its rule alone \(user\.accountEnabled -eq true\)/,
    ],
    ["synchronised", { onPremisesSyncEnabled: true }, /it is synchronised from Active Directory/],
    ["mail-enabled", { mailEnabled: true }, /it is mail-enabled, so Exchange keeps its members/],
  ];
  for (const [what, spec, why] of refused) {
    it(`a group that is ${what} is refused with the reason, before any write`, async () => {
      start(spec);
      await assert.rejects(add(["user1"]), (error: unknown) => {
        assert.ok(error instanceof Refusal);
        assert.match(error.message, why);
        return true;
      });
      assert.equal(rig.emulator.requests.writes().length, 0);
    });
  }

  it("a group that is gone is refused, and one that cannot be read is an error", async () => {
    start();
    const wanted = inputs(["user1"]);
    rig.emulator.tenant.removeGroup("LIC Visio");
    await assert.rejects(groupMembers.converge(wanted, null, rig.host), /no longer exists\. Run pulumi refresh/);
    rig.emulator.faults.add({ match: { path: /^\/groups\// }, then: { status: 403 } });
    await assert.rejects(groupMembers.converge(wanted, null, rig.host), GraphError);
  });

  it("has work to do as long as a user is to be added", () => {
    start();
    const outputs = { name: "visio", groupId: group().id, joined: 1, __joined: "" };
    assert.equal(groupMembers.hasChanges(inputs([]), outputs), false);
    assert.equal(groupMembers.hasChanges(inputs(["user1"]), outputs), true);
    assert.equal(groupMembers.hasChanges(inputs([]), { ...outputs, groupId: "another" }), true);
  });
});
