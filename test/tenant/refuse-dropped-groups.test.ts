import assert from "node:assert/strict";
import { Catalog } from "../../licensing/catalog/catalog";
import { NO_NAMES } from "../../licensing/catalog/recorded-names";
import type { ResolvedLoss } from "../../licensing/loss/loss";
import { recordOf } from "../../licensing/record/record";
import { readSnapshot } from "../../tenant/read-snapshot";
import { refuseDroppedGroups } from "../../tenant/refuse-dropped-groups";
import { resolveDeclaration } from "../../tenant/resolve-declaration";
import { rigOf } from "../providers/rig";
import { e3, ems, GROUPS, tenant, upn } from "../providers/tenants";

/** The row of a group that this stack gave nothing. */
const ON_RECORD = {
  ...{ name: "finance", displayName: "Finance department" },
  ...{ given: [], acceptLoss: [], __leaving: [], __plans: {}, __names: NO_NAMES },
};

describe("a group that is taken out of the stack file", function () {
  this.timeout(120_000);
  const rig = rigOf();

  const people = () => rig.emulator.tenant;
  const finance = () => people().group("Finance department").id;
  const everyPlan = (skuId: string): readonly ResolvedLoss[] =>
    people()
      .sku("ENTERPRISEPACK")
      .servicePlans.map(({ servicePlanId: planId }) => ({ group: "finance", skuId, planId }));

  /** What the stack remembers of Finance, and what its file says, which declares All users alone. */
  async function drop(
    state: { readonly given?: readonly string[]; readonly acceptLoss?: readonly ResolvedLoss[] },
    accepted: readonly ResolvedLoss[] = [],
    showNames = false,
  ) {
    const graph = rig.graph();
    const catalog = new Catalog(await graph.subscribedSkus());
    const declared = await resolveDeclaration(graph, GROUPS.slice(0, 1), catalog);
    const { snapshot } = await readSnapshot(graph, declared, catalog);
    const groupLicenses = [{ ...ON_RECORD, groupId: finance(), ...state }];
    return refuseDroppedGroups(
      graph,
      snapshot,
      recordOf({ baselines: [], slices: [], groupLicenses }),
      accepted,
      showNames,
    );
  }

  function start(): void {
    rig.start(tenant());
    people().removeDirect(upn("ada"), "ENTERPRISEPACK");
  }

  it("is refused while a user needs what it gives: users, plans, and the way out", async () => {
    start();
    await assert.rejects(
      drop({ given: [e3] }),
      /groups\.finance is no longer in the stack file\. The change .* from 1 user \(.*a stack file that has finance as before/,
    );
  });

  it("names them where the stack file allows it, and goes by ids where it does not", async () => {
    start();
    await assert.rejects(drop({ given: [e3] }, [], true), /from 1 user \([0-9a-f-]{36} \(ada, ada@contoso\.com\)\)/i);
    await assert.rejects(drop({ given: [e3] }), (error: Error) => !/ada/i.test(error.message));
  });

  it("is not while all have it directly; what every group will give comes back", async () => {
    rig.start(tenant());
    const whole = { skuId: ems, disabledPlans: [] };
    assert.deepEqual(
      await drop({ given: [e3] }),
      new Map([
        [people().group("All users").id, [whole]],
        [finance(), []],
      ]),
    );
  });

  it("is not for what was on the group before: that stays", async () => {
    start();
    for (const state of [{ given: [] }, { given: [ems] }]) {
      assert.deepEqual((await drop(state)).get(finance()), [{ skuId: e3, disabledPlans: [] }]);
    }
  });

  it("may take an accepted loss when the file says it and the last run wrote it down, for this SKU", async () => {
    start();
    const given = [e3];
    await drop({ given, acceptLoss: everyPlan(e3) }, everyPlan(e3));
    await assert.rejects(drop({ given, acceptLoss: [] }, everyPlan(e3)), /from 1 user/);
    await assert.rejects(drop({ given, acceptLoss: everyPlan(e3) }, []), /from 1 user/);
    await assert.rejects(drop({ given, acceptLoss: everyPlan(ems) }, everyPlan(ems)), /from 1 user/);
  });

  it("that is gone from the tenant is nothing to refuse", async () => {
    start();
    const gone = "99999999-0000-4000-8000-000000000000";
    const groupLicenses = [{ ...ON_RECORD, groupId: gone, given: [e3] }];
    const graph = rig.graph();
    const catalog = new Catalog(await graph.subscribedSkus());
    const { snapshot } = await readSnapshot(graph, await resolveDeclaration(graph, GROUPS, catalog), catalog);
    const others = { ...snapshot, declared: snapshot.declared.slice(0, 1) };
    const after = await refuseDroppedGroups(graph, others, recordOf({ baselines: [], slices: [], groupLicenses }), []);
    assert.equal(after.has(gone), false);
  });
});
