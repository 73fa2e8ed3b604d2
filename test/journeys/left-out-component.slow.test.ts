import assert from "node:assert/strict";
import { journeyOf, seedStackFile } from "./journey";
import { mixedTenant } from "./mixed-tenant";

for (const component of ["LicenseWave::canary", "LicenseMigration::migration", "LicensingGroup::finance"]) {
  describe(`journey: a flag leaves a component out of a new stack, ${component}`, function () {
    this.timeout(120_000);

    const waves = [
      { name: "canary", count: 20 },
      { name: "everyone", percent: 100 },
    ];
    const journey = journeyOf(() => ({ tenant: mixedTenant(), processing: { joinMs: 100 } }), {
      ...seedStackFile,
      "licensing:waves": waves,
      "licensing:applyThrough": "canary",
    });
    const direct = () => journey.emulator.tenant.directAssignments().map(({ userId, skuId }) => `${userId} ${skuId}`);
    let directAtFirst: readonly string[];

    it("the engine writes a state that it cannot read", async () => {
      directAtFirst = direct();
      await journey.stack.run(["up", "--yes", "--skip-preview", "--exclude", `**${component}`]);
      const { code, stdout, stderr } = await journey.stack.run(["preview"]);
      assert.notEqual(code, 0);
      assert.match(`${stdout}${stderr}`, /integrity/);
    });

    it("pulumi state repair mends it, and the next up goes on with the rows that were there", async () => {
      const { code, stderr } = await journey.stack.run(["state", "repair", "--yes"]);
      assert.equal(code, 0, stderr);
      await journey.up();
      await journey.nightlyCheck();
    });

    it("nothing of the record is lost: a rollback gives all of it back", async () => {
      assert.ok(direct().length < directAtFirst.length);
      journey.edit({ "licensing:waves": [{ ...waves[0], rollback: true }, waves[1]] });
      await journey.up();
      assert.deepEqual(direct().sort(), [...directAtFirst].sort());
      assert.deepEqual(journey.emulator.history.losses(), []);
    });
  });
}
