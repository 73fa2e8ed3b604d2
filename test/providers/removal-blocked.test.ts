import assert from "node:assert/strict";
import type { Tenant, TenantSpec } from "../../emulator";
import type { GroupSpec } from "../../licensing/stack-file/stack-file";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack } from "./small-stack";
import { GROUPS, idOf, tenant, upn } from "./tenants";

const ADA = upn("ada");

interface Blocked {
  readonly what: string;
  readonly spec?: TenantSpec;
  readonly groups?: readonly GroupSpec[];
  /** What happens to Ada. */
  readonly change: (tenant: Tenant) => void;
  readonly stays: Readonly<Record<string, number>>;
  /** Direct assignments that are left. */
  readonly left?: readonly string[];
  readonly inheritanceMs?: number;
}

const state = (to: Parameters<Tenant["setAssignmentState"]>[3]) => (people: Tenant) => {
  people.setAssignmentState(ADA, "EMS", "All users", to);
};

const CAUSES = [
  "CountViolation",
  "MutuallyExclusiveViolation",
  "DependencyViolation",
  "ProhibitedInUsageLocationViolation",
  "UniquenessViolation",
  "Other",
] as const;

/** Ada is in the way, her neighbours are not. */
const TABLE: readonly Blocked[] = [
  {
    what: "left the group, though the licence is still inherited",
    change: (people) => people.leaveGroup(ADA, "All users"),
    stays: { "not a member of All users": 1 },
  },
  {
    what: "is in the group only through another one",
    spec: tenant({ moreGroups: [{ displayName: "Contractors", members: [ADA] }], nested: ["Contractors"] }),
    change: (people) => people.leaveGroup(ADA, "All users"),
    stays: { "member of All users only through a nested group": 1 },
  },
  {
    what: "has just joined, and Entra is not there yet",
    spec: {
      ...tenant(),
      groups: [
        {
          displayName: "All users",
          members: ["ben", "cleo", "dan", "eve", "fay"].map(upn),
          licenses: [{ sku: "EMS" }],
        },
        ...(tenant().groups ?? []).slice(1),
      ],
    },
    change: (people) => people.joinGroup(ADA, "All users"),
    stays: { "not yet inherited from All users": 1 },
    inheritanceMs: 0,
  },
  ...CAUSES.map((error): Blocked => ({
    what: `inherits in error: ${error}`,
    change: state({ state: "Error", error }),
    stays: { [`inherited from All users in error: ${error}`]: 1 },
  })),
  {
    what: "inherits, but the last reconciliation failed",
    change: state({ state: "ActiveWithError", error: "DependencyViolation" }),
    stays: { "inherited from All users with an error: DependencyViolation": 1 },
  },
  {
    what: "inherits in an unexplained state",
    change: state({ state: "Disabled" }),
    stays: { "inherited in a state this program does not know: Disabled": 1 },
  },
  {
    what: "inherits fewer plans than the group gives",
    change: state({ state: "Active", disabledPlans: ["INTUNE_A"] }),
    stays: { "would lose INTUNE_A": 1 },
    inheritanceMs: 0,
  },
];

