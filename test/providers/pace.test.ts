import assert from "node:assert/strict";
import { percent, wave } from "../licensing/builders";
import { rigOf, type Rig } from "./rig";
import { SmallStack } from "./small-stack";
import { GROUPS, tenant } from "./tenants";

describe("another pace", function () {
  this.timeout(120_000);
  const rig = rigOf();

  it("is no work for any resource of a migration that is done", async () => {
    rig.start(tenant());
    let pace: { readonly pace?: number } = {};
    const paced = Object.create(rig, {
      connection: { get: () => ({ ...rig.connection, ...pace }) },
    }) as Rig;
    const stack = new SmallStack(paced, {
      groups: GROUPS,
      waves: [wave("everyone", percent(100))],
      applyThrough: "everyone",
    });
    assert.deepEqual((await stack.up()).unfinished, []);
    for (const share of [0.95, 0.1]) {
      pace = { pace: share };
      assert.deepEqual(await stack.preview(), []);
    }
  });
});
