import assert from "node:assert/strict";
import { confirmTenant } from "../../tenant/confirm-tenant";
import { Refusal } from "../../licensing/refusal";
import { rigOf } from "../providers/rig";
import { tenant } from "../providers/tenants";

describe("the tenant, before anything else", function () {
  this.timeout(120_000);
  const rig = rigOf();

  const graphOf = (configured: string) => rig.host.connectForReading({ ...rig.connection, tenant: configured });

  it("is the one that the stack file names: by id or by a domain", async () => {
    rig.start(tenant());
    for (const configured of [rig.emulator.tenant.id, "contoso.com"]) {
      assert.equal((await confirmTenant(graphOf(configured))).id, rig.emulator.tenant.id);
    }
  });

  it("another one is refused, with both named, before anything is read from it", async () => {
    rig.start(tenant());
    const configured = "00000000-0000-4000-8000-000000000000";
    await assert.rejects(confirmTenant(graphOf(configured)), (error) => {
      assert.ok(error instanceof Refusal);
      assert.match(
        error.message,
        /^The credentials are not for the tenant of this stack; nothing was read or changed: /,
      );
      assert.ok(error.message.includes(configured) && error.message.includes(rig.emulator.tenant.id));
      return true;
    });
    assert.deepEqual(
      rig.emulator.requests.all().filter(({ path }) => !path.startsWith("/organization")),
      [],
    );
  });

  it("one mistake or several, each on a line of its own", () => {
    const mistake = { path: "licensing:tenant", message: "is missing" };
    assert.equal(
      Refusal.ofMistakes([mistake]).message,
      "The stack file cannot be used; nothing was changed. Mend this:\n  licensing:tenant is missing",
    );
    assert.match(
      Refusal.ofMistakes([mistake, mistake]).message,
      /Mend these:\n {2}.*\n {2}licensing:tenant is missing$/,
    );
  });
});
