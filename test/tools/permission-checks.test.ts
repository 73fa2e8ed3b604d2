import assert from "node:assert/strict";
import { guidFrom, type TenantSpec } from "../../emulator";
import { seedTenant } from "../../emulator/tenants/seed";
import { missingFor, OPERATIONS, type Operation, type OperationFacts, type Probed } from "../../graph/tenant-graph";
import { REQUESTS, type RequestName } from "../../graph/diagnostics/requests";
import { requestNamed } from "../graph/request-named";
import { signedInAs } from "../../graph/signin/token-claims";
import { linesOf, type Check } from "../../cli/doctor/check";
import type { MadeGroups } from "../../cli/doctor/made-groups";
import { permissionChecks } from "../../cli/doctor/permission-checks";
import { tenantChecks } from "../../cli/doctor/tenant-checks";
import { wantedParts, type Purpose } from "../../cli/doctor/wanted";
import { rigOf } from "../providers/rig";

const ALL: MadeGroups = { some: true, addMembers: true, nameOwners: true, reprocess: true, moves: true };
const NONE: MadeGroups = { some: false, addMembers: false, nameOwners: false };
const NO_FILE: MadeGroups = { some: null, addMembers: true, nameOwners: true };

const operations = Object.keys(OPERATIONS) as Operation[];
const factsOf = (operation: Operation): OperationFacts => OPERATIONS[operation];
const EVERYTHING = [...new Set(operations.flatMap((operation) => factsOf(operation).permissions))];
const READS = ["User.Read.All", "GroupMember.Read.All", "GroupMember.ReadBasic.All", "LicenseAssignment.Read.All"];
const UP = [...READS, "LicenseAssignment.ReadWrite.All"];

const HIDDEN = {
  id: guidFrom("group Hidden"),
  displayName: "Hidden",
  visibility: "HiddenMembership" as const,
  members: ["megan@contoso.com"],
};
const withGroups = (...groups: NonNullable<TenantSpec["groups"]>): Partial<TenantSpec> => ({
  groups: [...(seedTenant({ users: 3 }).groups ?? []), ...groups],
});

const LABEL = {
  preview: "preview",
  hidden: "preview",
  up: "up",
  groups: "made groups",
  evidence: "evidence",
  reprocess: "reprocessing",
  moves: "moves",
} as const;
/** Nothing depends on reprocessing, also where the stack file asks for it. */
const without = (operation: Operation) =>
  factsOf(operation).part === "reprocess" ? (["pass", "note"] as const) : (["fail", "finding"] as const);
const about = (operation: Operation) => `${LABEL[factsOf(operation).part]}: ${factsOf(operation).words}`;
const text = (checks: readonly Check[]) => checks.flatMap((check) => linesOf(check)).join("\n");
const failed = (checks: readonly Check[]) => checks.filter(({ verdict }) => verdict === "fail");
const block = (checks: readonly Check[]) => /for permission in (.*); do/.exec(text(checks))?.[1]?.split(" ") ?? [];

