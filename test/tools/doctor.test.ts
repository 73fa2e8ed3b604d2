import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { guidFrom } from "../../emulator";
import { seedTenant } from "../../emulator/tenants/seed";
import { NEEDS, TenantGraph, type GraphConnection, type Need, type SignedIn } from "../../graph/tenant-graph";
import { signedInAs } from "../../graph/token-claims";
import { linesOf, type Check } from "../../tools/doctor/check";
import { cloudChecks } from "../../tools/doctor/cloud-checks";
import { madeGroupsIn } from "../../tools/doctor/made-groups";
import { machineChecks, type MachineFacts } from "../../tools/doctor/machine-checks";
import { permissionChecks } from "../../tools/doctor/permission-checks";
import { tenantChecks } from "../../tools/doctor/tenant-checks";
import type { Engine } from "../../tools/engine/locate";
import { openRig, type Rig } from "../providers/rig";

const EVERYTHING = [...new Set(NEEDS.flatMap(({ oneOf }) => oneOf))];

const ALL = { some: true, addMembers: true, nameOwners: true } as const;
const NONE = { some: false, addMembers: false, nameOwners: false } as const;

const projectRoot = dirname(dirname(__dirname));

const failed = (checks: readonly Check[]) => checks.filter(({ verdict }) => verdict === "fail");
const text = (checks: readonly Check[]) => checks.flatMap(linesOf).join("\n");

