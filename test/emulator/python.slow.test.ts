import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { skipFor } from "../../dev/test/skipped";
import { migrationPermissions } from "../../emulator/directory/spec";
import { seedTenant } from "../../emulator/tenants/seed";
import { e3, ems } from "./small-tenant";
import { watchedEmulator } from "../contract/watched-emulator";

const run = promisify(execFile);
const folder = join(__dirname, "python");
const requirements = join(folder, "requirements.txt");

/** Why Microsoft's SDK can't run here; nothing if it can. */
async function obstacle(): Promise<string | undefined> {
  try {
    await run("python3", ["-c", "import venv, ensurepip, sys; assert sys.version_info >= (3, 9)"]);
    return undefined;
  } catch {
    return "python3 (3.9 or later) with venv is not on this machine";
  }
}

/** A Python with the pinned SDK, made once for each version of the requirements. */
async function pythonWithSdk(): Promise<string> {
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const environment = join(cache, "entra-group-licensing", `python-${hash}`);
  const python = join(environment, "bin", "python");
  const finished = join(environment, "finished");
  if (existsSync(finished)) return python;
  rmSync(environment, { recursive: true, force: true });
  mkdirSync(environment, { recursive: true });
  await run("python3", ["-m", "venv", environment]);
  await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
  writeFileSync(finished, "");
  return python;
}

/** As Python does it by default since 3.13. */
const strictScript = `
import os, ssl, urllib.request
context = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
for host in ("localhost", "127.0.0.1"):
    url = os.environ["GRAPH_HOST"].replace("localhost", host) + "/contoso.com/.well-known/openid-configuration"
    print(urllib.request.urlopen(url, context=context).status)
`;

describe("embedded Graph: a client written elsewhere", () => {
  it("shows a certificate that the strictest of them trusts", async function () {
    const reason = await obstacle();
    if (reason !== undefined) skipFor(this, reason);
    const emulator = await watchedEmulator({ tenant: {} });
    const env = { PATH: process.env["PATH"] ?? "", GRAPH_HOST: emulator.url, SSL_CERT_FILE: emulator.caFile };
    try {
      assert.equal((await run("python3", ["-c", strictScript], { env })).stdout, "200\n200\n");
    } finally {
      await emulator.close();
    }
  }).timeout(20_000);

  it("serves Microsoft's Python SDK, unchanged but for the host", async function () {
    this.timeout(300_000);
    const reason = await obstacle();
    if (reason !== undefined) {
      assert.ok(!process.env["CI"], reason);
      skipFor(this, reason);
    }
    const python = await pythonWithSdk();
    const apps = [{ name: "admin", permissions: [...migrationPermissions, "User.ReadWrite.All"] }];
    const tenant = { ...seedTenant({ users: 120, finance: 20 }), apps };
    const emulator = await watchedEmulator({ tenant, clock: "manual" });
    try {
      const { stdout } = await run(python, [join(folder, "client.py")], {
        env: {
          PATH: process.env["PATH"] ?? "",
          ...emulator.credentials(),
          GRAPH_HOST: emulator.url,
          SSL_CERT_FILE: emulator.caFile,
          REQUESTS_CA_BUNDLE: emulator.caFile,
          SKU_ID: ems,
          USER_PRINCIPAL_NAME: "megan@contoso.com",
        },
      });
      assert.deepEqual(JSON.parse(stdout), {
        users: 120,
        pages: 3,
        direct: 140,
        batch: { organization: 200, user: 200, nobody: 404 },
        administered: {
          count: 120,
          groups: ["All users", "Finance department"],
          checked: 2,
          location: "DE",
          delta: "embedded Graph: not supported: GET /v1.0/users/delta()",
        },
        before: [e3, ems],
        updated: "megan@contoso.com",
        after: [e3],
        again: "User does not have a corresponding license.",
      });
      assert.deepEqual([...emulator.history.removals()], [[ems, 1]]);
      const [loss, ...others] = emulator.history.losses();
      assert.equal(others.length, 0);
      assert.equal(loss?.userId, emulator.tenant.user("megan@contoso.com").id);
      assert.ok(
        !loss.planIds.includes(emulator.tenant.plan("RMS_S_ENTERPRISE")),
        "Office 365 E3 has this plan as well",
      );
    } finally {
      await emulator.close();
    }
  });
});
