import assert from "node:assert/strict";
import { EMS, ENTERPRISEPACK, STANDARDPACK } from "../../emulator/tenants/products";
import { Catalog } from "../../licensing/catalog/catalog";
import type { Sku } from "../../licensing/model";
import { addedSince, directLicenses, movedSkus, notAsBefore } from "../../rehearsal/migration/direct-licenses";
import { lossesOf } from "../../rehearsal/migration/losses";
import { rigOf } from "../providers/rig";
import { SmallStack } from "../providers/small-stack";
import { TO_E3, tenantOfSwap, WAVES_BACK } from "../providers/swap-tenant";
import { idOf, upn } from "../providers/tenants";

const PEOPLE = ["ada", "ben"];

describe("a rehearsal of a swap of two SKUs that exclude each other", function () {
  this.timeout(120_000);
  const rig = rigOf({}, () => tenantOfSwap(PEOPLE, [EMS]));
  let skus: readonly Sku[];
  let catalog: Catalog;
  let stack: SmallStack;

  const direct = () => directLicenses(rig.emulator, movedSkus(TO_E3, catalog), catalog);
  const losses = () => lossesOf(rig.emulator, catalog);

  beforeEach(async () => {
    skus = await rig.graph().subscribedSkus();
    catalog = new Catalog(skus);
    stack = new SmallStack(rig, { ...TO_E3, applyThrough: null });
    await stack.up();
    rig.emulator.clock.advance(3_600_000);
  });

  it("counts the replaced licences as removed and put back, and finds no loss", async () => {
    const before = direct();
    assert.equal(before.size, PEOPLE.length, "E1 of each user, and not EMS");
    stack.file = TO_E3;
    assert.deepEqual((await stack.up()).unfinished, []);
    const removed = PEOPLE.map((name) => ({ userId: idOf(name), skuId: STANDARDPACK.skuId }));
    const byUser = (all: readonly { readonly userId: string }[]) =>
      [...all].sort((a, b) => a.userId.localeCompare(b.userId));
    assert.deepEqual(byUser(notAsBefore(before, direct())), byUser(removed));
    assert.deepEqual(losses(), { lost: [], lostByPeople: [] });

    const added = PEOPLE.map((name) => ({ userId: idOf(name), skuId: ENTERPRISEPACK.skuId }));
    assert.deepEqual(byUser(addedSince(before, direct())), byUser(added));

    stack.file = { ...TO_E3, waves: WAVES_BACK };
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(notAsBefore(before, direct()), []);
    assert.deepEqual(addedSince(before, direct()), []);
    assert.deepEqual(losses(), { lost: [], lostByPeople: [] }, "what the swap had added is not owed");
  });

  it("reports the swap as a loss by the migration where a plan has no successor", async () => {
    stack.file = TO_E3;
    await stack.up();
    const other = (name: string) => (name === "SHAREPOINTENTERPRISE" ? "ANOTHER_PLAN" : name);
    const withoutSuccessor = skus.map((sku) => ({
      ...sku,
      servicePlans: sku.servicePlans.map((plan) => ({ ...plan, name: other(plan.name) })),
    }));
    const { lost, lostByPeople } = lossesOf(rig.emulator, new Catalog(withoutSuccessor));
    assert.deepEqual(
      lost.map(({ plans }) => plans),
      PEOPLE.map(() => ["SHAREPOINTSTANDARD"]),
    );
    assert.match(lost[0]?.cause ?? "", /, by the migration$/);
    assert.deepEqual(lostByPeople, []);
  });

  it("reports a successor that other people take away, with the plan that it stood for", async () => {
    stack.file = TO_E3;
    await stack.up();
    rig.emulator.tenant.removeDirect(upn("ada"), "ENTERPRISEPACK");
    const { lost, lostByPeople } = losses();
    assert.deepEqual(lost, []);
    const [only] = lostByPeople;
    assert.equal(lostByPeople.length, 1);
    assert.equal(only?.userId, idOf("ada"));
    assert.ok(only.plans.includes("SHAREPOINTENTERPRISE") && only.plans.includes("SHAREPOINTSTANDARD"));
  });
});
