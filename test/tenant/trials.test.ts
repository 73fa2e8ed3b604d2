import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { migrationPermissions } from "../../emulator/directory/spec";
import { EMS, ENTERPRISEPACK } from "../../emulator/tenants/products";
import type { GroupSpec } from "../../licensing/stack-file/stack-file";
import { readTrials } from "../../tenant/read-trials";
import { openRig, type Rig } from "../providers/rig";

const group = (replaces: readonly string[]): GroupSpec =>
  ({ licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: [], replaces }] }) as unknown as GroupSpec;

describe("trials among the subscriptions", () => {
  let rig: Rig;

  const start = (permissions: readonly string[]) => {
    rig.start({
      apps: [{ name: "migration", permissions: [...permissions] }],
      skus: [
        { ...EMS, seats: 5, isTrial: true },
        { ...ENTERPRISEPACK, seats: 5 },
      ],
    });
    return rig.graph();
  };
  const asked = () =>
    rig.emulator.requests.all().filter(({ path }) => path.includes("/directory/subscriptions")).length;

  before(async () => {
    rig = await openRig();
  });
  after(() => rig.close());

  it("are read where a group's licence replaces a SKU", async () => {
    const { bySku, warnings } = await readTrials(start(migrationPermissions), [group(["EMS"])]);
    assert.deepEqual(Object.fromEntries(bySku), { [EMS.skuId]: true, [ENTERPRISEPACK.skuId]: false });
    assert.deepEqual(warnings, []);
  });

  it("are not asked for where nothing is replaced", async () => {
    const { bySku } = await readTrials(start(migrationPermissions), [group([])]);
    assert.equal(bySku.size, 0);
    assert.equal(asked(), 0);
  });

  it("are unknown without the permission: the name decides, and the run says so", async () => {
    const without = migrationPermissions.filter((each) => each !== "Organization.Read.All");
    const { bySku, warnings } = await readTrials(start(without), [group(["EMS"])]);
    assert.equal(bySku.size, 0);
    assert.match(warnings.join(), /permission Organization\.Read\.All.* known by its name alone/);
  });
});
