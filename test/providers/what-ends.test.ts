import assert from "node:assert/strict";
import type { TenantSpec } from "../../emulator";
import { guidFrom, migrationPermissions } from "../../emulator/directory/spec";
import type { GroupSpec } from "../../licensing/stack-file/stack-file";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { ems, GROUPS, idOf, NAMES, tenant, upn } from "./tenants";

const plan = (name: string) => ({ servicePlanId: guidFrom(name), servicePlanName: name });
const SMALL = { skuId: guidFrom("SMALL"), skuPartNumber: "SMALL", seats: 50, servicePlans: [plan("A"), plan("B")] };
const LARGE = { ...SMALL, skuId: guidFrom("LARGE"), skuPartNumber: "LARGE", servicePlans: ["A", "B", "C"].map(plan) };

/** All users hold SMALL directly, and inherit LARGE. */
const SIZES: readonly GroupSpec[] = [
  { name: "large", existing: "Large", licenses: [{ sku: "LARGE", disabledPlans: [] }] },
  { name: "small", existing: "Small", licenses: [{ sku: "SMALL", disabledPlans: [] }] },
];
const sizes = (more: Partial<TenantSpec> = {}): TenantSpec => ({
  displayName: "Contoso",
  skus: [SMALL, LARGE],
  users: NAMES.map((name) => ({ userPrincipalName: upn(name), licenses: [{ sku: "SMALL" }] })),
  groups: [
    { displayName: "Large", members: NAMES.map(upn), licenses: [{ sku: "LARGE" }] },
    { displayName: "Small", licenses: [{ sku: "SMALL" }] },
  ],
  ...more,
});

const EVERYONE = { waves: [wave("everyone", percent(100))], applyThrough: "everyone" };
const BY_SIZE: SmallStackFile = { ...EVERYONE, groups: SIZES };
const BY_GROUP: SmallStackFile = { ...EVERYONE, groups: GROUPS };
const PIM = /assignmentScheduleInstances/;
const CLEO = idOf("cleo");