describe("DirectLicenseRemoval, and a user is in the way", function () {
  this.timeout(120_000);
  const rig = rigOf();

  function stackOf({ groups = GROUPS, inheritanceMs }: Pick<Blocked, "groups" | "inheritanceMs">): SmallStack {
    return new SmallStack(rig, {
      groups,
      waves: [wave("everyone", percent(100))],
      applyThrough: "everyone",
      ...(inheritanceMs === undefined ? {} : { timeouts: { inheritanceMs } }),
    });
  }

  function assertOnlyAdaStays(stack: SmallStack, stays: Blocked["stays"]): void {
    const left = rig.emulator.tenant.directAssignments();
    assert.deepEqual(
      left.map(({ userId, skuId }) => [userId, skuId]),
      [[idOf("ada"), rig.emulator.tenant.sku("EMS").skuId]],
    );
    const wave = stack.wave();
    assert.deepEqual([wave.status, wave.stays, wave.staysBySku, wave.pending], ["done", stays, { EMS: 1 }, {}]);
    assert.deepEqual(rig.emulator.history.losses({ except: "people" }), []);
    const words = Object.keys(stays)[0] ?? "";
    assert.ok(
      rig.host.said.some(
        (line) => line.startsWith(`everyone: 1 user blocked, EMS: ${words}. `) && line.includes(idOf("ada")),
      ),
      rig.host.said.join("\n"),
    );
  }

  for (const each of TABLE) {
    it(`a user that ${each.what} keeps the direct licence, and the others move`, async () => {
      rig.start(each.spec ?? tenant());
      each.change(rig.emulator.tenant);
      const stack = stackOf(each);
      assert.deepEqual((await stack.up()).unfinished, []);
      assertOnlyAdaStays(stack, each.stays);
      const hers = rig.emulator.requests.all({ method: "POST", path: new RegExp(`^/users/${idOf("ada")}/`) });
      assert.ok(hers.length <= 1, "her E3 at most is written");
    });

    it(`the same when the plan did not know yet; and the next plan agrees with what was left`, async () => {
      rig.start(each.spec ?? tenant());
      const stack = stackOf(each);
      assert.deepEqual((await stack.up(() => each.change(rig.emulator.tenant))).unfinished, []);
      assertOnlyAdaStays(stack, each.stays);
      assert.deepEqual(await stack.preview(), []);
    });
  }

  it("keeps the licence of a user that would lose a plan, and names the plan", async () => {
    const without = [{ sku: "EMS", disabledPlans: ["INTUNE_A", "MFA_PREMIUM"] }];
    rig.start(tenant({ allUsers: without, direct: [{ sku: "EMS", disabledPlans: ["MFA_PREMIUM"] }] }));
    const stack = stackOf({
      groups: [{ name: "all-users", existing: "All users", licenses: [without[0] ?? { sku: "", disabledPlans: [] }] }],
    });
    await stack.up();
    assert.deepEqual(stack.wave().stays, { "would lose INTUNE_A": 6 });
    assert.deepEqual(rig.emulator.requests.writes(), []);
  });

  it("leaves a user with a licence of unknown source unchanged and lists them", async () => {
    rig.start(tenant({ moreUsers: [{ userPrincipalName: upn("gus"), hidden: [{ sku: "EMS" }] }] }));
    const stack = stackOf({});
    await stack.up();
    assert.deepEqual([stack.wave().stays, stack.wave().staysBySku], [{ "held from an unknown source": 1 }, {}]);
    assert.equal(rig.emulator.requests.all({ path: new RegExp(`/users/${idOf("gus")}/assignLicense`) }).length, 0);
    assert.deepEqual(await stack.preview(), []);
  });

  it("skips a user deleted meanwhile, and leaves them out of later plans", async () => {
    rig.start(tenant());
    const stack = stackOf({});
    const ended = await stack.up(() => rig.emulator.tenant.removeUser(upn("cleo")));
    assert.deepEqual(ended.unfinished, []);
    assert.deepEqual([stack.wave().status, stack.wave().stays, stack.wave().pending], ["done", {}, {}]);
    assert.ok(rig.host.said.some((line) => line.startsWith("everyone: 1 user no longer exists")));
    assert.deepEqual(rig.emulator.tenant.directAssignments(), []);
    assert.deepEqual(await stack.preview(), []);
  });

  it("skips a user deleted between two reads of one batch", async () => {
    for (const path of [/memberOf/, /\?\$select=.*licenseAssignmentStates/]) {
      rig.start(tenant());
      const stack = stackOf({});
      const ended = await stack.up(() => {
        rig.emulator.faults.add({ match: { method: "GET", path, userId: idOf("cleo") }, then: { status: 404 } });
      });
      assert.deepEqual([ended.unfinished, stack.wave().lastRemoved], [[], { EMS: 5, ENTERPRISEPACK: 2 }]);
      assert.equal(rig.emulator.tenant.directAssignmentCount("EMS"), 1);
      rig.emulator.faults.clear();
      assert.deepEqual(await stack.up(), { ran: ["baseline", "everyone-1"], unfinished: [] });
      assert.deepEqual(rig.emulator.tenant.directAssignments(), []);
    }
  });

  it("skips a user deleted between read and write", async () => {
    rig.start(tenant());
    rig.emulator.faults.add({
      match: { path: /assignLicense/, userId: idOf("cleo") },
      times: 1,
      then: () => rig.emulator.tenant.removeUser(upn("cleo")),
    });
    const stack = stackOf({});
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(stack.wave().lastRemoved, { EMS: 5, ENTERPRISEPACK: 2 });
    assert.deepEqual(await stack.preview(), []);
  });

  it("blocks a user that other writes lock permanently, and moves the others", async () => {
    rig.start(tenant());
    const lock = rig.emulator.faults.add({
      match: { path: /assignLicense/, userId: idOf("cleo") },
      then: { status: 409 },
    });
    const stack = stackOf({});
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(stack.wave().stays, { "user is locked by another write": 1 });
    assert.equal(rig.emulator.tenant.directAssignmentCount("EMS"), 1);
    assert.ok(
      rig.host.sleeps.every((ms) => ms >= 1_000),
      "it waits between its attempts",
    );
    lock.remove();
    assert.deepEqual(await stack.up(), { ran: ["baseline", "everyone-1"], unfinished: [] });
    assert.deepEqual(rig.emulator.tenant.directAssignments(), []);
  });

  it("moves a user that another write locked for a moment", async () => {
    rig.start(tenant());
    rig.emulator.faults.add({
      match: { path: /assignLicense/, userId: idOf("cleo") },
      times: 3,
      then: { status: 409 },
    });
    const stack = stackOf({});
    await stack.up();
    assert.deepEqual([stack.wave().stays, rig.emulator.tenant.directAssignments()], [{}, []]);
  });

  const refusals: [what: string, message: string, words: string][] = [
    [
      "a plan that depends on it",
      "License assignment failed because service plan 4828c8ec-dc2e-4779-b502-87ac9ce28ab7 depends on the service plan(s) 0feaeb32-d00e-4d66-bd5a-43b5b83db82c",
      "another plan depends on it: MCOEV (4828c8ec-dc2e-4779-b502-87ac9ce28ab7), MCOSTANDARD (0feaeb32-d00e-4d66-bd5a-43b5b83db82c)",
    ],
    [
      "an unknown rule",
      "The license could not be changed today.",
      "Entra refused the removal: The license could not be changed today.",
    ],
  ];
  for (const [what, message, words] of refusals) {
    it(`${what}: what Entra refuses is blocked with its reason, and tried once`, async () => {
      rig.start(tenant());
      const rule = rig.emulator.faults.add({
        match: { path: /assignLicense/, userId: idOf("ada") },
        then: { status: 400, message },
      });
      const stack = stackOf({});
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.deepEqual([stack.wave().stays, rule.hits], [{ [words]: 2 }, 1]);
      assert.deepEqual(stack.wave().staysBySku, { EMS: 1, ENTERPRISEPACK: 1 });
      assert.deepEqual(await stack.preview(), [], "the wave is complete: nothing changes until her licences do");
      rig.emulator.tenant.assignDirect(upn("cleo"), "EMS");
      assert.deepEqual((await stack.up()).ran, ["baseline", "everyone-1"]);
      assert.deepEqual([stack.wave().stays, rule.hits], [{ [words]: 2 }, 1], "not tried again, and not forgotten");
      assert.deepEqual(await stack.preview(), []);
    });
  }

  it("what Entra refused is tried again when the user's licences have changed", async () => {
    rig.start(tenant());
    const message = "The license could not be changed today.";
    const rule = rig.emulator.faults.add({
      match: { path: /assignLicense/, userId: idOf("ada") },
      then: { status: 400, message },
    });
    const stack = stackOf({});
    await stack.up();
    rule.remove();
    assert.deepEqual(await stack.preview(), []);
    rig.emulator.tenant.assignDirect(upn("ada"), "MCOEV");
    assert.deepEqual(await stack.up(), { ran: ["baseline", "everyone-1"], unfinished: [] });
    assert.deepEqual(stack.wave().stays, {});
    assert.deepEqual(stack.wave().__refused, []);
  });

  it("many refusals halt a wave once, and not again: the plan knows them", async () => {
    rig.start(tenant({ names: Array.from({ length: 20 }, (_, n) => `person${n}`) }));
    // A rule that Entra names: it is each user's own, however many they are.
    const message = "License assignment cannot be done for user with invalid usage location.";
    rig.emulator.faults.add({ match: { path: /users.*assignLicense/ }, then: { status: 400, message } });
    const stack = stackOf({});
    const [reason = ""] = (await stack.up()).unfinished;
    assert.match(reason, /20 users of the first 20 have a licence that is blocked and that the plan thought safe/);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([stack.wave().status, stack.wave().staysBySku["EMS"]], ["done", 20]);
    assert.deepEqual(await stack.preview(), []);
  });

  it("two SKUs of a user are decided apart: one goes, the other stays", async () => {
    rig.start(tenant());
    state({ state: "Error", error: "CountViolation" })(rig.emulator.tenant);
    const stack = stackOf({});
    await stack.up();
    const left = rig.emulator.tenant.directAssignments().filter(({ userId }) => userId === idOf("ada"));
    assert.deepEqual(
      left.map(({ skuId }) => skuId),
      [rig.emulator.tenant.sku("EMS").skuId],
    );
    assert.deepEqual(stack.wave().lastRemoved, { EMS: 5, ENTERPRISEPACK: 2 });
  });

  it("more surprises than a plan may have halt the wave: the tenant is not what it was", async () => {
    const names = Array.from({ length: 70 }, (_, n) => `person${n}`);
    rig.start(tenant({ names }));
    const stack = stackOf({});
    const ended = await stack.up(() => {
      for (const name of names.slice(2))
        rig.emulator.tenant.setAssignmentState(upn(name), "EMS", "All users", {
          state: "Disabled",
          error: "None",
        });
    });
    assert.match(
      ended.unfinished[0] ?? "",
      /^wave everyone \(1 of 1\) halted: \d+ users of the first \d+ have a licence that is blocked and that the plan thought safe \(the limit is 6\): the tenant has changed since the plan/,
    );
    assert.equal(rig.host.statuses.filter((text) => text.includes(" of 70 users")).length, 1, "after the first unit");
    assert.equal(stack.wave().status, "halted");
    assert.deepEqual(await stack.up(), { ran: ["baseline", "everyone-1"], unfinished: [] });
    assert.deepEqual(stack.wave().stays, { "inherited in a state this program does not know: Disabled": 68 });
  });

  it("five surprises are what a day brings", async () => {
    const names = Array.from({ length: 20 }, (_, n) => `person${n}`);
    rig.start(tenant({ names }));
    const stack = stackOf({});
    const ended = await stack.up(() => {
      for (const name of names.slice(5, 10)) rig.emulator.tenant.leaveGroup(upn(name), "All users");
    });
    assert.deepEqual(ended.unfinished, []);
    assert.deepEqual(stack.wave().stays, { "not a member of All users": 5 });
  });
});
