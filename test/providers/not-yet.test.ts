import assert from "node:assert/strict";
import { groupLicense } from "../../dynamic-providers/group-license";
import { groupMembers, type GroupMembersInputs } from "../../dynamic-providers/group-members";
import { verifiedInheritance } from "../../dynamic-providers/verified-inheritance";
import type { GateInputs } from "../../dynamic-providers/gate/gate";
import { packIds } from "../../licensing/record/compact-ids";
import { rigOf } from "./rig";
import { ems, idOf, mayMakeGroups, tenant, upn } from "./tenants";

const crowd = Array.from({ length: 30 }, (_, number) => `user${number}`);
const WAITS = /^waiting for a group that Entra does not show yet until \d\d:\d\d:\d\d UTC \(404\)$/;

describe("a group that Graph does not find yet", function () {
  this.timeout(120_000);
  const rig = rigOf({
    hiddenNewGroups: [
      [0, 5_000],
      [60_000, 70_000],
    ],
    replicationLagMs: 200_000,
    processing: { joinMs: 1_000 },
  });

  const group = () => rig.emulator.tenant.group("LIC EMS");
  const declared = () => ({
    name: "ems",
    groupId: group().id,
    displayName: "LIC EMS",
    licenses: [{ skuId: ems, disabledPlans: [] }],
  });
  const waits = () => rig.host.statuses.filter((text) => WAITS.test(text));

  /** A group that was made just now. */
  function start(): void {
    rig.start(tenant({ names: crowd, more: mayMakeGroups }));
    rig.emulator.tenant.addGroup({ displayName: "LIC EMS" });
  }

  function add(names: readonly string[] = crowd) {
    const inputs: GroupMembersInputs = {
      connection: rig.connection,
      name: "ems",
      groupId: group().id,
      displayName: "LIC EMS",
      add: names.length,
      __lists: { add: packIds(names.map(idOf)) },
      __urn: "ems",
    };
    return groupMembers.converge(inputs, null, rig.host);
  }

  const license = (groupId = group().id) =>
    groupLicense.converge(
      {
        connection: rig.connection,
        group: { ...declared(), groupId },
        changes: ["assign"],
        refusal: "",
        acceptLoss: [],
        successors: [],
        others: {},
        addedPlans: [],
        __later: [],
        __left: [],
        __successors: [],
        __plans: {},
        __names: { skus: {}, plans: {} },
        __urn: "ems",
      },
      null,
      rig.host,
    );

  function gate(more: Partial<GateInputs> = {}) {
    const inputs: GateInputs = {
      connection: rig.connection,
      groups: [declared()],
      timeouts: { processingMs: 7_200_000, inheritanceMs: 300_000, settleMs: 30_000, putBackMs: 7_200_000 },
      digest: "",
      lostSubscriptions: {},
      acceptLoss: [],
      successors: [],
      moveLast: {},
      reprocess: false,
      __failing: "",
      __urn: "gate",
      ...more,
    };
    return verifiedInheritance.converge(inputs, null, rig.host);
  }

  /** Right before the next such request the group is gone from this part of Graph again. */
  function hideAgainBefore(method: string, path: RegExp): void {
    const ageMs = rig.emulator.clock.now().getTime();
    rig.emulator.faults.add({
      match: { method, path },
      times: 1,
      then: () => {
        rig.emulator.clock.advance(ageMs + 60_000 - rig.emulator.clock.now().getTime());
      },
    });
  }

  it("is waited for, also when it is gone again after it answered once, and the row says so", async () => {
    start();
    hideAgainBefore("PATCH", /^\/groups\/[^/]+$/);
    const { outputs, unfinished } = await add();
    assert.deepEqual(unfinished, []);
    assert.equal(outputs.joined, 30);
    assert.equal(group().userMembers.size, 30);
    assert.ok(waits().length >= 2, rig.host.statuses.join("\n"));
    assert.deepEqual(rig.host.said, [], "no user is said to be gone");
  });

  it("is waited for, too, where the listing by name shows it and the read by id does not", async () => {
    start();
    rig.emulator.clock.advance(300_000);
    rig.emulator.faults.add({
      match: { method: "GET", path: /^\/groups\/[^/?]+\?/ },
      times: 3,
      then: { status: 404, code: "Request_ResourceNotFound", message: "Resource does not exist." },
    });
    const found = await rig.graph().findGroups(["LIC EMS"]);
    assert.deepEqual(
      found.get("LIC EMS")?.map(({ id }) => id),
      [group().id],
    );
    assert.equal(rig.host.sleeps.length, 3);
  });

  it("a deleted user is told from a group that is not there yet", async () => {
    start();
    const names = ["user0", "user1", "user2"];
    const ids = names.map(idOf);
    rig.emulator.tenant.removeUser(upn("user1"));
    hideAgainBefore("POST", /\/members\/\$ref$/);
    const { unfinished } = await add(names);
    assert.deepEqual(unfinished, []);
    assert.deepEqual(group().userMembers, new Set([ids[0], ids[2]]));
    assert.deepEqual(rig.host.said, ["LIC EMS: 1 user no longer exists and cannot be added"]);
  });

  it("a group that is deleted meanwhile stops the row, and no user is said to be gone", async () => {
    start();
    rig.emulator.clock.advance(10_000);
    const { id } = group();
    rig.emulator.faults.add({
      match: { method: "PATCH" },
      times: 1,
      then: () => {
        rig.emulator.tenant.removeGroup("LIC EMS");
      },
    });
    const startedMs = rig.host.now();
    const { outputs, unfinished } = await add();
    assert.equal(outputs.joined, 0);
    assert.equal(unfinished.length, 1);
    assert.match(
      unfinished[0] ?? "",
      new RegExp(`^30 users \\(.+\\) could not be added to LIC EMS: The object ${id} does not exist`),
    );
    assert.deepEqual(rig.host.said, []);
    const waitedMs = rig.host.now() - startedMs;
    assert.ok(waitedMs > 100_000 && waitedMs <= 130_000, `${waitedMs} ms`);
  });

  it("gets its licence once it is there, and a write that does not find it is decided and sent again", async () => {
    start();
    hideAgainBefore("POST", /\/assignLicense$/);
    const { unfinished } = await license();
    assert.deepEqual(unfinished, []);
    assert.equal(group().licenses[0]?.skuId, ems);
    assert.ok(waits().length >= 2, rig.host.statuses.join("\n"));
  });

  it("one that is not found for two minutes is refused", async () => {
    start();
    await assert.rejects(license(idOf("nobody")), /no longer exists/);
    const waitedMs = rig.host.sleeps.reduce((sum, ms) => sum + ms, 0);
    assert.ok(waitedMs > 100_000 && waitedMs <= 120_000, `${waitedMs} ms`);
  });

  it("the gate counts the members that were just added, though no list shows them yet, and waits for their licence", async () => {
    start();
    await add();
    await license();
    const { outputs, unfinished } = await gate();
    assert.deepEqual(unfinished, []);
    const { members = 0, verified = 0 } = outputs.verified["ems"] ?? {};
    assert.deepEqual([members, verified], [30, 30]);
    assert.ok(
      rig.host.statuses.includes("LIC EMS: 30 new members are not in Entra's list yet, and read one by one"),
      rig.host.statuses.join("\n"),
    );
  });

  it("a member that was just added and never inherits is not verified", async () => {
    start();
    rig.emulator.clock.advance(10_000);
    await add();
    await license();
    rig.emulator.tenant.leaveGroup(upn("user3"), "LIC EMS");
    rig.emulator.clock.advance(100_000);
    const { outputs } = await gate();
    const { verified = 0, errors = {} } = outputs.verified["ems"] ?? {};
    assert.deepEqual([verified, errors], [29, { "EMS: missing": 1 }]);
  });
});
