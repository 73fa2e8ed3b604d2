import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openEmbedded } from "../../rehearsal/embedded/open";
import { serveClock } from "../../rehearsal/process/clock-service";
import { clockAhead, closedEnvironment, machineOf } from "../../rehearsal/process/closed-environment";

const run = promisify(execFile);

describe("a process of a rehearsal", function () {
  this.timeout(120_000);
  let folder: string;
  let server: Server;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "closed-"));
    server = createServer((_request, response) => response.end("here"));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  });

  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  /** What a small program prints in such a process. */
  async function printed(program: string, environment: NodeJS.ProcessEnv = {}): Promise<string> {
    const env = { ...machineOf(process.env), ...closedEnvironment(folder), ...environment };
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", program], { env });
    return stdout.trim();
  }

  it("has no credential but the embedded tenant's, under any variable's name", async () => {
    const secret = "of the real tenant";
    const names = [
      ...[
        "AZURE_TENANT_ID",
        "AZURE_CLIENT_ID",
        "AZURE_CLIENT_SECRET",
        "AZURE_CLIENT_CERTIFICATE_PATH",
        "AZURE_FEDERATED_TOKEN_FILE",
      ],
      ...["ARM_CLIENT_SECRET", "ARM_OIDC_TOKEN", "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "MSI_ENDPOINT", "MSI_SECRET"],
      ...[
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "SYSTEM_ACCESSTOKEN",
        "AZURE_POD_IDENTITY_AUTHORITY_HOST",
        "HOME",
        "AZURE_CONFIG_DIR",
      ],
      ...["PULUMI_ACCESS_TOKEN", "SOMETHING_NEW"],
    ];
    const real = { ...Object.fromEntries(names.map((name) => [name, secret])), PATH: process.env["PATH"] };
    const embedded = await openEmbedded({
      ...{ stack: "contoso", config: {}, tenant: { tenant: {} } },
      ...{ base: machineOf(real), environment: closedEnvironment },
    });
    try {
      const { AZURE_TOKEN_CREDENTIALS: only, ...closed } = embedded.stack.environment;
      assert.ok(closed["PATH"]?.includes(real.PATH ?? ""));
      assert.ok(!Object.values(closed).includes(secret));
      assert.equal(only, "EnvironmentCredential");
      assert.deepEqual(
        Object.fromEntries(Object.entries(closed).filter(([name]) => /^(AZURE_(?!CONFIG)|ARM_)/.test(name))),
        embedded.emulator.credentials(),
      );
    } finally {
      await embedded.close();
    }
  });

  it("reaches this machine", async () => {
    const { port } = server.address() as AddressInfo;
    for (const host of ["127.0.0.1", "localhost"])
      assert.equal(await printed(`console.log(await (await fetch("http://${host}:${port}")).text())`), "here");
  });

  for (const [what, program] of Object.entries({
    fetch: 'await fetch("https://graph.microsoft.com/v1.0/users")',
    https:
      'const https = await import("node:https"); await new Promise((ok, no) => https.get("https://login.microsoftonline.com", ok).on("error", no))',
    "a socket":
      'const net = await import("node:net"); await new Promise((ok, no) => net.connect(443, "169.254.169.254", ok).on("error", no))',
    HTTP2:
      'const http2 = await import("node:http2"); await new Promise((ok, no) => http2.connect("https://graph.microsoft.com", ok).on("error", no))',
  })) {
    it(`reaches nothing else, by ${what}`, async () => {
      const said = await printed(
        `try { ${program}; console.log("connected") } catch (error) { console.log(error.message, error.cause?.message ?? "") }`,
      );
      assert.match(said, /A rehearsal stays on this machine: it does not connect to (graph|login|169\.254)\./);
    });
  }

  it("has the time of the day on which the soak is over, wherever it looks", async () => {
    const day = 24 * 3_600_000;
    const program = `
      const now = Date.now();
      console.log(JSON.stringify([now, new Date().getTime(), Date.parse(Date()), new Date(5).getTime(), new Date() instanceof Date,
        Date.UTC(2026, 0), new (class extends Date {})().getTime()]))`;
    const [now = 0, constructed = 0, called = 0, given, isDate, utc, ofClass = 0] = JSON.parse(
      await printed(program, clockAhead(day)),
    ) as number[];
    for (const time of [now, constructed, called, ofClass]) assert.ok(Math.abs(time - Date.now() - day) < 60_000);
    assert.deepEqual([given, isDate, utc], [5, true, Date.UTC(2026, 0)]);
    assert.ok(Math.abs(Number(await printed("console.log(Date.now())")) - Date.now()) < 60_000);
  });

  it("waits for nothing but its requests: the time that it waits for has come, for the tenant too", async () => {
    const hour = 3_600_000;
    let aheadMs = 0;
    const asked: number[] = [];
    const clock = await serveClock((untilMs) => {
      asked.push(untilMs);
      aheadMs = Math.max(aheadMs, untilMs - Date.now());
      return aheadMs;
    });
    try {
      const program = `
        import { setTimeout as wait } from "node:timers/promises";
        const from = Date.now();
        await Promise.all([wait(${hour}, "word"), wait(${hour / 2})]);
        const short = await wait(1, "short");
        console.log(JSON.stringify([Date.now() - from, short]))`;
      const startedMs = Date.now();
      const [waited, short] = JSON.parse(await printed(program, clockAhead(0, clock.port))) as [number, string];
      assert.ok(waited >= hour && waited < hour + 60_000, String(waited));
      assert.ok(Date.now() - startedMs < 60_000);
      assert.equal(short, "short");
      assert.ok(asked.length > 0 && aheadMs > hour - 60_000);
    } finally {
      clock.close();
    }
  });
});
