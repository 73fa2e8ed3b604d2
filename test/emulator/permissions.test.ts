import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
import { assertError, GraphClient } from "./graph-client";
import { add, ems, remove, smallTenant } from "./small-tenant";
import { watchedEmulator } from "../contract/watched-emulator";

describe("embedded Graph: permissions", () => {
  let emulator: Emulator;
  let client: GraphClient;

  before(async () => {
    emulator = await watchedEmulator({
      clock: "manual",
      tenant: smallTenant({ apps: [{ name: "probe", permissions: [] }] }),
    });
    client = await GraphClient.signIn(emulator, "probe");
  });
  beforeEach(() => {
    emulator.reset();
  });
  after(async () => {
    client.close();
    await emulator.close();
  });

  async function grant(...permissions: string[]): Promise<void> {
    emulator.tenant.setPermissions("probe", permissions);
    await client.renew();
  }

  const staff = () => `/groups/${emulator.tenant.group("Staff").id}`;
  const calls: readonly (readonly [permission: string, method: string, path: () => string, body?: () => unknown])[] = [
    ["Organization.Read.All", "GET", () => "/organization"],
    ["LicenseAssignment.Read.All", "GET", () => "/subscribedSkus"],
    ["User.Read.All", "GET", () => "/users?$select=licenseAssignmentStates"],
    ["User.Read.All", "GET", () => "/users/ada@contoso.com"],
    ["GroupMember.Read.All", "GET", () => "/groups"],
    ["Group.Read.All", "GET", () => `${staff()}/members`],
    ["GroupMember.Read.All", "GET", () => `${staff()}/transitiveMembers/microsoft.graph.user`],
    ["AuditLog.Read.All", "GET", () => "/auditLogs/directoryAudits"],
    ["LicenseAssignment.ReadWrite.All", "POST", () => "/users/ada@contoso.com/assignLicense", () => remove(ems)],
    ["LicenseAssignment.ReadWrite.All", "POST", () => `${staff()}/assignLicense`, () => add(ems)],
    ["User.ReadWrite.All", "POST", () => "/users/ada@contoso.com/reprocessLicenseAssignment"],
    [
      "GroupMember.ReadWrite.All",
      "POST",
      () => `${staff()}/members/$ref`,
      () => ({ "@odata.id": `https://graph.microsoft.com/v1.0/users/${emulator.tenant.user("dan@contoso.com").id}` }),
    ],
    [
      "Group.Create",
      "POST",
      () => "/groups",
      () => ({ displayName: "A", mailEnabled: false, mailNickname: "a", securityEnabled: true }),
    ],
    ["Group.ReadWrite.All", "PATCH", () => staff(), () => ({ displayName: "All staff" })],
    ["GroupMember.Read.All", "GET", () => `${staff()}/owners`],
    ["Directory.Read.All", "GET", () => `/directoryObjects/${emulator.tenant.group("Staff").id}`],
    ["Group.ReadWrite.All", "DELETE", () => staff()],
  ];
  for (const [permission, method, path, body] of calls) {
    it(`${method} ${path.toString().replace("() => ", "")} needs one like ${permission}`, async () => {
      await grant("Mail.Send", "User.ReadBasic.All");
      assertError(
        await client.send(method, path(), body?.()),
        403,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
      );
      await grant(permission);
      const { status, text } = await client.send(method, path(), body?.());
      assert.ok(status < 300, text);
    });
  }

  it("reading is not enough to write", async () => {
    await grant("LicenseAssignment.Read.All", "User.Read.All", "Group.Read.All", "Directory.Read.All");
    assert.equal((await client.post("/users/ada@contoso.com/assignLicense", remove(ems))).status, 403);
    assert.equal((await client.post(`${staff()}/assignLicense`, add(ems))).status, 403);
  });

  it("withholds the properties of members that the app may list but not read", async () => {
    await grant("GroupMember.Read.All");
    const { json } = await client.get(
      `${staff()}/members/microsoft.graph.user?$select=id,userPrincipalName,licenseAssignmentStates&$top=1`,
    );
    const { id } = emulator.tenant.user("ada@contoso.com");
    assert.deepEqual(json.value, [{ id, userPrincipalName: null, licenseAssignmentStates: [] }]);
  });

  it("goes by the token, which keeps what it said until it is renewed", async () => {
    await grant("Organization.Read.All");
    emulator.tenant.setPermissions("probe", []);
    assert.equal((await client.get("/organization")).status, 200);
    await client.renew();
    assert.equal((await client.get("/organization")).status, 403);
  });
});
