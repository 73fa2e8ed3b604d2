import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Emulator } from "../../emulator";
import { seedTenant } from "../../emulator/tenants/seed";
import { LocalStack } from "../../cli/engine/local-stack";
import type { TenantResult } from "../../cli/tenants/result";
import { seedStackFile } from "./journey";
import { watchedEmulator } from "../contract/watched-emulator";

const projectRoot = join(__dirname, "..", "..");
const WAVE = 180;
/** As many as the product reads, proves and writes at a time, with two groups. */
const UNIT = 59;

describe("journey: Ctrl-C while the plans of two tenants are applied", function () {
  this.timeout(300_000);

  const folder = mkdtempSync(join(tmpdir(), "tenants-interrupted-"));
  let emulator: Emulator;
  let first: LocalStack;
  let environment: NodeJS.ProcessEnv;

  before(async () => {
    for (const name of ["stacks", "out"]) mkdirSync(join(folder, name));
    emulator = await watchedEmulator({
      tenant: seedTenant({ users: 3 * WAVE, finance: 6 }),
      latencyMs: 100,
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
    const planned = await start("plan", "first", "second").ended;
    assert.equal(planned.code, 0, planned.said);
  });

  after(async () => {
    first.remove();
    await emulator.close();
    rmSync(folder, { recursive: true });
  });

  function start(command: "plan" | "apply", ...stacks: readonly string[]) {
    const words = [...stacks, "--folder", join(folder, "stacks"), "--out", join(folder, "out")];
    const child = spawn(process.execPath, ["dev/run.cjs", "cli/main.ts", "tenants", command, ...words], {
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
  async function applyInterrupted(times: 1 | 2) {
    const { child, ended } = start("apply", "first", "second");
    let writesBefore = 0;
    const press = () => {
      child.kill("SIGINT");
      setTimeout(() => child.kill("SIGINT"), 20);
      writesBefore = emulator.requests.writes().length;
    };
    const begin = () => {
      press();
      // A person needs longer than the second signal of the first press.
      if (times === 2) setTimeout(press, 300);
    };
    emulator.faults.add({ match: { method: "POST", path: /^\/users\// }, after: 5, times: 1, then: begin });
    return { ...(await ended), writesBefore };
  }

  function troublesReported(): ReadonlyMap<string, TenantResult["troubles"][number]> {
    const file = readFileSync(join(folder, "out", "tenants.json"), "utf8");
    const { tenants } = JSON.parse(file) as { readonly tenants: readonly TenantResult[] };
    return new Map(tenants.map((each) => [each.stack, each.troubles[0] ?? assert.fail()]));
  }

  it("the part in hand runs to its end, the other tenant is not begun, and the report says both", async () => {
    const { code, said } = await applyInterrupted(1);
    assert.equal(code, 1, said);
    assert.equal(emulator.tenant.directAssignmentCount("EMS"), 2 * WAVE, said);
    assert.match(said, /2 tenants: 2 failed/);
    const troubles = troublesReported();
    assert.match(troubles.get("first")?.what ?? "", /^Ctrl-C stopped it: /);
    assert.equal(troubles.get("second")?.what, "It was not begun, because Ctrl-C was pressed before.");
    await pause(500);
    assert.equal(emulator.tenant.directAssignmentCount("EMS"), 2 * WAVE, "and nothing goes on behind it");
    const state = await first.run(["stack", "export"]);
    assert.doesNotMatch(state.stdout, /"pending_operations"/, "all that was done is in the state");
  });

  it("a second Ctrl-C ends the engine at once: the unit in hand is the last, and the report says how to go on", async () => {
    const planned = await start("plan", "first").ended;
    assert.equal(planned.code, 0, planned.said);
    const { code, said, writesBefore } = await applyInterrupted(2);
    assert.equal(code, 1, said);
    assert.match(said, /2 tenants: 2 failed/);
    const troubles = troublesReported();
    assert.match(troubles.get("first")?.what ?? "", /^Ctrl-C stopped it: /);
    assert.match(
      troubles.get("first")?.remedy ?? "",
      /^What was done until then is in the state\. Make a new plan and apply that/,
    );
    assert.equal(troubles.get("second")?.what, "It was not begun, because Ctrl-C was pressed before.");
    await pause(2_000);
    const later = emulator.requests.writes().length - writesBefore;
    assert(later <= UNIT, `${later} writes after the second Ctrl-C`);
    assert(emulator.tenant.directAssignmentCount("EMS") > WAVE, "in the middle of the second wave");
  });

  it("the stack is not locked: the next up goes on, and names the command that clears what it warns of", async () => {
    const up = await first.run(["up", "--yes", "--skip-preview"]);
    assert.equal(up.code, 0, up.stderr);
    assert.match(up.stdout, /two-1, interrupted while creating/);
    assert.match(up.stdout, /pulumi refresh/);
    assert.deepEqual(emulator.tenant.directAssignments(), []);
    const written = emulator.requests.writes().map(({ path }) => path);
    assert.equal(new Set(written).size, written.length, "nothing was done twice");
    assert.deepEqual(emulator.history.losses(), []);
  });
});
