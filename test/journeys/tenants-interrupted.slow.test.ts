import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Emulator } from "../../emulator";
import { seedTenant } from "../../emulator/tenants/seed";
import { LocalStack } from "../../tools/local-stack";
import type { TenantResult } from "../../tools/tenants/result";
import { seedStackFile } from "./journey";
import { watchedEmulator } from "../contract/watched-emulator";

const projectRoot = join(__dirname, "..", "..");
const WAVE = 120;

describe("journey: Ctrl-C while the plans of two tenants are applied", function () {
  this.timeout(200_000);

  const folder = mkdtempSync(join(tmpdir(), "tenants-interrupted-"));
  let emulator: Emulator;
  let first: LocalStack;
  let environment: NodeJS.ProcessEnv;

  before(async () => {
    for (const name of ["stacks", "out"]) mkdirSync(join(folder, name));
    emulator = await watchedEmulator({
      tenant: seedTenant({ users: 3 * WAVE, finance: 6 }),
      latencyMs: 50,
      processing: { joinMs: 100 },
    });
    const config = {
      "licensing:tenant": "contoso.com",
      "licensing:cloud": { graph: emulator.url, authority: emulator.url },
      ...seedStackFile,
      "licensing:waves": [
        { name: "one", count: WAVE },
        { name: "two", count: WAVE },
        { name: "three", percent: 100 },
      ],
      "licensing:applyThrough": "three",
    };
    const signedIn = { ...emulator.credentials(), NODE_EXTRA_CA_CERTS: emulator.caFile, CI: "false" };
    first = await LocalStack.create("first", config, signedIn);
    environment = first.environment;
    const made = await first.run(["stack", "init", "second", "--cwd", first.folder]);
    assert.equal(made.code, 0, made.stderr);
    for (const name of ["first", "second"]) {
      copyFileSync(first.configFile, join(folder, "stacks", `Pulumi.${name}.yaml`));
    }
    const planned = await start("plan").ended;
    assert.equal(planned.code, 0, planned.said);
  });

  after(async () => {
    first.remove();
    await emulator.close();
    rmSync(folder, { recursive: true });
  });

  function start(command: "plan" | "apply") {
    const words = ["first", "second", "--folder", join(folder, "stacks"), "--out", join(folder, "out")];
    const child = spawn(process.execPath, ["tools/run.cjs", "tools/tenants.ts", command, ...words], {
      cwd: projectRoot,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise<{ readonly code: number | null; readonly said: string }>((done) =>
      child.on("close", (code) => {
        done({ code, said });
      }),
    );
    return { child, ended };
  }

  /** As the terminal and npm do it: one press, two signals. */
  async function applyInterrupted() {
    const { child, ended } = start("apply");
    const press = () => {
      child.kill("SIGINT");
      setTimeout(() => child.kill("SIGINT"), 20);
    };
    emulator.faults.add({ match: { method: "POST", path: /^\/users\// }, after: 5, times: 1, then: press });
    return ended;
  }

  it("the part in hand runs to its end, the other tenant is not begun, and the report says both", async () => {
    const { code, said } = await applyInterrupted();
    assert.equal(code, 1, said);
    assert.equal(emulator.tenant.directAssignmentCount("EMS"), 2 * WAVE, said);
    assert.match(said, /2 tenants: 2 failed/);
    const file = readFileSync(join(folder, "out", "tenants.json"), "utf8");
    const { tenants } = JSON.parse(file) as { readonly tenants: readonly TenantResult[] };
    const troubles = new Map(tenants.map((each) => [each.stack, each.troubles[0]?.what ?? ""]));
    assert.match(troubles.get("first") ?? "", /^Ctrl-C stopped it: /);
    assert.equal(troubles.get("second"), "It was not begun, because Ctrl-C was pressed before.");
    await pause(500);
    assert.equal(emulator.tenant.directAssignmentCount("EMS"), 2 * WAVE, "and nothing goes on behind it");
  });

  it("the stack is not locked, and all that was done is in its state: the next up goes on", async () => {
    const up = await first.run(["up", "--yes", "--skip-preview"]);
    assert.equal(up.code, 0, up.stderr);
    assert.doesNotMatch(up.stdout + up.stderr, /pending operations|interrupted while|currently locked/i);
    assert.deepEqual(emulator.tenant.directAssignments(), []);
    const written = emulator.requests.writes().map(({ path }) => path);
    assert.equal(new Set(written).size, written.length, "nothing was done twice");
    assert.deepEqual(emulator.history.losses(), []);
  });
});
