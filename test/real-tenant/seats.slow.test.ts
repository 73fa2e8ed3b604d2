import assert from "node:assert/strict";
import { openRig, type Rig } from "../providers/rig";
import { planned, type Config } from "./planned";
import { realTenant } from "./tenant";

describe("a licence that a group would replace by a SKU with too few seats, among 3,000 users with 40 products", function () {
  this.timeout(120_000);
  let rig: Rig;
  let config: Config;

  /** The 30 users of Export hold Office 365 E3 and EMS; Microsoft 365 E3 has what both have, and 5 seats left. */
  before(async () => {
    rig = await openRig();
    const { users = [], groups = [], ...tenant } = realTenant();
    const members = users.flatMap(({ id = "", displayName = "" }) => (displayName.startsWith("export ") ? [id] : []));
    rig.start({ ...tenant, users, groups: [...groups, { displayName: "Exporters", members }] });
    config = {
      "licensing:tenant": "contoso.com",
      "licensing:cloud": rig.connection.cloud,
      "licensing:groups": {
        exporters: { existing: "Exporters", licenses: ["SPE_E3"] },
        // EMS is a declared SKU by this group alone, with other members.
        sales: { existing: "Sales", licenses: ["EMS"] },
      },
      "licensing:waves": [{ name: "everyone", percent: 100 }],
    };
  });

  after(() => rig.close());

  async function forecast() {
    const { plan, snapshot } = await planned(rig.graph(), config);
    const [wave] = plan.waves;
    const slices = wave?.slices ?? [];
    const ems = snapshot.catalog.skus.find(({ partNumber }) => partNumber === "EMS")?.id;
    return {
      mayLackSeat: wave?.mayLackSeat,
      removals: slices.flatMap((slice) => slice.removals).length,
      seats: plan.findings.find(({ code, about }) => code === "seats" && about === "exporters SPE_E3"),
      inError: slices
        .flatMap((slice) => slice.blocked)
        .filter(({ skuId, reason }) => skuId === ems && reason.kind === "inherited-in-error"),
    };
  }

  it("the plan counts the users that may be blocked; then they are, and the reason is seats", async () => {
    const before = await forecast();
    assert.deepEqual([before.mayLackSeat, before.seats?.count, before.inError], [25, 25, []]);

    rig.emulator.tenant.setGroupLicenses("Exporters", [{ sku: "SPE_E3" }]);
    rig.emulator.clock.advance(24 * 3_600_000);
    const then = await forecast();
    assert.deepEqual([before.removals - then.removals, then.inError.length, then.mayLackSeat], [25, 25, 0]);
    for (const { reason } of then.inError) {
      assert.equal(reason.kind === "inherited-in-error" ? reason.cause : null, "CountViolation");
    }
  });
});
