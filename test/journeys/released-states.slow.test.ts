import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { parse } from "yaml";
import { LocalStack } from "../../cli/engine/local-stack";
import { usersOnRecord, type ExportedState } from "../../cli/run/state";
import { ANYWHERE, stackFileAt } from "../../dev/release/kept-state";
import { tenantSpec, type Emulator } from "../../emulator";
import { watchedEmulator } from "../contract/watched-emulator";
import { EngineWords } from "./engine-words";

const folder = join(__dirname, "..", "fixtures", "states");
const SKUS = ["EMS", "ENTERPRISEPACK"];

/** Each state is in the middle of a migration by the version that it is called after: the canary has moved. */
for (const version of readdirSync(folder)) {
  describe(`journey: a state that version ${version} left goes on with this one`, function () {
    this.timeout(180_000);

    const read = (name: string) => readFileSync(join(folder, version, name), "utf8");
    const { config } = parse(read("Pulumi.contoso.yaml")) as { readonly config: Readonly<Record<string, unknown>> };
    let emulator: Emulator;
    let stack: LocalStack;

    before(async () => {
      const tenant = tenantSpec.parse(JSON.parse(read("tenant.json")));
      emulator = await watchedEmulator({ tenant, processing: { joinMs: 10, queueMs: 10 } });
      const environment = { ...emulator.credentials(), NODE_EXTRA_CA_CERTS: emulator.caFile, CI: "false" };
      stack = await LocalStack.create("contoso", stackFileAt(config, emulator.url), environment);
      const state = join(stack.folder, "state.json");
      writeFileSync(state, read("state.json").replaceAll(ANYWHERE, emulator.url));
      const { code, stderr } = await stack.run(["stack", "import", "--file", state, "--stack", "contoso"]);
      assert.equal(code, 0, stderr);
    });
    after(async () => {
      stack.remove();
      await emulator.close();
    });

    const direct = () => SKUS.flatMap((sku) => emulator.tenant.directAssignments(sku)).length;
    const moved = () => SKUS.flatMap((sku) => emulator.tenant.directAssignments(sku).map(({ userId }) => userId));
    async function run(
      words: readonly string[],
      changes: Readonly<Record<string, unknown>> = {},
    ): Promise<EngineWords> {
      stack.configure(stackFileAt({ ...config, ...changes }, emulator.url));
      const said = new EngineWords(await stack.run(words));
      assert.equal(said.code, 0, said.text);
      return said;
    }
    let left: number;

    it("a preview finds its record, and nothing to do", async () => {
      left = direct();
      const said = await run(["preview"]);
      assert.match(said.under("everyone").join("\n"), new RegExp(`remove ${left} direct assignments`));
      assert.doesNotMatch(said.under("canary").join("\n"), /remove \d/);
      assert.equal(emulator.requests.writes().length, 0);
    });

    it("an up moves all others, and takes the canary as done", async () => {
      await run(["up", "--yes", "--skip-preview"], { "licensing:applyThrough": "everyone" });
      assert.equal(direct(), 0);
    });

    it("a rollback puts back what both versions removed", async () => {
      const waves = (config["licensing:waves"] as readonly object[]).map((wave) => ({ ...wave, rollback: true }));
      await run(["up", "--yes", "--skip-preview"], { "licensing:applyThrough": "everyone", "licensing:waves": waves });
      const onRecord = usersOnRecord(JSON.parse(read("state.json")) as ExportedState);
      assert.ok(direct() > left);
      assert.equal(new Set(moved()).size, onRecord);
      assert.deepEqual(emulator.history.losses({ except: "people" }), []);
    });
  });
}
