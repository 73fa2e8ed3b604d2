import assert from "node:assert/strict";
import { releaseCheck } from "../../dynamic-providers/release-check";
import { rigOf } from "./rig";
import { idOf, tenant, upn } from "./tenants";

describe("ReleaseCheck", function () {
  this.timeout(120_000);
  const rig = rigOf({}, () => tenant());

  const release = () => {
    const { id, displayName } = rig.emulator.tenant.group("All users");
    const groups = [{ name: "all-users", groupId: id, displayName }];
    return releaseCheck.release({ connection: rig.connection, groups, acceptLoss: [] }, rig.host);
  };
  const readMembers = (change: (users: readonly { id: string }[]) => readonly object[]) =>
    rig.emulator.faults.add({
      match: { path: /\/members\/microsoft\.graph\.user/ },
      then: { rewrite: (body) => ({ ...body, value: change(body["value"] as { id: string }[]) }) },
    });
  const readMembersAs = (change: (user: { id: string }) => object) => readMembers((users) => users.map(change));

  it("lets go while every member holds directly what the group gives", async () => {
    await release();
  });

  it("refuses for a member who would lose a plan", async () => {
    rig.emulator.tenant.removeDirect(upn("cleo"), "EMS");
    await assert.rejects(
      release(),
      new RegExp(
        `1 user \\(${idOf("cleo")}\\) would lose .*the record is whole.*acceptLoss: \\[\\{group: all-users, sku: EMS`,
      ),
    );
  });

  it("refuses for a member who cannot be read, and for a list that cannot be read", async () => {
    readMembersAs((user) => (user.id === idOf("dan") ? { ...user, licenseAssignmentStates: null } : user));
    await assert.rejects(release(), new RegExp(`1 member of All users cannot be read \\(${idOf("dan")}: .*Ways out: `));
    rig.emulator.faults.clear();
    rig.emulator.faults.add({ match: { path: /\/members\/microsoft\.graph\.user/ }, then: { status: 403 } });
    await assert.rejects(release(), /The members of All users cannot be read \(.*Ways out: /);
  });

  it("refuses for a member that a hidden membership leaves out of the list", async () => {
    rig.emulator.tenant.removeDirect(upn("cleo"), "EMS");
    rig.emulator.faults.add({
      match: { path: /^\/groups\/[^/]+\?/ },
      then: { rewrite: (body) => ({ ...body, visibility: "HiddenMembership" }) },
    });
    readMembers(() => []);
    await assert.rejects(release(), new RegExp(`1 user \\(${idOf("cleo")}\\) would lose `));
  });

  it("names five of many, and how many more", async () => {
    readMembersAs((user) => ({ ...user, licenseAssignmentStates: null }));
    await assert.rejects(release(), /6 members of All users cannot be read \(.*; and 1 more\)/);
  });
});
