import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalStack } from "../../cli/engine/local-stack";
import { guidFrom, seedTenant, type Emulator } from "../../emulator";
import { watchedEmulator } from "../contract/watched-emulator";
import { EngineWords } from "./engine-words";

const root = join(__dirname, "..", "..");

function withPrefix(credentials: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(credentials).map(([name, value]) => [`FABRIKAM_${name}`, value]));
}

/** examples/two-tenants as a user has it: in a folder of its own, with the package in node_modules. */
describe("journey: two tenants in one program of one's own", function () {
  this.timeout(180_000);

  let folder: string;
  let stack: LocalStack;
  let contoso: Emulator;
  let fabrikam: Emulator;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "entra-group-licensing-program-"));
    cpSync(join(root, "examples", "two-tenants"), folder, { recursive: true });
    linkModules();
    const processing = { queueMs: 10, usersPerSecond: 100_000, joinMs: 10, leaveMs: 10 };
    const tenant = seedTenant({ users: 10, finance: 2 });
    contoso = await watchedEmulator({ tenant, processing });
    const other = { ...tenant, id: guidFrom("fabrikam"), displayName: "Fabrikam", verifiedDomains: ["fabrikam.com"] };
    fabrikam = await watchedEmulator({ tenant: other, processing });
    const trusted = join(folder, "trusted.pem");
    writeFileSync(trusted, [contoso, fabrikam].map(({ caFile }) => readFileSync(caFile, "utf8")).join("\n"));
    stack = await LocalStack.create(
      "both",
      {},
      {
        ...contoso.credentials(),
        ...withPrefix(fabrikam.credentials()),
        NODE_EXTRA_CA_CERTS: trusted,
        CI: "false",
      },
    );
    const made = await stack.run(["stack", "init", "both", "--cwd", folder]);
    assert.equal(made.code, 0, made.stderr);
  });
  after(async () => {
    stack.remove();
    await contoso.close();
    await fabrikam.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function linkModules(): void {
    const modules = join(folder, "node_modules");
    mkdirSync(modules);
    symlinkSync(root, join(modules, "entra-group-licensing"), "junction");
    for (const name of readdirSync(join(root, "node_modules"))) {
      if (!name.startsWith(".")) symlinkSync(join(root, "node_modules", name), join(modules, name), "junction");
    }
  }

  async function run(
    command: readonly string[],
    {
      config = {},
      environment = {},
    }: { config?: Readonly<Record<string, string>>; environment?: NodeJS.ProcessEnv } = {},
  ): Promise<EngineWords> {
    const cloudOf = ({ url }: Emulator) => ({ graph: url, authority: url });
    const all = { contosoCloud: cloudOf(contoso), fabrikamCloud: cloudOf(fabrikam), ...config };
    const own = Object.fromEntries(Object.entries(all).map(([key, value]) => [`two-tenants:${key}`, value]));
    stack.configure(own);
    return new EngineWords(await stack.run([...command, "--cwd", folder], environment));
  }

  const preview = ["preview"];
  const up = ["up", "--yes", "--skip-preview"];
  const direct = ({ tenant }: Emulator, sku = "EMS") => tenant.directAssignments(sku).length;
  const writes = () => contoso.requests.writes().length + fabrikam.requests.writes().length;

  async function outputs(): Promise<Readonly<Record<string, Record<string, { removed: object }>>>> {
    const { stdout } = await stack.run(["stack", "output", "--json", "--stack", "both", "--cwd", folder]);
    return JSON.parse(stdout) as Readonly<Record<string, Record<string, { removed: object }>>>;
  }

  it("credentials without the prefix do not sign in to the tenant that has one", async () => {
    const names = Object.keys(fabrikam.credentials()).map((name) => `FABRIKAM_${name}`);
    const environment = Object.fromEntries(names.map((name) => [name, undefined]));
    const said = await run(preview, { environment });
    assert.notEqual(said.code, 0);
    assert.match(said.under("fabrikam").join("\n"), /error: Sign-in failed: No credentials begin with FABRIKAM_\./);
    assert.doesNotMatch(said.text, /^\s+at .+:\d+:\d+\)?$/m);
  });

  it("a tenant that two components declare is refused, and nothing is written", async () => {
    const cloud = { fabrikamCloud: JSON.stringify({ graph: contoso.url, authority: contoso.url }) };
    const config = { fabrikam: "contoso.onmicrosoft.com", ...cloud };
    const said = await run(preview, { config, environment: withPrefix(contoso.credentials()) });
    assert.notEqual(said.code, 0);
    assert.match(said.text, /declare the same tenant \([0-9a-f-]{36}\)/);
    assert.equal(writes(), 0);
  });

  it("a mistake in one is refused under its own row, and nothing is written there", async () => {
    const said = await run(up, { config: { fabrikamThrough: "canery" } });
    assert.notEqual(said.code, 0);
    assert.match(said.under("fabrikam").join("\n"), /licensing:applyThrough "canery" is no wave/);
    assert.equal(fabrikam.requests.writes().length, 0);
  });

  it("an up gives the groups of both their licences, and takes none from a user", async () => {
    const said = await run(up);
    assert.equal(said.code, 0, said.text);
    for (const { tenant } of [contoso, fabrikam]) {
      assert.equal(tenant.groups().find(({ displayName }) => displayName === "All users")?.licenses.length, 1);
    }
    assert.deepEqual([direct(contoso), direct(fabrikam)], [10, 10]);
  });

  it("the canary of one moves, and the other's stays, though their waves have the same names", async () => {
    const said = await run(up, { config: { fabrikamThrough: "canary" } });
    assert.equal(said.code, 0, said.text);
    assert.deepEqual([direct(contoso), direct(fabrikam)], [10, 8]);
    const { contosoWaves, fabrikamWaves } = await outputs();
    assert.deepEqual(contosoWaves?.["canary"]?.removed, {});
    assert.deepEqual(fabrikamWaves?.["canary"]?.removed, { EMS: 2 });
  });

  it("each finds its own record: the next run moves the other canary, and a preview then finds nothing to do", async () => {
    const config = { contosoThrough: "canary", fabrikamThrough: "canary" };
    const said = await run(up, { config });
    assert.equal(said.code, 0, said.text);
    assert.deepEqual([direct(contoso), direct(fabrikam)], [8, 8]);
    const again = await run([...preview, "--expect-no-changes"], { config });
    assert.equal(again.code, 0, again.text);
    for (const { history } of [contoso, fabrikam]) assert.deepEqual(history.losses({ except: "people" }), []);
  });
});