describe("what ends by itself", function () {
  this.timeout(120_000);
  const rig = rigOf();

  const direct = () => rig.emulator.tenant.directAssignments().length;
  const losses = () => rig.emulator.history.losses({ except: "people" });
  const blockedIn = async (stack: SmallStack) =>
    (await stack.plan()).plan.waves.flatMap(({ slices }) => slices.flatMap(({ blocked }) => blocked));

  async function findingsOf(stack: SmallStack): Promise<readonly [code: string, message: string][]> {
    return (await stack.plan()).plan.findings.map(({ code, message }) => [code, message]);
  }

  describe("a subscription", () => {
    it("that has ended before the run replaces nothing, and the plan says so", async () => {
      rig.start(sizes());
      rig.emulator.tenant.setSubscription("LARGE", "Suspended", { enabled: 0, suspended: 50 });
      const stack = new SmallStack(rig, BY_SIZE);
      assert.equal((await blockedIn(stack))[0]?.reason.kind, "subscription-ended");
      assert.ok(
        (await findingsOf(stack)).some(([code, text]) => code === "subscription-ended" && text.includes("LARGE")),
      );
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.equal(direct(), NAMES.length);
    });

    it("that ends between the plan and the unit replaces nothing: its status is read with the proof", async () => {
      for (const change of ["Suspended", "LockedOut", "Warning", "gone"]) {
        rig.start(sizes());
        const stack = new SmallStack(rig, BY_SIZE);
        await stack.up(() => {
          if (change === "gone") rig.emulator.tenant.dropSku("LARGE");
          else rig.emulator.tenant.setSubscription("LARGE", change);
        });
        assert.equal(direct(), NAMES.length, change);
        assert.deepEqual(losses(), []);
      }
    });

    it("that ends between the proof and the read back is seen, and the direct licences come back", async () => {
      rig.start(sizes());
      rig.emulator.faults.add({
        match: { path: /assignLicense/, userId: CLEO },
        times: 1,
        then: () => rig.emulator.tenant.setSubscription("LARGE", "Suspended"),
      });
      const { unfinished } = await new SmallStack(rig, BY_SIZE).up();
      assert.match(unfinished.join(), /the subscription of LARGE has ended or is ending \(renew it\).*was put back/);
      assert.equal(direct(), NAMES.length);
    });

    it("halts the wave before any removal if the SKUs cannot be read", async () => {
      rig.start(sizes());
      const stack = new SmallStack(rig, BY_SIZE);
      let reads = 0;
      rig.emulator.faults.add({
        match: { path: /^\/subscribedSkus/ },
        then: () => {
          reads += 1;
        },
      });
      await stack.plan();
      const ofPlan = reads;
      rig.emulator.faults.clear();
      // The gate and the beginning of the wave read them once each; the unit after that.
      rig.emulator.faults.add({ match: { path: /^\/subscribedSkus/ }, after: ofPlan + 2, then: { status: 403 } });
      const { unfinished } = await stack.up();
      assert.match(unfinished.join(), /the tenant's SKUs could not be read right before the removal/);
      assert.equal(direct(), NAMES.length);
    });

    it("in its grace period is told of, blocks what is in better standing, and goes by acceptGrace", async () => {
      rig.start(sizes());
      rig.emulator.tenant.setSubscription("LARGE", "Warning", { enabled: 0, warning: 50 });
      const stack = new SmallStack(rig, BY_SIZE);
      const told = (await findingsOf(stack)).find(([code]) => code === "subscription-ending");
      assert.match(
        told?.[1] ?? "",
        /^The subscription of LARGE is in its grace period \(Warning; 0 units in force, 50 in/,
      );
      await stack.up();
      assert.equal(direct(), NAMES.length);
      stack.file = { ...BY_SIZE, acceptGrace: ["LARGE"] };
      const accepted = (await stack.plan()).plan.findings.find(({ code }) => code === "subscription-ending");
      assert.match(accepted?.message ?? "", /licensing:acceptGrace lists it: it replaces direct licences/);
      assert.equal(accepted?.remedy, "Renew it before it ends.");
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.equal(direct(), 0);
      assert.deepEqual(await stack.preview(), [], "a grace period is reported, and no change");
    });

    it("that ends when all are moved onto it: the next run gives back what they had", async () => {
      rig.start(sizes());
      const stack = new SmallStack(rig, BY_SIZE);
      await stack.up();
      assert.equal(direct(), 0);
      rig.emulator.tenant.setSubscription("LARGE", "Suspended");
      assert.ok((await stack.preview()).includes("debts"));
      const [, text = ""] = (await findingsOf(stack)).find(([code]) => code === "subscription-ended") ?? [];
      assert.match(text, /LARGE is Suspended\. 6 moved users depend on it, and it gives them nothing/);
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.equal(direct(), NAMES.length);
    });

    it("of the same SKU that ends when all are moved is a change in every preview until it is renewed", async () => {
      rig.start(tenant());
      const stack = new SmallStack(rig, BY_GROUP);
      await stack.up();
      assert.deepEqual(await stack.preview(), []);
      rig.emulator.tenant.setSubscription("EMS", "Suspended");
      assert.deepEqual(await stack.preview(), ["inheritance"]);
      assert.deepEqual(await stack.up(), { ran: ["inheritance"], unfinished: [] });
      assert.match(rig.host.said.join(), /6 moved users depend on EMS; its subscription is Suspended/);
      assert.deepEqual(await stack.preview(), ["inheritance"], "still");
      rig.emulator.tenant.setSubscription("EMS", "Enabled");
      assert.deepEqual(await stack.preview(), []);
    });

    it("that is gone and still on a group is told of, with what takes it off", async () => {
      const gone = guidFrom("GONE");
      rig.start(tenant({ allUsers: [{ sku: "EMS" }, { sku: gone }] }));
      const found = (await new SmallStack(rig, BY_GROUP).plan()).plan.findings.find(
        ({ code }) => code === "gone-sku-on-group",
      );
      assert.match(found?.message ?? "", /All users still carries a SKU that the tenant no longer has/);
      assert.ok(found?.remedy.includes(`removeLicenses: [${gone}]`));
    });
  });

  describe("a membership", () => {
    const until = new Date("2026-12-31T23:00:00Z");

    it("that ends by itself blocks the user, with the day; the others go", async () => {
      rig.start(tenant());
      rig.emulator.tenant.endMembership(upn("cleo"), "All users", until);
      rig.emulator.tenant.endMembership(upn("dan"), "All users", null);
      const stack = new SmallStack(rig, BY_GROUP);
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.equal(stack.wave().stays["membership of All users ends on 2026-12-31"], 1);
      assert.deepEqual(
        rig.emulator.tenant.directAssignments().map(({ userId }) => userId),
        [CLEO],
      );
      rig.emulator.tenant.keepMembership(upn("cleo"), "All users");
      await stack.up();
      assert.equal(direct(), 0);
    });

    it("that begins to end after the plan is seen by the unit; an ownership is none", async () => {
      rig.start(tenant());
      await new SmallStack(rig, BY_GROUP).up(() => {
        rig.emulator.tenant.endMembership(upn("cleo"), "All users", until, { isActivated: true });
        rig.emulator.tenant.group("All users").timeBound.set(idOf("dan"), {
          ...{ accessId: "owner", fromMs: 0, untilMs: until.getTime(), isActivated: false },
        });
      });
      assert.equal(direct(), 1);
    });

    it("is asked of each user where the group has more than a page of them", async () => {
      const names = [...NAMES, ...Array.from({ length: 130 }, (_, at) => `user${at}`)];
      rig.start(tenant({ names }));
      for (const name of names) rig.emulator.tenant.endMembership(upn(name), "All users", null);
      await new SmallStack(rig, BY_GROUP).up(() => {
        rig.emulator.tenant.endMembership(upn("cleo"), "All users", until);
      });
      assert.deepEqual(
        rig.emulator.tenant.directAssignments().map(({ userId }) => userId),
        [CLEO],
      );
    });

    it("with an end that cannot be read although it should be keeps the users blocked", async () => {
      rig.start(tenant());
      const stack = new SmallStack(rig, BY_GROUP);
      await stack.up(() => {
        rig.emulator.faults.add({ match: { path: PIM }, then: { status: 400, message: "not today" } });
      });
      const word = "whether membership of All users ends could not be read: not today";
      assert.ok((stack.wave().stays[word] ?? 0) > 0, JSON.stringify(stack.wave().stays));
      assert.equal(direct(), 8);
    });

    it("with an end that Graph refuses to tell is a finding in Graph's own words", async () => {
      rig.start(tenant());
      rig.emulator.faults.add({ match: { path: PIM }, then: { status: 400, message: "not today" } });
      const notes = (await findingsOf(new SmallStack(rig, BY_GROUP))).filter(([code]) =>
        code.startsWith("membership-ends"),
      );
      assert.ok(notes.length > 0);
      for (const [code, words] of notes) {
        assert.equal(code, "membership-ends-unread");
        assert.match(words, /could not be read: not today/);
      }
    });

    it("is unread, and not unchecked, for one group where another can be read: the tenant can tell", async () => {
      rig.start(tenant());
      rig.emulator.faults.add({
        match: { path: PIM },
        times: 1,
        then: { status: 403, message: "The tenant has not onboarded to PIM." },
      });
      const notes = (await findingsOf(new SmallStack(rig, BY_GROUP))).filter(([code]) =>
        code.startsWith("membership-ends"),
      );
      assert.deepEqual(
        notes.map(([code]) => code),
        ["membership-ends-unread"],
      );
    });

    for (const status of [400, 403] as const) {
      it(`is not checked where the tenant has not onboarded (${status}): no user is blocked for it`, async () => {
        rig.start(tenant());
        rig.emulator.faults.add({
          match: { path: PIM },
          then: { status, message: "The tenant has not onboarded to PIM." },
        });
        const stack = new SmallStack(rig, BY_GROUP);
        const notes = (await findingsOf(stack)).filter(([code]) => code.startsWith("membership-ends"));
        assert.deepEqual(
          notes.map(([code]) => code),
          ["membership-ends-unchecked"],
        );
        assert.match(notes[0]?.[1] ?? "", /has not onboarded to Privileged Identity Management/);
        await stack.up();
        assert.equal(direct(), 0);
      });
    }

    const unread: [what: string, more: Partial<TenantSpec>, why: RegExp][] = [
      [
        "a permission",
        {
          apps: [
            { name: "migration", permissions: migrationPermissions.filter((each) => !each.includes("AzureADGroup")) },
          ],
        },
        /is not checked: it takes the permission PrivilegedAssignmentSchedule\.Read\.AzureADGroup\./,
      ],
      ["a licence", { hasGovernance: false }, /is not checked: the tenant has no licence for it/],
    ];
    for (const [what, more, why] of unread) {
      it(`is not asked where ${what} is missing: one line says so, and all go`, async () => {
        rig.start(tenant({ more }));
        const stack = new SmallStack(rig, BY_GROUP);
        const notes = (await findingsOf(stack)).filter(([code]) => code === "membership-ends-unchecked");
        assert.equal(notes.length, 1);
        assert.match(notes[0]?.[1] ?? "", why);
        const asked = rig.emulator.requests.count({ method: "GET", path: PIM });
        rig.emulator.tenant.endMembership(upn("cleo"), "All users", until);
        await stack.up();
        assert.equal(direct(), 0);
        assert.equal(rig.emulator.requests.count({ method: "GET", path: PIM }), 2 * asked, "by the plan alone");
      });
    }
  });

  describe("a way back", () => {
    it("is needed: without usageLocation the direct licence stays, unless the stack file lets it go", async () => {
      rig.start(tenant());
      rig.emulator.tenant.setUsageLocation(upn("cleo"), null);
      const stack = new SmallStack(rig, BY_GROUP);
      await stack.up();
      assert.equal(direct(), 1);
      assert.equal(stack.wave().stays["no usageLocation: nothing could give the licence back"], 1);
      stack.file = { ...BY_GROUP, acceptNoWayBack: true };
      await stack.up();
      assert.equal(direct(), 0);
    });

    it("is lost after the plan: the unit sees it", async () => {
      rig.start(tenant());
      await new SmallStack(rig, BY_GROUP).up(() => rig.emulator.tenant.setUsageLocation(upn("cleo"), null));
      assert.equal(direct(), 1);
    });
  });

  describe("a service plan that Microsoft has retired", () => {
    const retired = guidFrom("RETIRED");
    const off = [retired, "INTUNE_A"];

    it("is left out of what is put back", async () => {
      rig.start(tenant({ direct: [{ sku: "EMS", disabledPlans: off }] }));
      rig.emulator.faults.add({
        match: { path: /assignLicense/, userId: CLEO },
        times: 1,
        then: () => rig.emulator.tenant.leaveGroup(upn("cleo"), "All users"),
      });
      const { unfinished } = await new SmallStack(rig, BY_GROUP).up();
      assert.match(unfinished.join(), /the direct licence was put back/);
      assert.deepEqual(
        rig.emulator.tenant.directAssignments().map(({ userId, disabledPlans }) => [userId, disabledPlans]),
        [[CLEO, [rig.emulator.tenant.plan("INTUNE_A")]]],
      );
    });

    it("is left out of what a rollback gives back, also when it was retired since", async () => {
      rig.start(tenant({ direct: [{ sku: "EMS", disabledPlans: ["MFA_PREMIUM", "INTUNE_A"] }] }));
      const stack = new SmallStack(rig, BY_GROUP);
      await stack.up();
      const intune = rig.emulator.tenant.plan("INTUNE_A");
      rig.emulator.tenant.removeServicePlan("EMS", "MFA_PREMIUM");
      assert.deepEqual(await stack.preview(), []);
      stack.file = { ...BY_GROUP, waves: [wave("everyone", percent(100), { rollback: true })] };
      assert.deepEqual((await stack.up()).unfinished, []);
      const back = rig.emulator.tenant.directAssignments().filter(({ skuId }) => skuId === ems);
      assert.equal(back.length, NAMES.length);
      assert.ok(back.every(({ disabledPlans }) => disabledPlans.join() === intune));
    });

    it("on a group is no difference to what is declared, and is not sent", async () => {
      rig.start(tenant({ allUsers: [{ sku: "EMS", disabledPlans: [retired] }] }));
      const stack = new SmallStack(rig, BY_GROUP);
      const { plan: planned } = await stack.plan();
      assert.deepEqual(
        planned.groups.map(({ changes }) => changes),
        [[], []],
      );
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.equal(rig.emulator.requests.count({ method: "POST", path: /^\/groups\/.*assignLicense/ }), 0);
      assert.equal(direct(), 0);
    });
  });

  it("an entry of a group that no longer exists is no source of a plan that another group is to give up", async () => {
    const other = { displayName: "Other", members: NAMES.map(upn), licenses: [{ sku: "EMS" }] };
    rig.start(tenant({ direct: [], moreGroups: [other] }));
    const stack = new SmallStack(rig, BY_GROUP);
    await stack.up();
    const narrowed: SmallStackFile = {
      ...BY_GROUP,
      groups: GROUPS.map((each) =>
        each.name === "all-users" ? { ...each, licenses: [{ sku: "EMS", disabledPlans: ["INTUNE_A"] }] } : each,
      ),
    };
    stack.file = narrowed;
    assert.deepEqual(await stack.preview(), ["all-users", "inheritance"], "while the other one is there it goes");
    rig.emulator.tenant.deleteGroupUnprocessed("Other");
    await assert.rejects(stack.preview(), /would take INTUNE_A from/);
  });

  it("the other spelling of Other is the same word", async () => {
    rig.start(tenant({ more: { siblingError: "Others" }, allUsers: [], direct: [] }));
    const file: SmallStackFile = {
      ...BY_GROUP,
      groups: [
        {
          name: "all-users",
          existing: "All users",
          licenses: ["EMS", "ENTERPRISEPACK"].map((sku) => ({ sku, disabledPlans: [] })),
        },
      ],
    };
    rig.emulator.tenant.setSeats("EMS", 3);
    const stack = new SmallStack(rig, file);
    await stack.up();
    const culprits = (await stack.plan()).plan.findings.filter(({ code }) => code === "members-in-error");
    assert.deepEqual(
      culprits.map(({ about, count }) => [about, count]),
      [["all-users EMS", 3]],
    );
  });
});
