import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { EMS, VISIOCLIENT } from "../../emulator/tenants/products";
import { azureadPlugin } from "./azuread/plugin";
import { journeyOf } from "./journey";

const projectRoot = join(__dirname, "..", "..");
const upn = (number: number) => `user${number}@contoso.com`;
const USERS = 20;
const WITH_VISIO = 6;

describe("journey: from a tenant as it is to a first preview", function () {
  this.timeout(120_000);

  const people = Array.from({ length: USERS }, (_, number) => upn(number));
  const journey = journeyOf(
    () => ({
      tenant: {
        skus: [
          { ...EMS, seats: USERS },
          { ...VISIOCLIENT, seats: USERS },
        ],
        users: people.map((userPrincipalName, number) => ({
          userPrincipalName,
          licenses: [{ sku: "EMS" }, ...(number < WITH_VISIO ? [{ sku: "VISIOCLIENT" }] : [])],
        })),
        groups: [{ displayName: "Staff", members: people }],
      },
    }),
    {},
    azureadPlugin,
  );

  it("what discover writes previews at once: a group that is there, and one to make", async () => {
    const folder = mkdtempSync(join(tmpdir(), "first-stack-file-"));
    const { stack, emulator } = journey;
    const cloud = JSON.stringify({ graph: emulator.url, authority: emulator.url });
    const words = ["tools/discover.ts", "--stack", "contoso", "--tenant", emulator.tenant.id, "--cloud", cloud];
    await promisify(execFile)(process.execPath, ["tools/run.mjs", ...words, "--folder", folder, "--owner", upn(0)], {
      cwd: projectRoot,
      // With a cache of its own set-up would take the engine on the stack's PATH for one that a person installed.
      env: { ...stack.environment, PATH: process.env["PATH"], XDG_CACHE_HOME: join(folder, "cache") },
    });
    const text = readFileSync(join(folder, "Pulumi.contoso.yaml"), "utf8");
    rmSync(folder, { recursive: true });
    journey.edit((parse(text) as { config: Record<string, unknown> }).config);
    const said = await journey.preview();
    assert.match(said.text, /assign EMS to 20 members/);
    assert.match(said.text, /assign VISIOCLIENT to 6 members, of whom 6 join now/);
    assert.match(said.text, /not now: licensing:applyThrough is not set/);
    assert.equal(emulator.requests.writes().length, 0);
  });
});
