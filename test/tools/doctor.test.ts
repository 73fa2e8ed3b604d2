import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { guidFrom } from "../../emulator";
import { seedTenant } from "../../emulator/tenants/seed";
import { OPERATIONS, connectForDiagnosis, type GraphConnection } from "../../graph/tenant-graph";
import { fail, linesOf, type Check } from "../../cli/doctor/check";
import { cloudChecks } from "../../cli/doctor/cloud-checks";
import { groupWordsIn, madeGroupsIn } from "../../cli/doctor/made-groups";
import { machineChecks, type MachineFacts } from "../../cli/doctor/machine-checks";
import { tenantChecks } from "../../cli/doctor/tenant-checks";
import type { Engine } from "../../cli/engine/locate";
import { rigOf } from "../providers/rig";

const EVERYTHING = [...new Set(Object.values(OPERATIONS).flatMap(({ permissions }) => permissions))];

const ALL = { some: true, addMembers: true, nameOwners: true } as const;
const NONE = { some: false, addMembers: false, nameOwners: false } as const;

const projectRoot = dirname(dirname(__dirname));

const failed = (checks: readonly Check[]) => checks.filter(({ verdict }) => verdict === "fail");
const text = (checks: readonly Check[]) => checks.flatMap((check) => linesOf(check)).join("\n");