describe("doctor, of permissions", function () {
  this.timeout(120_000);
  const rig = rigOf({ clock: "real", unevenPages: true });

  async function look(
    permissions: readonly string[],
    made: MadeGroups,
    purpose?: Purpose,
    more: Partial<TenantSpec> = {},
    existing: readonly string[] = [],
  ): Promise<readonly Check[]> {
    rig.start({ ...seedTenant({ users: 3 }), apps: [{ name: "migration", permissions: [...permissions] }], ...more });
    const groups = { existing, made: [] };
    const checks = await tenantChecks(rig.connection, made, { groups, ...(purpose === undefined ? {} : { purpose }) });
    assert.equal(rig.emulator.requests.writes().length, 0);
    return checks;
  }

  it("is content with exactly the permissions that docs/permissions.md lists for each part", async () => {
    assert.deepEqual(failed(await look(READS, NONE, "preview")), []);
    assert.deepEqual(failed(await look(UP, NONE)), []);
    assert.deepEqual(failed(await look(EVERYTHING, ALL, "evidence")), []);
  });

  for (const permission of UP) {
    it(`without ${permission} an up is not ready`, async () => {
      const checks = await look(
        UP.filter((each) => each !== permission),
        NONE,
      );
      assert.ok(failed(checks).length > 0);
      assert.equal(block(checks)[0], permission);
    });
  }

  for (const operation of operations) {
    it(`misses what is taken away: ${about(operation)}`, async () => {
      const { requests, permissions, besides } = factsOf(operation);
      const allowing = new Set([besides, ...requests.flatMap((name): readonly string[] => REQUESTS[name])]);
      const left = EVERYTHING.filter((permission) => !allowing.has(permission));
      const checks = await look(left, ALL, "evidence", withGroups(HIDDEN), [HIDDEN.displayName]);
      const check = checks.find(({ words }) => words.startsWith(about(operation)));
      assert.ok(check);
      assert.deepEqual([check.verdict, check.kind], without(operation), text(checks));
      const [least = ""] = permissions;
      assert.match(check.words, new RegExp(`${least.replaceAll(".", "\\.")}.* missing`));
      // No app is told to ask for a permission to write that its stack file may not use.
      assert.equal(block(checks).includes(least), factsOf(operation).part !== "reprocess");
      const isKnown = missingFor("readGroups", left).length === 0;
      const others = operations.filter((each) => missingFor(each, left).length === 0);
      for (const other of others.filter((each) => isKnown || each !== "readHiddenMembers")) {
        assert.equal(checks.find(({ words }) => words.startsWith(about(other)))?.verdict, "pass", text(checks));
      }
    });
  }

  it("takes a user that Graph shows without licence states for that user's trouble, and for no missing permission", async () => {
    rig.start({ ...seedTenant({ users: 3 }), apps: [{ name: "migration", permissions: [...UP] }] });
    const strip = (user: Record<string, unknown>) =>
      user["userPrincipalName"] === "megan@contoso.com" ? { ...user, licenseAssignmentStates: null } : user;
    rig.emulator.faults.add({
      match: { method: "GET", path: /licenseAssignmentStates/ },
      then: {
        rewrite: (body) => (Array.isArray(body["value"]) ? { ...body, value: body["value"].map(strip) } : strip(body)),
      },
    });
    assert.deepEqual(failed(await tenantChecks(rig.connection, NONE, { groups: { existing: [], made: [] } })), []);
  });

  it("finds members with licences left out of the answer", async () => {
    const checks = await look(
      UP.filter((permission) => permission !== "User.Read.All"),
      NONE,
    );
    assert.match(
      text(checks),
      /FAIL {2}preview: read the members of groups and their licences: User\.Read\.All is missing/,
    );
  });

  it("tries the requests that runs send, each on a real object", async () => {
    await look(EVERYTHING, ALL);
    const paths = rig.emulator.requests.all({ status: 200 }).map(({ path }) => path);
    const user = "/users/[0-9a-f-]{36}";
    const group = "/groups/[0-9a-f-]{36}";
    for (const expected of [
      `${user}\\?\\$select=.*licenseAssignmentStates`,
      `${user}/memberOf\\?`,
      `${group}\\?\\$select=.*licenseProcessingState`,
      `${group}/members/microsoft\\.graph\\.user\\?.*licenseAssignmentStates`,
      `${group}/membersWithLicenseErrors`,
      "/subscribedSkus",
      "/organization",
      "/auditLogs/directoryAudits",
    ]) {
      assert.ok(
        paths.some((path) => new RegExp(`^${expected}`).test(path)),
        `${expected} in ${paths.join("\n")}`,
      );
    }
  });

  it("sends each read of an operation that it can judge", async () => {
    await look(EVERYTHING, ALL, "evidence", withGroups(HIDDEN), [HIDDEN.displayName]);
    const sent = new Set(rig.emulator.requests.all().map(({ method, path }) => requestNamed(method, path)));
    const reads = operations.flatMap((operation): readonly RequestName[] => factsOf(operation).requests);
    assert.deepEqual(
      reads.filter((name) => name.startsWith("GET") && !sent.has(name)),
      [],
    );
  });

  describe("of the groups of the stack file", () => {
    it("tries the reads on each of them, and on no other", async () => {
      const more = withGroups(HIDDEN, { displayName: "Plain", members: ["megan@contoso.com"] });
      await look(UP.concat("Member.Read.Hidden"), NONE, undefined, more, ["Plain", HIDDEN.id]);
      const asked = rig.emulator.requests
        .all({ path: /membersWithLicenseErrors/ })
        .map(({ path }) => path.slice(8, 44));
      assert.deepEqual(asked.sort(), [guidFrom("group Plain"), HIDDEN.id].sort());
    });

    it("misses Member.Read.Hidden where a membership is hidden, and only there", async () => {
      const checks = await look(UP, NONE, undefined, withGroups(HIDDEN), [HIDDEN.displayName]);
      assert.deepEqual(
        failed(checks).map(({ words }) => words),
        ["preview: read the members of groups with hidden membership: Member.Read.Hidden is missing"],
      );
      assert.deepEqual(block(checks).slice(0, 1), ["Member.Read.Hidden"]);
      const granted = await look(UP.concat("Member.Read.Hidden"), NONE, undefined, withGroups(HIDDEN), [HIDDEN.id]);
      assert.deepEqual(failed(granted), []);
      assert.doesNotMatch(text(await look(UP, NONE, undefined, withGroups(HIDDEN), ["All users"])), /hidden/);
    });

    it("believes memberships that the answer shows over the token", async () => {
      const shown = await look(UP, NONE, undefined, withGroups({ ...HIDDEN, visibility: "Public" }), [HIDDEN.id]);
      assert.doesNotMatch(text(shown), /hidden/);
      rig.emulator.faults.add({
        match: { path: new RegExp(`/groups/${HIDDEN.id}\\?`) },
        then: { rewrite: (body) => ({ ...body, visibility: "HiddenMembership" }) },
      });
      const checks = await tenantChecks(rig.connection, NONE, { groups: { existing: [HIDDEN.id], made: [] } });
      assert.match(
        text(checks),
        /ok {4}preview: read the members of groups with hidden membership \(a read has shown it\)/,
      );
    });

    it("names a group that no application may write to", async () => {
      const restricted = { displayName: "Executives", isManagementRestricted: true, members: ["megan@contoso.com"] };
      const checks = await look(UP, NONE, undefined, withGroups(restricted), ["Executives"]);
      assert.deepEqual(failed(checks), []);
      assert.match(text(checks), /^warn {2}up: Executives \([0-9a-f-]+\) gets no licence .*restricted management/m);
    });

    it("says which of them are not there", async () => {
      const checks = await look(UP, NONE, undefined, {}, ["All users", "Nobody's"]);
      assert.deepEqual(
        failed(checks).map(({ words }) => words),
        [`groups: the tenant has no group "Nobody's"`],
      );
    });
  });

  it("never advises to grant what is granted: where Graph refuses it all the same, the next permission is named", async () => {
    rig.start({ ...seedTenant({ users: 3 }), apps: [{ name: "migration", permissions: UP }] });
    rig.emulator.faults.add({
      match: { path: /membersWithLicenseErrors/ },
      then: { status: 403, code: "Authorization_RequestDenied", message: "Insufficient privileges to complete." },
    });
    const checks = await tenantChecks(rig.connection, NONE);
    assert.match(
      text(failed(checks)),
      /\(Microsoft lists no permission for it: doctor tries it\): the token has GroupMember\.Read\.All, and Graph refuses it; the next that Microsoft lists is Group\.Read\.All$/m,
    );
    assert.deepEqual(
      block(checks).filter((each) => UP.includes(each)),
      [],
    );
    assert.equal(block(checks)[0], "Group.Read.All");
  });

  it("takes the word of a read above that of the token", async () => {
    rig.start({ ...seedTenant({ users: 3 }), apps: [{ name: "migration", permissions: EVERYTHING }] });
    const message = "Insufficient privileges to complete the operation.";
    rig.emulator.faults.add({
      match: { path: /memberOf/ },
      then: { status: 403, code: "Authorization_RequestDenied", message },
    });
    const [wrong, ...others] = failed(await tenantChecks(rig.connection, NONE));
    assert.match(
      wrong?.words ?? "",
      /read the groups of a user: the token has GroupMember\.ReadBasic\.All.*refuses it/,
    );
    assert.deepEqual(others, []);
  });

  it("says what could not be tried, and goes on", async () => {
    rig.start({ ...seedTenant({ users: 3 }), apps: [{ name: "migration", permissions: EVERYTHING }] });
    const code = "Authentication_RequestFromNonPremiumTenantOrB2CTenant";
    rig.emulator.faults.add({ match: { path: /directoryAudits/ }, then: { status: 403, code, message: "No." } });
    const checks = await tenantChecks(rig.connection, NONE);
    assert.deepEqual(failed(checks), []);
    assert.match(text(checks), /^- {5}evidence: read the audit log: could not be tried\. .*NonPremium/m);
  });

  const lacking: readonly [words: string, answer: { code?: string; message: string }, why: RegExp][] = [
    ["has not onboarded", { message: "The tenant has not onboarded to PIM." }, /has not onboarded to Privileged/],
    ["has no licence", { code: "PimLicenseRequired", message: "No." }, /has no licence for it \(Microsoft Entra ID P2/],
    ["has no licence, in words", { message: "The tenant needs an AAD Premium 2 license." }, /has no licence for it/],
  ];
  for (const [words, answer, why] of lacking) {
    it(`does not call a permission missing where the tenant ${words} for PIM: it says in a line why nothing is checked`, async () => {
      rig.start({ ...seedTenant({ users: 3 }), apps: [{ name: "migration", permissions: EVERYTHING }] });
      rig.emulator.faults.add({ match: { path: /privilegedAccess/ }, then: { status: 403, ...answer } });
      const checks = await tenantChecks(rig.connection, NONE);
      assert.deepEqual(failed(checks), []);
      const [check] = checks.filter(({ words: each }) => each.includes("memberships end by themselves"));
      assert.match(check?.words ?? "", /: not checked, because the tenant /);
      assert.match(check?.words ?? "", why);
    });
  }

  describe("of groups that are made", () => {
    it("asks for nothing where there are none, and notes what they would need where there is no file", async () => {
      assert.doesNotMatch(text(await look(UP, NONE)), /made groups/);
      const checks = await look(UP, NO_FILE);
      assert.deepEqual(failed(checks), []);
      assert.equal(checks.filter(({ kind, words }) => kind === "note" && words.startsWith("made groups")).length, 3);
    });

    it("takes Group.Create for groups that the app owns, and not where others are named as owners", async () => {
      const may = [...UP, "GroupMember.ReadWrite.All", "Group.Create"];
      const own = await look(may, { ...ALL, nameOwners: false, moves: false });
      assert.deepEqual(failed(own), []);
      assert.match(text(own), /^warn {2}made groups: make groups and change them: Group\.Create is enough as long as/m);
      const named = text(failed(await look(may, { ...ALL, moves: false })));
      assert.match(named, /Group\.ReadWrite\.All is missing; Group\.Create .* and owners are named$/m);
      assert.match(named, /look up what an owner is: Directory\.Read\.All is missing$/m);
    });

    it("does not guess where there is no user to read", async () => {
      const checks = await look(EVERYTHING, ALL, undefined, { users: [], groups: [] });
      assert.deepEqual(failed(checks), []);
      assert.match(text(checks), /ok {4}made groups: look up what an owner is \(Directory\.Read\.All\)/);
    });
  });

  describe("of what a token says", () => {
    const token = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.y`;
    const isWrite = (operation: Operation) =>
      factsOf(operation).requests.some((name: RequestName) => !name.startsWith("GET"));
    const writes = operations.filter(isWrite);
    const probed = new Map(
      operations.map((operation): [Operation, Probed] => [
        operation,
        { answer: writes.includes(operation) ? "unseen" : "allowed" },
      ]),
    );
    const checksFor = (claims: object | string, made = ALL) =>
      permissionChecks({
        signedIn: signedInAs(typeof claims === "string" ? claims : token(claims)),
        probed,
        made,
        wanted: wantedParts(null, made),
      });
    const verdicts = (claims: object | string) => {
      const checks = checksFor(claims);
      return writes.map((operation) => checks.find(({ words }) => words.startsWith(about(operation)))?.verdict);
    };

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
      assert.deepEqual(
        verdicts(cli),
        writes.map(() => "pass"),
      );
      const asked = checksFor(cli).filter(({ words }) => words.includes("directory role"));
      assert.deepEqual(
        asked.map(({ verdict, remedy }) => [verdict, /Ask for the role (\w+ \w+)/.exec(remedy.join())?.[1]]),
        [
          ["wait", "License Administrator"],
          ["wait", "Groups Administrator"],
        ],
      );
      const admin = checksFor({ ...cli, wids: ["4D6AC14F-3453-41d0-bef9-a3e0c569773a"] }, NONE);
      assert.match(text(admin), /your directory role \(License Administrator\)/);
    });

    it("warns where it can't be told, and fails where something is missing", () => {
      assert.deepEqual(
        verdicts("opaque"),
        writes.map(() => "wait"),
      );
      assert.deepEqual(
        verdicts({ idtyp: "app", roles: [] }),
        writes.map((operation) => without(operation)[0]),
      );
    });

    it("grants a managed identity by its service principal, and a user's app by its page", () => {
      assert.match(
        text(checksFor({ idtyp: "app", oid: "0B", appid: "ab", xms_mirid: "/subscriptions/1" }, NONE)),
        /for permission in LicenseAssignment\.ReadWrite\.All; do\n.*\n.*servicePrincipals\/0b\/appRoleAssignments/,
      );
      assert.match(text(checksFor({ scp: "openid", appid: "ab" }, NONE)), /CallAnAPI\/appId\/ab/);
    });
  });
});
