import assert from "node:assert/strict";
import {
  groupLicenseLifecycle,
  type GroupLicenseInputs,
  type GroupLicenseOutputs,
} from "../../dynamic-providers/group-license";
import type { License } from "../../licensing/model";
import type { UserSpec } from "../../emulator";
import { NO_NAMES } from "../../licensing/catalog/recorded-names";
import { rigOf } from "./rig";
import { e3, ems, NAMES, tenant, upn } from "./tenants";

const GROUP_WRITE = /^\/groups\/[^/]+\/assignLicense/;

describe("GroupLicense", function () {
  this.timeout(120_000);
  const rig = rigOf();
  /** One provider process has one. */
  let groupLicense: ReturnType<typeof groupLicenseLifecycle>;

  beforeEach(() => {
    groupLicense = groupLicenseLifecycle();
  });

  const people = () => rig.emulator.tenant;
  const plan = (name: string) => people().plan(name);
  const whole = (skuId: string, ...disabledPlans: string[]): License => ({ skuId, disabledPlans });
  const settle = () => rig.emulator.clock.advance(600_000);
  const writes = () => rig.emulator.requests.all({ method: "POST", path: GROUP_WRITE });
  const given = () =>
    people()
      .group("All users")
      .licenses.map(({ skuId, disabledPlans }) => whole(skuId, ...disabledPlans));

  function inputs(...licenses: License[]): GroupLicenseInputs {
    const { id, displayName } = people().group("All users");
    const group = { name: "all-users", groupId: id, displayName, licenses };
    const plans = {
      addedPlans: [],
      __later: [],
      __left: [],
      __successors: [],
      __plans: {},
      __names: NO_NAMES,
      __urn: "all-users",
    };
    return {
      connection: rig.connection,
      group,
      changes: [],
      refusal: "",
      acceptLoss: [],
      successors: [],
      others: {},
      ...plans,
    };
  }
  /** What an earlier run left: it gave these licences. */
  function outputs(...licenses: License[]): GroupLicenseOutputs {
    const { connection, group, acceptLoss } = inputs();
    const ofLicenses = {
      licenses,
      given: licenses.map(({ skuId }) => skuId),
      __leaving: [],
      __plans: {},
      __names: NO_NAMES,
    };
    return { connection, acceptLoss, ...group, ...ofLicenses };
  }
  const converge = (licenses: License[], before: License[] | null = null) =>
    groupLicense.converge(inputs(...licenses), before === null ? null : outputs(...before), rig.host);

  it("sends a licence once that Graph refuses for what it needs, and names plan and way out", async () => {
    const needs = { dependencies: [{ plan: "MCOEV", needsOneOf: ["MCOSTANDARD"] }] };
    rig.start(tenant({ allUsers: [], more: needs }));
    await assert.rejects(
      converge([whole(people().sku("MCOEV").skuId)]),
      /service plan MCOEV \(\S+\) depends on the service plan\(s\) MCOSTANDARD .*Put the SKU that has the needed service plan on the same group/,
    );
    assert.deepEqual([writes().length, rig.host.sleeps], [1, []]);
  });

  it("says of a SKU that Graph gives to no group what it is called, and that it is to stay direct", async () => {
    rig.start(tenant({ allUsers: [] }));
    const message = `License ${ems} cannot be assigned to a group.`;
    rig.emulator.faults.add({ match: { path: GROUP_WRITE }, then: { status: 400, message } });
    await assert.rejects(
      converge([whole(ems)]),
      /License EMS \(\S+\) cannot be assigned to a group\. .*take it out of the stack file and leave it direct/,
    );
    assert.deepEqual([writes().length, given()], [1, []]);
  });

  for (const [what, afterDoing, shown] of [
    ["the group is unchanged", false, /shows the group unchanged: its licences are as before\.$/],
    [
      "the group has changed all the same",
      true,
      /shows other licences on the group than before: look at them first\.$/,
    ],
  ] as const) {
    it(`says of a refusal that it does not know Graph's words, and that ${what}`, async () => {
      rig.start(tenant({ allUsers: [] }));
      const then = { status: 400, message: "This is Tuesday", afterDoing } as const;
      rig.emulator.faults.add({ match: { path: GROUP_WRITE }, then });
      await assert.rejects(converge([whole(ems)]), (error: Error) => {
        assert.match(
          error.message,
          /^Microsoft Graph refused to change the licences of .+ \(400\): This is Tuesday\. Mend/,
        );
        assert.match(error.message, shown);
        return true;
      });
    });
  }

  it("says so, too, where the group could not be read afterwards", async () => {
    rig.start(tenant({ allUsers: [] }));
    const then = () => void rig.emulator.faults.add({ match: { path: /^\/groups\/[^/]+\?/ }, then: { status: 403 } });
    rig.emulator.faults.add({ match: { path: GROUP_WRITE }, then });
    rig.emulator.faults.add({ match: { path: GROUP_WRITE }, then: { status: 400 } });
    await assert.rejects(converge([whole(ems)]), /Whether the group has changed could not be read afterwards\.$/);
  });

  it("gives a group its licences, and its members inherit them", async () => {
    rig.start(tenant({ allUsers: [] }));
    const { outputs, unfinished } = await converge([whole(ems, plan("INTUNE_A")), whole(e3)]);
    assert.deepEqual(unfinished, []);
    assert.deepEqual(outputs.licenses, [whole(ems, plan("INTUNE_A")), whole(e3)]);
    settle();
    assert.deepEqual(given(), outputs.licenses);
    assert.equal(writes().length, 1, "all in one write");
    assert.equal(rig.emulator.requests.count({ path: /\/members\// }), 0, "no user can lose a licence that none has");
    assert.ok(
      people()
        .user(upn("fay"))
        .holdings.assignments.some((each) => each.skuId === e3),
    );
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("adopts what is already there, without a write", async () => {
    rig.start(tenant());
    const { outputs } = await converge([whole(ems)]);
    assert.deepEqual([outputs.licenses, outputs.given], [[whole(ems)], []]);
    assert.deepEqual(rig.emulator.requests.writes(), []);
  });

  describe("what it put on the group is told from what was there", () => {
    const [narrow, both] = [() => whole(ems, plan("INTUNE_A")), () => [whole(ems), whole(e3)]];
    const next = async (before: GroupLicenseOutputs, ...licenses: License[]) => {
      settle();
      return (await groupLicense.converge(inputs(...licenses), before, rig.host)).outputs;
    };
    const start = (allUsers: UserSpec["licenses"]) => {
      rig.start(tenant({ allUsers: allUsers ?? [] }));
      for (const name of NAMES.slice(2)) people().assignDirect(upn(name), "ENTERPRISEPACK");
    };

    it("in the first run and in every later one", async () => {
      start([{ sku: "EMS" }]);
      const first = (await converge(both())).outputs;
      assert.deepEqual(first.given, [e3]);
      assert.deepEqual((await next(first, ...both())).given, [e3]);
      assert.deepEqual((await next(first, whole(ems))).given, []);
    });

    it("an adopted SKU that the file no longer declares stays, one that was given goes", async () => {
      start([{ sku: "EMS" }]);
      const first = (await converge(both())).outputs;
      await next(first, whole(e3));
      assert.deepEqual(given(), both());
      await next({ ...first, given: [ems, e3] }, whole(e3));
      assert.deepEqual(given(), [whole(e3)]);
    });

    it("an adopted SKU with changed plans is adopted still, and stays with the plans it has by then", async () => {
      start([{ sku: "EMS" }, { sku: "ENTERPRISEPACK" }]);
      const narrowed = (await converge([narrow(), whole(e3)])).outputs;
      assert.deepEqual(narrowed.given, []);
      await next(narrowed, whole(e3));
      assert.deepEqual(new Set(given()), new Set([narrow(), whole(e3)]));
      settle();
      await groupLicense.release(narrowed, rig.host);
      assert.equal(given().length, 2);
      assert.equal(writes().length, 1);
    });

    it("one that people took away and it put back is its own", async () => {
      start([{ sku: "EMS" }]);
      const first = (await converge([whole(ems)])).outputs;
      people().setGroupLicenses("All users", []);
      assert.deepEqual((await next(first, whole(ems))).given, [ems]);
    });
  });

  it("changes plans in place: one write that adds, and no user is without for a moment", async () => {
    rig.start(tenant({ direct: [], allUsers: [{ sku: "EMS", disabledPlans: ["INTUNE_A"] }] }));
    await converge([whole(ems)]);
    settle();
    assert.deepEqual([given(), writes().length], [[whole(ems)], 1]);
    assert.deepEqual(rig.emulator.history.losses(), []);
    assert.ok(people().effectivePlans(upn("fay")).includes(plan("INTUNE_A")));
  });

  it("leaves undeclared SKUs alone", async () => {
    rig.start(tenant({ allUsers: [{ sku: "ENTERPRISEPACK" }] }));
    await converge([whole(ems)]);
    assert.deepEqual(new Set(given().map(({ skuId }) => skuId)), new Set([ems, e3]));
  });

  it("takes back what it gave and no longer declares, once no user needs it", async () => {
    rig.start(tenant({ allUsers: [{ sku: "EMS" }, { sku: "ENTERPRISEPACK" }] }));
    for (const name of NAMES.slice(2)) people().assignDirect(upn(name), "ENTERPRISEPACK");
    await converge([whole(ems)], [whole(ems), whole(e3)]);
    assert.deepEqual(given(), [whole(ems)]);
    settle();
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("refuses what would take a plan from a member: by a fresh read, not by the plan's", async () => {
    rig.start(tenant());
    people().removeDirect(upn("cleo"), "EMS");
    await assert.rejects(converge([whole(ems, plan("INTUNE_A"))]), (error: Error) => {
      assert.match(error.message, /^The change to the licences of All users would take INTUNE_A from 1 user \(/);
      assert.ok(error.message.includes(people().user(upn("cleo")).id));
      return true;
    });
    assert.deepEqual(rig.emulator.requests.writes(), []);
  });

  it("refuses to take back a SKU that a user needs", async () => {
    rig.start(tenant({ allUsers: [{ sku: "EMS" }, { sku: "MCOEV" }] }));
    await assert.rejects(
      converge([whole(ems)], [whole(ems), whole(people().sku("MCOEV").skuId)]),
      /MCOEV from 6 users/,
    );
    assert.deepEqual(rig.emulator.requests.writes(), []);
  });

  it("narrows what every member has directly as well", async () => {
    rig.start(tenant());
    await converge([whole(ems, plan("INTUNE_A"))]);
    settle();
    assert.deepEqual(given(), [whole(ems, plan("INTUNE_A"))]);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("a group that is gone is an error with its name and id", async () => {
    rig.start(tenant({ allUsers: [] }));
    const gone = inputs(whole(ems));
    people().removeGroup("All users");
    await assert.rejects(
      groupLicense.converge(gone, null, rig.host),
      new RegExp(`The group All users \\(${gone.group.groupId}\\) no longer exists`),
    );
  });

  it("a second run finds nothing to do", async () => {
    rig.start(tenant({ allUsers: [] }));
    const { outputs } = await converge([whole(ems)]);
    settle();
    assert.equal(groupLicense.hasChanges(inputs(whole(ems)), outputs), false);
    await converge([whole(ems)], [whole(ems)]);
    assert.equal(writes().length, 1);
  });

  it("has work when the group differs, when the file does, or when the group is called otherwise", async () => {
    rig.start(tenant());
    const { outputs } = await converge([whole(ems)]);
    const now = inputs(whole(ems));
    assert.ok(groupLicense.hasChanges({ ...now, changes: ["assign EMS"] }, outputs));
    assert.ok(groupLicense.hasChanges(inputs(whole(ems), whole(e3)), outputs));
    assert.ok(groupLicense.hasChanges(inputs(), outputs));
    assert.ok(groupLicense.hasChanges(inputs(whole(ems, plan("INTUNE_A"))), outputs));
    assert.ok(groupLicense.hasChanges({ ...now, group: { ...now.group, displayName: "Everybody" } }, outputs));
  });

  it("has work when other losses are accepted, and none when they are only in another order", async () => {
    rig.start(tenant());
    const loss = (name: string) => ({ group: "all-users", skuId: ems, planId: plan(name), sku: "EMS", plan: name });
    const with_ = (...acceptLoss: ReturnType<typeof loss>[]) => ({ ...inputs(whole(ems)), acceptLoss });
    const [one, other] = [loss("INTUNE_A"), loss("AAD_PREMIUM")];
    const { outputs } = await groupLicense.converge(with_(one, other), null, rig.host);
    assert.equal(groupLicense.hasChanges(with_(other, one), outputs), false);
    assert.ok(groupLicense.hasChanges(with_(one), outputs));
    assert.ok(groupLicense.hasChanges(with_(one, other, { ...one, skuId: e3 }), outputs));
  });

  it("has no work because another group is to give something else: nothing here rests on it", async () => {
    rig.start(tenant());
    const { outputs } = await converge([whole(ems)]);
    const others = { [people().group("Finance department").id]: [whole(ems)] };
    assert.equal(groupLicense.hasChanges({ ...inputs(whole(ems)), others }, outputs), false);
  });

  describe("another group vouches", () => {
    const narrow = () => whole(ems, plan("INTUNE_A"));
    const devices = (...licenses: License[]) => ({ [people().group("Devices").id]: licenses });
    const change = (others: GroupLicenseInputs["others"]) =>
      groupLicense.converge({ ...inputs(narrow()), others }, null, rig.host);
    const start = () => {
      const moreGroups = [{ displayName: "Devices", members: NAMES.map(upn), licenses: [{ sku: "EMS" }] }];
      rig.start(tenant({ direct: [], moreGroups }));
    };

    it("while it gives the same now and goes on giving it, of this stack or not", async () => {
      for (const others of [() => ({}), () => devices(whole(ems))]) {
        start();
        await change(others());
        settle();
        assert.deepEqual([given(), rig.emulator.history.losses()], [[narrow()], []]);
      }
    });

    it("not when this run takes it away there, too", async () => {
      start();
      await assert.rejects(change(devices(narrow())), /would take INTUNE_A from 6 users/);
    });

    it("not when people took it from that group a moment ago, though all entries still look right", async () => {
      start();
      people().setGroupLicenses("Devices", []);
      const entry = people()
        .user(upn("fay"))
        .holdings.assignments.find((each) => each.assignedByGroup === people().group("Devices").id);
      assert.equal(entry?.state, "Active");
      await assert.rejects(change(devices(whole(ems))), /would take INTUNE_A from 6 users.* still processing Devices/);
    });

    it("nor when Entra has processed that and entries are behind", async () => {
      start();
      people().setGroupLicenses("Devices", []);
      settle();
      for (const name of NAMES) people().setAssignmentState(upn(name), "EMS", "Devices", { state: "Active" });
      await assert.rejects(change(devices(whole(ems))), /would take INTUNE_A from 6 users/);
    });

    it("not while Entra is at work on it, and the refusal says so", async () => {
      start();
      people().setGroupLicenses("Devices", [{ sku: "EMS" }, { sku: "MCOEV" }]);
      await assert.rejects(
        change(devices(whole(ems))),
        /would take INTUNE_A .*Entra is still processing Devices: what that gives .* run this again then\.$/,
      );
      settle();
      await change(devices(whole(ems)));
    });

    it("not when it can't be read", async () => {
      start();
      const path = new RegExp(`^/groups/${people().group("Devices").id}`);
      rig.emulator.faults.add({ match: { method: "GET", path }, then: { status: 403 } });
      await assert.rejects(change(devices(whole(ems))), /403|permission|Group/);
      assert.deepEqual(rig.emulator.requests.writes(), []);
    });
  });

  it("is refused already in the preview where the plan says so", () => {
    rig.start(tenant());
    assert.equal(groupLicense.refusal(inputs(whole(ems)), null), null);
    assert.equal(groupLicense.refusal({ ...inputs(whole(ems)), refusal: "no" }, null), "no");
  });

  describe("let go", () => {
    const release = (changes: Partial<GroupLicenseOutputs> = {}) =>
      groupLicense.release({ ...outputs(whole(ems)), ...changes }, rig.host);
    const loss = (planName: string, skuId = ems) => ({ group: "all-users", skuId, planId: plan(planName) });

    it("is refused while a user depends on it, with users and plans named", async () => {
      rig.start(tenant());
      people().removeDirect(upn("cleo"), "EMS");
      await assert.rejects(
        release(),
        /would take .*INTUNE_A.* from 1 user \(.*Ways out: leave the group's licence as it is.* run pulumi up with it before/,
      );
      assert.deepEqual([given(), rig.emulator.requests.writes()], [[whole(ems)], []]);
    });

    it("is refused where the app may list members and not read them: they look like users without licences", async () => {
      rig.start(tenant());
      people().removeDirect(upn("cleo"), "EMS");
      people().setPermissions("migration", [
        "GroupMember.Read.All",
        "LicenseAssignment.Read.All",
        "LicenseAssignment.ReadWrite.All",
      ]);
      await assert.rejects(release(), /may not read users and their licences .*User\.Read\.All/);
      assert.deepEqual([given(), rig.emulator.requests.writes()], [[whole(ems)], []]);
    });

    it("is refused for members that a hidden membership leaves out of the list", async () => {
      const { groups, ...spec } = tenant();
      const hidden = (groups ?? []).map((group) => ({ ...group, visibility: "HiddenMembership" as const }));
      rig.start({ ...spec, groups: hidden });
      people().removeDirect(upn("cleo"), "EMS");
      await assert.rejects(release(), /would take .*INTUNE_A.* from 1 user/);
      assert.deepEqual([given(), rig.emulator.requests.writes()], [[whole(ems)], []]);
    });

    it("goes through after their direct licences are back, and takes nothing else", async () => {
      rig.start(tenant({ allUsers: [{ sku: "EMS" }, { sku: "ENTERPRISEPACK" }] }));
      await release();
      settle();
      assert.deepEqual(given(), [whole(e3)]);
      assert.deepEqual(rig.emulator.history.losses(), []);
    });

    it("goes through where the last run wrote down that they may lose it, all of it and from this SKU", async () => {
      rig.start(tenant());
      people().removeDirect(upn("cleo"), "EMS");
      const plans = people()
        .sku("EMS")
        .servicePlans.map(({ servicePlanName }) => servicePlanName);
      await assert.rejects(release({ acceptLoss: plans.map((name) => loss(name, e3)) }));
      await assert.rejects(release({ acceptLoss: [loss("INTUNE_A")] }), /would take (?!.*INTUNE_A)/);
      assert.deepEqual(writes(), []);
      await release({ acceptLoss: plans.map((name) => loss(name)) });
      assert.deepEqual(given(), []);
    });

    it("of a licence that was taken away already, or of a group that is gone, is nothing to do", async () => {
      rig.start(tenant());
      people().setGroupLicenses("All users", []);
      settle();
      const known = outputs(whole(ems));
      await groupLicense.release(known, rig.host);
      people().removeGroup("All users");
      await groupLicense.release(known, rig.host);
      assert.deepEqual(rig.emulator.requests.writes(), []);
    });

    describe("with another group that gives the same", () => {
      const start = () => {
        const moreGroups = [{ displayName: "Devices", members: NAMES.map(upn), licenses: [{ sku: "EMS" }] }];
        rig.start(tenant({ direct: [], moreGroups }));
        groupLicense = groupLicenseLifecycle();
      };
      const of = (displayName: string): GroupLicenseOutputs => ({
        ...outputs(whole(ems)),
        displayName,
        groupId: people().group(displayName).id,
      });
      const both = () => [of("All users"), of("Devices")] as const;
      const letGo = (each: GroupLicenseOutputs) => groupLicense.release(each, rig.host);
      const left = () =>
        ["All users", "Devices"].filter((displayName) => people().group(displayName).licenses.length > 0);

      /** One of the two is gone, the other was refused, and no user lost anything. */
      function assertOneIsLeft(results: readonly PromiseSettledResult<void>[]): void {
        assert.equal(left().length, 1);
        const refused = results.flatMap((each) => (each.status === "rejected" ? [String(each.reason)] : []));
        assert.equal(refused.length, 1);
        assert.match(refused[0] ?? "", /would take .*INTUNE_A.* from 6 users/);
        settle();
        assert.deepEqual(rig.emulator.history.losses(), []);
        assert.ok(people().effectivePlans(upn("fay")).includes(plan("INTUNE_A")));
      }

      it("goes through for one, and not for both: side by side, in either order", async () => {
        for (const turned of [false, true]) {
          start();
          const outs = turned ? [...both()].reverse() : both();
          const from = rig.emulator.requests.all().length;
          assertOneIsLeft(await Promise.allSettled(outs.map(letGo)));
          const [first = "", second = ""] = outs.map(({ groupId }) => groupId);
          const requests = rig.emulator.requests.all().slice(from);
          const writtenAt = requests.findIndex(({ path }) => path === `/groups/${first}/assignLicense`);
          const lookedAt = requests.findIndex(({ path }) => path.startsWith(`/groups/${second}/members/`));
          assert.ok(writtenAt >= 0 && writtenAt < lookedAt, "no user is looked at for the second before that");
        }
      });

      it("nor one after the other, before Entra has come round to the members, and after", async () => {
        for (const between of [() => undefined, settle]) {
          start();
          const [one, other] = both();
          const first = await Promise.allSettled([letGo(one)]);
          between();
          assertOneIsLeft([...first, ...(await Promise.allSettled([letGo(other)]))]);
        }
      });

      it("nor in another process that begins where the first was killed", async () => {
        start();
        const [one, other] = both();
        const first = await Promise.allSettled([letGo(one)]);
        groupLicense = groupLicenseLifecycle();
        assertOneIsLeft([...first, ...(await Promise.allSettled([letGo(other)]))]);
      });

      it("nor while the answer to the first write is lost: it may still arrive", async () => {
        start();
        const [one, other] = both();
        rig.emulator.faults.add({
          match: { path: new RegExp(`^/groups/${one.groupId}/assignLicense`) },
          then: { status: 400, message: "lost on the way" },
        });
        await assert.rejects(letGo(one));
        await assert.rejects(letGo(other), /would take .*INTUNE_A.* from 6 users/);
        assert.deepEqual(left(), ["All users", "Devices"]);
      });
    });
  });
});