describe("entra-licensing doctor", function () {
  this.timeout(120_000);
  const rig = rigOf({ clock: "real" });

  const start = (permissions: readonly string[], more: object = {}) => {
    rig.start({ ...seedTenant({ users: 3 }), apps: [{ name: "migration", permissions: [...permissions] }], ...more });
  };

  it("says the identity and the tenant, and finds nothing wrong where all is granted", async () => {
    start(EVERYTHING);
    const checks = await tenantChecks(rig.connection, ALL);
    assert.deepEqual(
      checks.filter(({ verdict, kind }) => verdict !== "pass" || kind !== "finding"),
      [],
    );
    const { AZURE_CLIENT_ID } = rig.emulator.credentials();
    assert.match(text(checks), new RegExp(`sign-in: as the app migration \\(${AZURE_CLIENT_ID}\\)`));
    assert.match(text(checks), /tenant: the tenant is Contoso \(6f1c9a52/);
    assert.equal(rig.emulator.requests.writes().length, 0);
  });

  it("breaks its words between words where the terminal is narrow, and no command", () => {
    const check = fail(
      "preview: read the groups of a user: it is missing\n  or so",
      "az ad app permission add --id 12345",
    );
    assert.deepEqual(linesOf(check, 34), [
      "FAIL  preview: read the groups of",
      "      a user: it is missing",
      "        or so",
      "        az ad app permission add --id 12345",
    ]);
    assert.equal(linesOf(check).length, 3);
  });

  describe("of the groups that a stack file makes", () => {
    const files: readonly [string, string, ReturnType<typeof madeGroupsIn>][] = [
      ["existing ones alone", "{ a: { existing: All, licenses: [EMS] } }", NONE],
      [
        "one of direct holders, with an owner",
        "{ a: { create: { displayName: A, owners: [it@contoso.com], members: direct-holders }, licenses: [EMS] } }",
        ALL,
      ],
      [
        "one by a rule",
        "{ a: { create: { displayName: A, members: { rule: x } }, licenses: [EMS] }, b: { existing: B } }",
        { some: true, addMembers: false, nameOwners: false },
      ],
      ["nothing that can be read", "12", NONE],
    ];
    for (const [what, groups, expected] of files) {
      it(`knows a file with ${what}`, () => {
        const folder = mkdtempSync(join(tmpdir(), "doctor-"));
        writeFileSync(join(folder, "Pulumi.a.yaml"), `config:\n  licensing:groups: ${groups}\n`);
        assert.deepEqual(madeGroupsIn(join(folder, "Pulumi.a.yaml")), expected);
        rmSync(folder, { recursive: true });
      });
    }
  });

  it("looks at the groups that a stack file names, and at those that it makes", () => {
    const folder = mkdtempSync(join(tmpdir(), "doctor-"));
    const file = join(folder, "Pulumi.a.yaml");
    assert.deepEqual(groupWordsIn(file), { existing: [], made: [] });
    const groups =
      "{ a: { existing: All, licenses: [EMS] }, b: { create: { displayName: B } }, c: 12, d: { existing: 5 } }";
    writeFileSync(file, `config:\n  licensing:groups: ${groups}\n`);
    assert.deepEqual(groupWordsIn(file), { existing: ["All"], made: ["B"] });
    rmSync(folder, { recursive: true });
  });

  it("warns of the wrong tenant, and of credentials that do not sign in", async () => {
    start(EVERYTHING);
    const elsewhere = { ...rig.connection, tenant: guidFrom("elsewhere") };
    assert.match(text(failed(await tenantChecks(elsewhere, NONE))), /^FAIL {2}tenant: the credentials reach Contoso/);
    process.env["AZURE_CLIENT_SECRET"] = "wrong";
    const checks = failed(await tenantChecks(rig.connection, NONE));
    assert.deepEqual(
      checks.map(({ words }) => words.split(":")[0]),
      ["sign-in"],
    );
    assert.match(text(checks), /Invalid client secret/);
  });

  const clocks = [
    { aheadMs: 2_000, verdict: "pass", words: "2 s ahead of" },
    { aheadMs: -40_000, verdict: "wait", words: "40 s behind" },
    { aheadMs: 3_600_000, verdict: "fail", words: "3600 s ahead of" },
  ];
  for (const { aheadMs, verdict, words } of clocks) {
    it(`compares the clocks: ${words} Graph's is ${verdict}`, async () => {
      start(EVERYTHING);
      const at = Date.UTC(2026, 10, 22, 12, 0, 0);
      const checks = await tenantChecks(rig.connection, NONE, {
        fetch: async (input, init) => {
          const answer = await fetch(input, init);
          const headers = new Headers(answer.headers);
          // Half a second on the average lies between the header and the moment that it stands for.
          headers.set("Date", new Date(at).toUTCString());
          return new Response(await answer.arrayBuffer(), { status: answer.status, headers });
        },
        pauses: { now: () => at + 500 + aheadMs, sleep: () => Promise.resolve(null) },
      });
      const clock = checks.find((check) => check.words.startsWith("clock:"));
      assert.deepEqual([clock?.verdict, clock?.words], [verdict, `clock: ${words} Graph's`]);
    });
  }

  describe("of clouds", () => {
    const checks = (cloud: GraphConnection["cloud"], graphHost: string, env: NodeJS.ProcessEnv = {}) => {
      const connection = { cloud, tenant: "contoso.com" };
      const answer = { issuer: `https://sts/${guidFrom("contoso")}/`, msgraph_host: graphHost };
      const graph = connectForDiagnosis(connection, { fetch: () => Promise.resolve(Response.json(answer)) });
      return cloudChecks(connection, graph, env);
    };

    it("says which hosts a name stands for, where the tenant is at home there", async () => {
      assert.deepEqual(text(await checks("usgov-dod", "dod-graph.microsoft.us")).split("\n"), [
        "ok    cloud: usgov-dod (https://dod-graph.microsoft.us, sign-in at https://login.microsoftonline.us)",
      ]);
    });

    it("names the cloud in which the tenant lives, where the file names another", async () => {
      const [check] = await checks("global", "graph.microsoft.us");
      assert.equal(check?.verdict, "wait");
      assert.match(check.words, /but the authority says that Graph has this tenant at graph\.microsoft\.us$/);
      assert.match(check.remedy.join(), /^Write licensing:cloud: usgov,/);
    });

    it("says that AZURE_AUTHORITY_HOST is not what counts, where it differs", async () => {
      const of = async (host: string) =>
        (await checks("china", "microsoftgraph.chinacloudapi.cn", { AZURE_AUTHORITY_HOST: host })).flatMap((check) =>
          linesOf(check),
        );
      assert.equal((await of("https://login.chinacloudapi.cn/")).length, 1);
      assert.match(
        (await of("https://login.microsoftonline.com")).join("\n"),
        /^- {5}cloud: AZURE_AUTHORITY_HOST says/m,
      );
    });
  });

  describe("of the machine", () => {
    const engine: Engine = { binary: process.execPath, pathFolders: [], version: "3.255.0", source: "path" };
    const facts = (changes: Partial<MachineFacts> = {}): MachineFacts => ({
      engine,
      ask: ([word]) => Promise.resolve({ stdout: word === "whoami" ? '{"url":"file:///state"}' : "[]", why: "" }),
      env: { PULUMI_CONFIG_PASSPHRASE: "" },
      makesGroups: false,
      nodeVersion: "22.13.0",
      azureadVersion: "6.9.1",
      ...changes,
    });
    const verdictOf = async (what: RegExp, changes: Partial<MachineFacts>) =>
      (await machineChecks(facts(changes))).filter(({ words }) => what.test(words)).map(({ verdict }) => verdict);

    it("refuses the Node.js that every command refuses, and warns of one that is no longer maintained", async () => {
      assert.deepEqual(await verdictOf(/^Node\.js 18\.20 is too old/, { nodeVersion: "18.20.8" }), ["fail"]);
      assert.deepEqual(await verdictOf(/^node/, { nodeVersion: "20.20.2", engine: null }), ["wait"]);
      assert.deepEqual(await verdictOf(/^node/, {}), ["pass"]);
    });

    it("misses an engine, an old one, and its parts", async () => {
      assert.deepEqual(await verdictOf(/^engine/, { engine: null }), ["fail"]);
      assert.deepEqual(await verdictOf(/^engine/, { engine: { ...engine, version: "3.254.9" } }), ["fail"]);
      assert.deepEqual(await verdictOf(/^engine/, {}), ["pass"]);
      assert.deepEqual(await verdictOf(/^plugin/, {}), ["fail", "fail"]);
    });

    it("wants the plugin that makes groups only where groups are made", async () => {
      const there = '[{"name":"azuread","version":"6.9.1"}]';
      assert.deepEqual(await verdictOf(/azuread/, {}), []);
      assert.deepEqual(await verdictOf(/azuread/, { makesGroups: true }), ["wait"]);
      const ask = () => Promise.resolve({ stdout: there, why: "" });
      assert.deepEqual(await verdictOf(/azuread/, { makesGroups: true, ask }), ["pass"]);
      const app = { PULUMI_CONFIG_PASSPHRASE: "", AZURE_CLIENT_ID: "1b7c", AZURE_CLIENT_SECRET: "x" };
      assert.deepEqual(await verdictOf(/azuread/, { makesGroups: true, ask, env: app }), ["pass", "wait"]);
      const both = { ...app, ARM_CLIENT_ID: "1b7c" };
      assert.deepEqual(await verdictOf(/azuread/, { makesGroups: true, ask, env: both }), ["pass"]);
    });

    it("wants a backend, and a passphrase where one will be asked for", async () => {
      assert.deepEqual(await verdictOf(/^backend/, {}), ["pass"]);
      assert.deepEqual(await verdictOf(/^backend/, { env: {} }), ["pass", "wait"]);
      const ask = () => Promise.resolve({ stdout: null, why: "PULUMI_ACCESS_TOKEN must be set" });
      assert.deepEqual(await verdictOf(/^backend.*PULUMI_ACCESS_TOKEN/, { ask }), ["fail"]);
      const service = () => Promise.resolve({ stdout: '{"url":"https://app.pulumi.com/ada"}', why: "" });
      assert.deepEqual(await verdictOf(/^backend/, { ask: service, env: {} }), ["pass"]);
    });
  });

  describe("as a command", function () {
    this.timeout(120_000);
    let home: string;

    beforeEach(() => {
      home = mkdtempSync(join(tmpdir(), "doctor-"));
    });

    afterEach(() => rmSync(home, { recursive: true, force: true }));

    /** As run with nothing but this checkout and an app in the tenant. */
    async function run(
      words: readonly string[],
      app?: string,
    ): Promise<{ readonly code: number; readonly said: string }> {
      const command = ["dev/run.cjs", "cli/main.ts", "doctor", ...words];
      const env = {
        ...process.env,
        ...rig.emulator.credentials(app),
        AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential",
        NODE_EXTRA_CA_CERTS: rig.emulator.caFile,
        HTTPS_PROXY: "http://ada:s3cret@127.0.0.1:9",
        NO_PROXY: "localhost",
        PULUMI_HOME: home,
        PULUMI_BACKEND_URL: `file://${home}`,
        PULUMI_CONFIG_PASSPHRASE: "",
      };
      try {
        const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: projectRoot, env });
        return { code: 0, said: stdout };
      } catch (error) {
        const { code, stdout } = error as { code: number; stdout: string };
        return { code, said: stdout };
      }
    }

    const cloud = () => {
      const { graph, authority } = rig.connection.cloud as { graph: string; authority: string };
      return JSON.stringify({ graph, authority });
    };

    const reads = ["User.Read.All", "GroupMember.Read.All", "GroupMember.ReadBasic.All", "LicenseAssignment.Read.All"];

    it("ends with 1 where something is to be mended, and shows one block of commands for all of it", async () => {
      start(reads.slice(0, 2));
      const { code, said } = await run(["--tenant", "contoso.com", "--cloud", cloud()]);
      assert.equal(code, 1, said);
      assert.match(said, /^ok {4}engine: Pulumi /m);
      assert.match(said, /^ok {4}backend: file:\/\//m);
      const way =
        "ok    network: HTTPS goes through the proxy http://127.0.0.1:9 (HTTPS_PROXY), but for localhost (NO_PROXY)";
      assert.ok(said.split("\n").includes(way), said);
      assert.match(said, /^FAIL {2}preview: read the groups of a user: GroupMember\.ReadBasic\.All is missing$/m);
      assert.match(said, /^FAIL {2}up: assign licences to groups: LicenseAssignment\.ReadWrite\.All is missing$/m);
      assert.match(said, /^- {5}evidence: .*AuditLog\.Read\.All is missing/m);
      assert.deepEqual(
        [...said.matchAll(/for permission in (.*); do/g)].map(([, words]) => words),
        [
          [
            ...reads.slice(2),
            "LicenseAssignment.ReadWrite.All",
            "AuditLog.Read.All",
            "Organization.Read.All",
            "Group.Read.All",
            "PrivilegedAssignmentSchedule.Read.AzureADGroup",
          ].join(" "),
        ],
      );
    });

    it("ends with 0 where only what was not asked for is missing", async () => {
      start(reads);
      const words = ["--tenant", "contoso.com", "--cloud", cloud()];
      const preview = await run([...words, "--for", "preview"]);
      assert.equal(preview.code, 0, preview.said);
      assert.match(preview.said, /^- {5}up: assign licences to groups: .* is missing; only for up$/m);
      assert.match(preview.said, /\nReady\.\n$/);
      assert.doesNotMatch(/for permission in .*/.exec(preview.said)?.[0] ?? assert.fail(preview.said), /Write/);
      const up = await run([...words, "--for", "up"]);
      assert.equal(up.code, 1, up.said);
    });

    it("asks for what the groups of the stack file need", async () => {
      start(EVERYTHING.filter((permission) => permission !== "Directory.Read.All"));
      const create = "{ displayName: A, owners: [user0@contoso.com], members: direct-holders }";
      const existing = "{ existing: All users, licenses: [EMS] }, c: { existing: Nobody's, licenses: [EMS] }";
      writeFileSync(
        join(home, "Pulumi.contoso.yaml"),
        `config:\n  licensing:tenant: contoso.com\n  licensing:cloud: ${cloud()}\n` +
          `  licensing:groups: { a: { create: ${create}, licenses: [EMS] }, b: ${existing} }\n`,
      );
      const { code, said } = await run(["--stack", "contoso", "--folder", home]);
      assert.equal(code, 1, said);
      assert.match(said, /^FAIL {2}made groups: look up what an owner is: Directory\.Read\.All is missing$/m);
      assert.match(said, /^FAIL {2}groups: the tenant has no group "Nobody's"$/m);
      assert.match(said, /\n2 to mend\.\n$/);
    });
  });
});