describe("npm run doctor", function () {
  this.timeout(20_000);
  let rig: Rig;

  before(async () => {
    rig = await openRig({ clock: "real" });
  });

  after(() => rig.close());

  const start = (permissions: readonly string[], more: object = {}) => {
    rig.start({ ...seedTenant({ users: 3 }), apps: [{ name: "migration", permissions: [...permissions] }], ...more });
  };

  it("says as whom and where, and finds nothing wrong where all is granted", async () => {
    start(EVERYTHING);
    const checks = await tenantChecks(rig.connection, ALL);
    assert.deepEqual(
      checks.filter(({ verdict }) => verdict !== "pass"),
      [],
    );
    const { AZURE_CLIENT_ID } = rig.emulator.credentials();
    assert.match(text(checks), new RegExp(`sign-in: as the app migration \\(${AZURE_CLIENT_ID}\\)`));
    assert.match(text(checks), /tenant: the tenant is Contoso \(6f1c9a52/);
    assert.equal(rig.emulator.requests.writes().length, 0);
  });

  it("is content with the least permissions that the documents name", async () => {
    start(["User.Read.All", "GroupMember.Read.All", "LicenseAssignment.Read.All", "LicenseAssignment.ReadWrite.All"]);
    assert.deepEqual(failed(await tenantChecks(rig.connection, NONE)), []);
    start(["User.Read.All", "GroupMember.Read.All", "LicenseAssignment.ReadWrite.All", "Group.Create"]);
    assert.deepEqual(failed(await tenantChecks(rig.connection, { ...ALL, addMembers: false, nameOwners: false })), []);
    start(["User.Read.All", "LicenseAssignment.ReadWrite.All", "Group.ReadWrite.All", "Directory.Read.All"]);
    assert.deepEqual(failed(await tenantChecks(rig.connection, ALL)), []);
  });

  for (const need of NEEDS) {
    it(`misses what is taken away: ${need.step}, ${need.words}`, async () => {
      start(EVERYTHING.filter((permission) => !need.oneOf.includes(permission)));
      const checks = await tenantChecks(rig.connection, ALL);
      const about = checks.find(({ words }) => words.startsWith(`${need.step}: ${need.words}`));
      const [least = ""] = need.oneOf;
      assert.ok(about && about.verdict !== "pass", text(checks));
      assert.match(about.words, new RegExp(`${least} is missing`));
      assert.match(about.remedy.join("\n"), new RegExp(`appRoles\\[\\?value=='${least}'\\]`));
      assert.match(about.remedy.join("\n"), new RegExp(`--id ${rig.emulator.credentials().AZURE_CLIENT_ID} `));
      // What was not taken away is not missed.
      for (const other of NEEDS.filter(({ oneOf }) => oneOf.some((each) => !need.oneOf.includes(each)))) {
        const words = `${other.step}: ${other.words}`;
        assert.equal(checks.find((check) => check.words.startsWith(words))?.verdict, "pass", text(checks));
      }
    });
  }

  describe("of the groups that a stack file makes", () => {
    const about = (checks: readonly Check[]) =>
      checks
        .filter(({ words }) => /^(groups|membership|owners):/.test(words))
        .map(({ verdict, words }) => `${verdict} ${words}`);

    it("asks for nothing where it makes none, and notes what discover may come to need where there is no file", async () => {
      start(["User.Read.All", "GroupMember.Read.All", "LicenseAssignment.ReadWrite.All"]);
      assert.deepEqual(about(await tenantChecks(rig.connection, NONE)), []);
      const noFile = madeGroupsIn(join(tmpdir(), "no such file.yaml"));
      assert.deepEqual(
        about(await tenantChecks(rig.connection, noFile)).map((each) => each.split(" ")[0]),
        ["note", "note", "note"],
      );
    });

    it("takes Group.Create for groups that the app owns, and not where others are named as owners", async () => {
      start(["User.Read.All", "GroupMember.ReadWrite.All", "LicenseAssignment.ReadWrite.All", "Group.Create"]);
      const [groups = ""] = about(await tenantChecks(rig.connection, { ...ALL, nameOwners: false }));
      assert.match(
        groups,
        /^warn groups: make groups and change them: Group\.Create is enough as long as the app itself/,
      );
      const [named = "", , owners = ""] = about(await tenantChecks(rig.connection, ALL));
      assert.match(named, /^fail groups: .*Group\.ReadWrite\.All is missing; Group\.Create .* and owners are named$/);
      assert.match(owners, /^fail owners: look up what an owner is: Directory\.Read\.All is missing$/);
    });

    it("finds by a read whether owners can be looked up, and does not guess where there is nobody to read", async () => {
      start(["Directory.ReadWrite.All"]);
      const found = await tenantChecks(rig.connection, ALL);
      assert.match(about(found).at(-1) ?? "", /^pass owners: .*\(Directory\.ReadWrite\.All\)$/);
      start(["User.Read.All", "Directory.Read.All"], { users: [], groups: [] });
      assert.match(
        about(await tenantChecks(rig.connection, ALL)).at(-1) ?? "",
        /^pass owners: .*\(Directory\.Read\.All\)$/,
      );
    });

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

  it("takes the word of a read above that of the token", async () => {
    start(EVERYTHING);
    rig.emulator.faults.add({
      match: { path: /^\/users\?/ },
      then: {
        status: 403,
        code: "Authorization_RequestDenied",
        message: "Insufficient privileges to complete the operation.",
      },
    });
    const [wrong, ...others] = failed(await tenantChecks(rig.connection, NONE));
    assert.match(wrong?.words ?? "", /the token has User\.Read\.All, and Graph refuses it/);
    assert.deepEqual(others, []);
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
    { aheadMs: -40_000, verdict: "warn", words: "40 s behind" },
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
      const graph = TenantGraph.connect(connection, { fetch: () => Promise.resolve(Response.json(answer)) });
      return cloudChecks(connection, graph, env);
    };

    it("says which hosts a name stands for, where the tenant is at home there", async () => {
      assert.deepEqual(text(await checks("usgov-dod", "dod-graph.microsoft.us")).split("\n"), [
        "ok    cloud: usgov-dod (https://dod-graph.microsoft.us, sign-in at https://login.microsoftonline.us)",
      ]);
    });

    it("names the cloud in which the tenant lives, where the file names another", async () => {
      const [check] = await checks("global", "graph.microsoft.us");
      assert.equal(check?.verdict, "warn");
      assert.match(check.words, /but the authority says that Graph has this tenant at graph\.microsoft\.us$/);
      assert.match(check.remedy.join(), /^Write licensing:cloud: usgov,/);
    });

    it("says that AZURE_AUTHORITY_HOST is not what counts, where it differs", async () => {
      const of = async (host: string) =>
        (await checks("china", "microsoftgraph.chinacloudapi.cn", { AZURE_AUTHORITY_HOST: host })).map(linesOf).flat();
      assert.equal((await of("https://login.chinacloudapi.cn/")).length, 1);
      assert.match(
        (await of("https://login.microsoftonline.com")).join("\n"),
        /^- {5}cloud: AZURE_AUTHORITY_HOST says/m,
      );
    });
  });

  describe("of what a token says", () => {
    const token = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.y`;
    const writes = NEEDS.filter(({ probe }) => probe === null);
    const reads = new Map(NEEDS.filter(({ probe }) => probe !== null).map((need): [Need, boolean] => [need, true]));
    const verdicts = (signedIn: SignedIn) =>
      permissionChecks({ signedIn, probed: reads, made: ALL })
        .slice(0, NEEDS.length)
        .filter((_, at) => NEEDS[at]?.probe === null)
        .map(({ verdict }) => verdict);

    it("knows an app from a user", () => {
      const app = signedInAs(token({ idtyp: "app", appid: "AB", app_displayname: "ci", roles: ["User.Read.All"] }));
      assert.deepEqual([app.as, app.name, app.appId, app.permissions], ["app", "ci", "ab", ["User.Read.All"]]);
      const user = signedInAs(
        token({ scp: "User.Read.All openid", upn: "ada@contoso.com", appid: "ab", roles: ["X"] }),
      );
      assert.deepEqual(
        [user.as, user.name, user.permissions],
        ["user", "ada@contoso.com", ["User.Read.All", "openid"]],
      );
      assert.deepEqual(
        signedInAs(token({ appid: "ab", appidacr: "2" })).permissions,
        [],
        "an app without permissions has no roles",
      );
      for (const opaque of ["opaque", "a.b.c", ""]) assert.equal(signedInAs(opaque).permissions, null);
    });

    it("lets a user do what their roles let them, and asks for the least one", () => {
      const cli = { scp: "Directory.AccessAsUser.All", upn: "ada@contoso.com", appid: "04b07795" };
      const signedIn = signedInAs(token(cli));
      assert.deepEqual(
        verdicts(signedIn),
        writes.map(() => "pass"),
      );
      const asked = permissionChecks({ signedIn, probed: reads, made: ALL }).slice(NEEDS.length);
      assert.deepEqual(
        asked.map(({ verdict, remedy }) => [verdict, /Ask for the role (\w+ \w+)/.exec(remedy.join())?.[1]]),
        [
          ["warn", "License Administrator"],
          ["warn", "Groups Administrator"],
        ],
      );
      const wids = ["4D6AC14F-3453-41d0-bef9-a3e0c569773a"];
      const admin = permissionChecks({
        signedIn: signedInAs(token({ ...cli, wids })),
        probed: reads,
        made: NONE,
      });
      assert.match(admin.at(-1)?.words ?? "", /your directory role \(License Administrator\)/);
    });

    it("warns where nobody can tell, and fails where something is not there", () => {
      assert.deepEqual(
        verdicts(signedInAs("opaque")),
        writes.map(() => "warn"),
      );
      assert.deepEqual(
        verdicts(signedInAs(token({ idtyp: "app", roles: [] }))),
        writes.map(() => "fail"),
      );
    });

    it("grants a managed identity by its service principal, and a user's app by its page", () => {
      const remedies = (claims: object) =>
        text(failed(permissionChecks({ signedIn: signedInAs(token(claims)), probed: reads, made: NONE })));
      assert.match(
        remedies({ idtyp: "app", oid: "0B", appid: "ab", xms_mirid: "/subscriptions/1" }),
        /servicePrincipals\/0b\/appRoleAssignments/,
      );
      assert.match(remedies({ scp: "openid", appid: "ab" }), /CallAnAPI\/appId\/ab/);
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
      assert.deepEqual(await verdictOf(/^node/, { nodeVersion: "20.20.2", engine: null }), ["warn"]);
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
      assert.deepEqual(await verdictOf(/azuread/, { makesGroups: true }), ["warn"]);
      const ask = () => Promise.resolve({ stdout: there, why: "" });
      assert.deepEqual(await verdictOf(/azuread/, { makesGroups: true, ask }), ["pass"]);
      const app = { PULUMI_CONFIG_PASSPHRASE: "", AZURE_CLIENT_ID: "1b7c", AZURE_CLIENT_SECRET: "x" };
      assert.deepEqual(await verdictOf(/azuread/, { makesGroups: true, ask, env: app }), ["pass", "warn"]);
      const both = { ...app, ARM_CLIENT_ID: "1b7c" };
      assert.deepEqual(await verdictOf(/azuread/, { makesGroups: true, ask, env: both }), ["pass"]);
    });

    it("wants a backend, and a passphrase where one will be asked for", async () => {
      assert.deepEqual(await verdictOf(/^backend/, {}), ["pass"]);
      assert.deepEqual(await verdictOf(/^backend/, { env: {} }), ["pass", "warn"]);
      const ask = () => Promise.resolve({ stdout: null, why: "PULUMI_ACCESS_TOKEN must be set" });
      assert.deepEqual(await verdictOf(/^backend.*PULUMI_ACCESS_TOKEN/, { ask }), ["fail"]);
      const service = () => Promise.resolve({ stdout: '{"url":"https://app.pulumi.com/ada"}', why: "" });
      assert.deepEqual(await verdictOf(/^backend/, { ask: service, env: {} }), ["pass"]);
    });
  });

  describe("as a command", () => {
    let home: string;

    beforeEach(() => {
      home = mkdtempSync(join(tmpdir(), "doctor-"));
    });

    afterEach(() => rmSync(home, { recursive: true, force: true }));

    /** As somebody would run it who has nothing but this checkout and an app in the tenant. */
    async function run(
      words: readonly string[],
      app?: string,
    ): Promise<{ readonly code: number; readonly said: string }> {
      const command = ["tools/run.cjs", "tools/doctor.ts", ...words];
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

    it("ends with 1 where something is to be mended", async () => {
      start(["User.Read.All", "GroupMember.Read.All", "LicenseAssignment.Read.All", "Organization.Read.All"]);
      const { code, said } = await run(["--tenant", "contoso.com", "--cloud", cloud()]);
      assert.equal(code, 1, said);
      assert.match(said, /^ok {4}engine: Pulumi /m);
      assert.match(said, /^ok {4}backend: file:\/\//m);
      const way =
        "ok    network: HTTPS goes through the proxy http://127.0.0.1:9 (HTTPS_PROXY), but for localhost (NO_PROXY)";
      assert.ok(said.split("\n").includes(way), said);
      assert.match(said, /^FAIL {2}licences: assign licences to groups: LicenseAssignment\.ReadWrite\.All is missing/m);
      assert.match(said, /^- {5}evidence: .*AuditLog\.Read\.All is missing/m);
    });

    it("names the right permission when each is taken away in turn, and is content when it is back", async () => {
      const without = (need: Need) => EVERYTHING.filter((permission) => !need.oneOf.includes(permission));
      start(EVERYTHING, {
        apps: [
          { name: "whole", permissions: [...EVERYTHING] },
          ...NEEDS.map((need, at) => ({ name: `app ${at}`, permissions: without(need) })),
        ],
      });
      const create = "{ displayName: A, owners: [user0@contoso.com], members: direct-holders }";
      writeFileSync(
        join(home, "Pulumi.contoso.yaml"),
        `config:\n  licensing:tenant: contoso.com\n  licensing:cloud: ${cloud()}\n` +
          `  licensing:groups: { a: { create: ${create}, licenses: [EMS] } }\n`,
      );
      const words = ["--stack", "contoso", "--folder", home];
      const mending = ["preview", "licences", "groups", "membership", "owners"];
      const turns = [...NEEDS.entries()];
      // Three at a time: each is a process of its own.
      const lane = async () => {
        for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) {
          const [at, { step, words: what, oneOf }] = turn;
          const { code, said } = await run(words, `app ${at}`);
          const about = said.split("\n").filter((line) => line.includes(`${step}: ${what}`));
          assert.equal(about.length, 1, said);
          assert.match(about.join(), new RegExp(`^(FAIL|-   ) .* ${oneOf[0] ?? ""} is missing`), said);
          assert.match(said, new RegExp(`appRoles\\[\\?value=='${oneOf[0] ?? ""}'\\]`));
          if (mending.includes(step)) assert.match(about.join(), /^FAIL/);
          assert.equal(code, /^FAIL/m.test(said) ? 1 : 0, said);
        }
      };
      await Promise.all([lane(), lane(), lane()]);
      const { code, said } = await run(words, "whole");
      assert.equal(code, 0, said);
      assert.match(said, /\nReady\.\n$/);
    }).timeout(120_000);
  });
});
