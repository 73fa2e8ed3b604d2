import assert from "node:assert/strict";
import { directLicenses, notAsBefore } from "../../rehearsal/migration/direct-licenses";
import { runThrough } from "../../rehearsal/migration/take-step";
import { Catalog } from "../../licensing/catalog/catalog";
import { rigOf } from "../providers/rig";
import { ems, idOf, tenant, upn } from "../providers/tenants";

describe("a step of a rehearsal", function () {
  this.timeout(120_000);
  const rig = rigOf();

  /** Runs that halt behind these writes, one list a run, and the last one again and again. */
  async function runsOf(...writes: readonly (readonly number[])[]): Promise<number> {
    const seen: { readonly status: number }[] = [];
    let run = 0;
    const halt = () => {
      const mine = writes[Math.min(run, writes.length - 1)] ?? [];
      run += 1;
      seen.push(...mine.map((status) => ({ status })));
      return Promise.resolve({ code: 255, stdout: "", stderr: "error: halted" });
    };
    const { runs } = await runThrough(["up"], halt, () => seen);
    return runs;
  }

  it("is not repeated where Graph has refused all that it wrote, and once more behind a run that wrote something", async () => {
    assert.equal(await runsOf([400]), 1);
    assert.equal(await runsOf([202, 400], [400]), 2);
    assert.equal(await runsOf([429]), 5);
  });

  it("compares what is direct by the plans that the SKU has today", async () => {
    const retired = "99999999-9999-4999-8999-999999999999";
    rig.start(tenant({ names: ["ada"], direct: [{ sku: "EMS", disabledPlans: [retired] }] }));
    const catalog = new Catalog(await rig.graph().subscribedSkus());
    const held = () => directLicenses(rig.emulator, new Set([ems]), catalog);
    const before = held();
    // What a put-back can send.
    rig.emulator.tenant.assignDirect(upn("ada"), "EMS");
    assert.deepEqual(notAsBefore(before, held()), []);
    rig.emulator.tenant.assignDirect(upn("ada"), "EMS", ["INTUNE_A"]);
    assert.deepEqual(notAsBefore(before, held()), [{ userId: idOf("ada"), skuId: ems }]);
  });
});
