import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "../../emulator";
import { EMS } from "../../emulator/tenants/products";
import { LocalStack } from "../../cli/engine/local-stack";
import type { TenantResult } from "../../cli/tenants/result";
import { watchedEmulator } from "../contract/watched-emulator";

const projectRoot = join(__dirname, "..", "..");
const people = ["ada@contoso.com", "ben@contoso.com", "cleo@contoso.com"];

function filesIn(folder: string): readonly { readonly file: string; readonly mode: number }[] {
  const files = [
    folder,
    ...readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  ];
  return files.map((file) => ({ file, mode: statSync(file).mode & 0o777 }));
}

/** What an env file of a stack holds here: the identity, where the state is, and that the embedded Graph is trusted. */
const KEPT = /^(AZURE_|PULUMI_(BACKEND|HOME|CONFIG)|NODE_EXTRA|NO_PROXY|no_proxy|CI$)/;

interface One {
  readonly emulator: Emulator;
  readonly stack: LocalStack;
}

describe("journey: three tenants, one of them well, one drifted, one with wrong credentials", function () {
  this.timeout(400_000);

  const folder = mkdtempSync(join(tmpdir(), "many-tenants-"));
  const at = (...names: string[]) => join(folder, ...names);
  const tenants = new Map<string, One>();
  const one = (name: string): One => {
    const found = tenants.get(name);
    assert.ok(found, name);
    return found;
  };

  before(async () => {
    for (const part of ["stacks", "env"]) mkdirSync(at(part), { mode: 0o700 });
    for (const name of ["well", "drifted", "locked"]) tenants.set(name, await begin(name));
  });

  after(async () => {
    for (const { emulator, stack } of tenants.values()) {
      stack.remove();
      await emulator.close();
    }
    rmSync(folder, { recursive: true });
  });

  async function begin(name: string): Promise<One> {
    const emulator = await watchedEmulator({
      tenant: {
        displayName: name,
        skus: [{ ...EMS, seats: 5 }],
        users: people.map((userPrincipalName) => ({ userPrincipalName, licenses: [{ sku: "EMS" }] })),
        groups: [{ displayName: "Staff", members: people }],
      },
    });
    const config = {
      "licensing:tenant": "contoso.com",
      "licensing:cloud": { graph: emulator.url, authority: emulator.url },
      "licensing:groups": { staff: { existing: "Staff", licenses: ["EMS"] } },
      "licensing:waves": [{ name: "everyone", percent: 100 }],
      "licensing:applyThrough": "everyone",
    };
    const signedIn = { ...emulator.credentials(), NODE_EXTRA_CA_CERTS: emulator.caFile, CI: "false" };
    const stack = await LocalStack.create(name, config, signedIn);
    copyFileSync(stack.configFile, at("stacks", `Pulumi.${name}.yaml`));
    const variables = { ...stack.environment, ...(name === "locked" ? { AZURE_CLIENT_SECRET: "out of date" } : {}) };
    // The tenant is the one that the stack file names.
    const lines = Object.entries(variables).filter(([key]) => KEPT.test(key) && key !== "AZURE_TENANT_ID");
    const text = lines.map(([key, value]) => `${key}="${value}"`).join("\n");
    writeFileSync(at("env", `${name}.env`), `${text}\n`, { mode: 0o600 });
    return { emulator, stack };
  }

  /** As a provider runs it: with nothing of any tenant in the environment. */
  async function tenantsCommand(...words: string[]): Promise<{ readonly code: number | null; readonly said: string }> {
    const options = ["--folder", at("stacks"), "--env-dir", at("env"), "--out", at("out")];
    const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(AZURE|ARM|GITHUB)_/.test(key)));
    const child = spawn(process.execPath, ["dev/run.cjs", "cli/main.ts", "tenants", ...words, ...options], {
      cwd: projectRoot,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
    return { code: await new Promise((done) => child.on("close", done)), said };
  }

  const results = (): ReadonlyMap<string, TenantResult> => {
    const data = JSON.parse(readFileSync(at("out", "tenants.json"), "utf8")) as { tenants: readonly TenantResult[] };
    return new Map(data.tenants.map((result) => [result.stack, result]));
  };
  it("one is planned, with nothing written, and its plan is applied as it was read", async () => {
    const planned = await tenantsCommand("plan", "drifted", "--names");
    for (const { file, mode } of filesIn(at("out"))) {
      assert.equal(mode & 0o077, 0, `${file} is not for its owner alone: ${mode.toString(8)}`);
    }
    assert.equal(planned.code, 0, planned.said);
    assert.match(planned.said, /1 tenant: 1 can go on/);
    const [result] = results().values();
    assert.equal(result?.state, "0 of 1 wave done; 0 of 3 direct assignments moved");
    assert.match(result.next, /^this run assigns licences to 1 group and removes 3 direct assignments from 3 users\./);
    assert.equal(one("drifted").emulator.requests.writes().length, 0);
    const applied = await tenantsCommand("apply", "drifted");
    assert.equal(applied.code, 0, applied.said);
    assert.equal(one("drifted").emulator.tenant.directAssignmentCount("EMS"), 0);
    assert.deepEqual(one("drifted").emulator.history.losses(), []);
  });

  it("a night later one report says which of all three needs a person, and for what", async () => {
    const up = await one("well").stack.run(["up", "--yes", "--skip-preview"]);
    assert.equal(up.code, 0, up.stderr);
    one("drifted").emulator.tenant.as("onboarding-script").assignDirect("ada@contoso.com", "EMS");
    const { code, said } = await tenantsCommand("drift", "--at-once", "2", "well", "drifted", "locked");
    assert.equal(code, 1, said);
    assert.match(said, /3 tenants: 2 need attention, 1 well/);
    const found = results();
    assert.equal(found.get("well")?.verdict, "well");
    assert.equal(found.get("well")?.state, "all 1 wave done; 3 of 3 direct assignments moved");
    assert.equal(found.get("drifted")?.verdict, "person");
    assert.equal(found.get("drifted")?.drift, "1 came back");
    assert.match(found.get("drifted")?.next ?? "", /^this run removes 1 direct assignment from 1 user\./);
    assert.equal(found.get("locked")?.verdict, "stops");
    assert.match(
      found.get("locked")?.troubles[0]?.what ?? "",
      /Sign-in failed: AADSTS7000215: Invalid client secret .*Check/s,
    );
    const page = readFileSync(at("out", "tenants.md"), "utf8");
    assert.match(page, /^# 3 tenants: 2 need attention, 1 well\n/);
    assert.match(page, /### `locked`\n\n- Sign-in failed: AADSTS7000215/);
  });
});
