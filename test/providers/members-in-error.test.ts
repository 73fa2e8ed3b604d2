import assert from "node:assert/strict";
import { seedTenant } from "../../emulator/tenants/seed";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack } from "./small-stack";
import { TO_E3, tenantOfSwap } from "./swap-tenant";
import { NAMES } from "./tenants";

const USERS = 30;
const FILE = {
  groups: [{ name: "all-users", existing: "All users", licenses: [{ sku: "EMS", disabledPlans: [] }] }],
  waves: [wave("first", percent(50)), wave("everyone", percent(100))],
};

describe("DirectLicenseRemoval watches members in error", function () {
  this.timeout(120_000);
  const rig = rigOf({ unevenPages: true });
  let stack: SmallStack;
  beforeEach(async () => {
    rig.start(seedTenant({ users: USERS, finance: 0 }));
    stack = new SmallStack(rig, FILE);
    assert.deepEqual((await stack.up()).unfinished, []);
  });
  /** Still applied: what they can use is not the point here, but that the group no longer works for them. */
  function fail(count: number): void {
    for (const { id } of rig.emulator.tenant.users().slice(0, count)) {
      rig.emulator.tenant.setAssignmentState(id, "EMS", "All users", { state: "ActiveWithError", error: "Other" });
    }
  }

  const direct = () => rig.emulator.tenant.directAssignments("EMS").length;

  it("six more of them than in the plan: the part does not begin", async () => {
    stack.file = { ...FILE, applyThrough: "everyone" };
    const { unfinished } = await stack.up(() => {
      fail(6);
    });
    assert.match(
      unfinished.join(),
      /halted: 6 members of All users are in error, and the plan knew of 0 \(5 more are allowed\)/,
    );
    assert.equal(direct(), USERS);
  });

  it("five more do not stop it: newcomers without a seat are nothing new", async () => {
    stack.file = { ...FILE, applyThrough: "everyone" };
    const { unfinished } = await stack.up(() => {
      fail(5);
    });
    assert.ok(!unfinished.join().includes("are in error"), unfinished.join());
    assert.ok(direct() < USERS);
  });

  it("those that the plan knew of do not count, however many", async () => {
    fail(12);
    stack.file = { ...FILE, applyThrough: "everyone" };
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.equal(direct(), 12);
  });

  it("those that the plan foresaw do not count either: a first run that swaps excluding SKUs goes to the end", async () => {
    rig.start(tenantOfSwap(NAMES));
    stack = new SmallStack(rig, TO_E3);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.equal(rig.emulator.tenant.directAssignments("ENTERPRISEPACK").length, NAMES.length);
    assert.equal(rig.emulator.tenant.directAssignments("STANDARDPACK").length, 0);
  });

  it("a group that cannot tell stops nothing: every user is proven by a read of their own", async () => {
    rig.emulator.faults.add({ match: { path: /membersWithLicenseErrors/ }, then: { status: 403 } });
    stack.file = { ...FILE, applyThrough: "everyone" };
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.equal(direct(), 0);
  });
});
