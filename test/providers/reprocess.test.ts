import assert from "node:assert/strict";
import { migrationPermissions } from "../../emulator/directory/spec";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { e3, ems, GROUPS, idOf, tenant, upn } from "./tenants";

const FILE: SmallStackFile = {
  groups: GROUPS,
  waves: [wave("everyone", percent(100))],
  applyThrough: "everyone",
  reprocess: true,
};

describe("members in error are reprocessed where the stack file asks for it", function () {
  this.timeout(120_000);
  const rig = rigOf();

  const people = () => rig.emulator.tenant;
  const asked = () => rig.emulator.requests.all({ path: /reprocessLicenseAssignment$/ });
  const direct = (name: string) =>
    people()
      .directAssignments()
      .filter(({ userId }) => userId === idOf(name))
      .map(({ skuId }) => (skuId === ems ? "EMS" : skuId === e3 ? "ENTERPRISEPACK" : skuId));

  function start(names: readonly string[] = ["ada", "ben", "cleo", "dan", "eve", "fay"], mayReprocess = true): void {
    const permissions = [...migrationPermissions, ...(mayReprocess ? ["User.ReadWrite.All"] : [])];
    rig.start(tenant({ names, more: { apps: [{ name: "migration", permissions }] } }));
  }

  /** An error with its cause gone: it stays until something makes Entra look again. */
  const stale = (name: string, state: "Error" | "ActiveWithError" = "Error") =>
    people().setAssignmentState(upn(name), "EMS", "All users", { state, error: "Other" });
  /** An error that is still true. */
  const lasting = (name: string) => people().setAssignmentError(upn(name), "EMS", "All users", "Other");

  it("by the gate: a stale error is gone, and the user is moved in the same run", async () => {
    start();
    stale("cleo");
    const stack = new SmallStack(rig, FILE);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.equal(asked().length, 1);
    assert.deepEqual(stack.gate().verified["all-users"]?.errors, {});
    assert.deepEqual(direct("cleo"), []);
    assert.deepEqual(rig.emulator.history.losses(), []);
    assert.deepEqual(await stack.preview(), []);
  });

  it("by the wave, where the error comes after the gate", async () => {
    start();
    stale("cleo");
    const stack = new SmallStack(rig, { ...FILE, reprocess: false });
    await stack.up();
    assert.deepEqual(direct("cleo"), ["EMS"]);
    stack.file = FILE;
    assert.deepEqual((await stack.up(undefined, ["inheritance"])).ran, ["everyone-1"]);
    assert.deepEqual(direct("cleo"), []);
    assert.equal(asked().length, 1);
  });

  it("each user once a run; a true error stays, blocks its user alone, and is not tried again until something changes", async () => {
    start();
    lasting("cleo");
    const stack = new SmallStack(rig, FILE);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.equal(asked().length, 1);
    assert.deepEqual(direct("cleo"), ["EMS"]);
    assert.deepEqual(direct("dan"), []);
    assert.deepEqual(await stack.preview(), []);
    const before = asked().length;
    await stack.up();
    assert.equal(asked().length, before);
    stale("dan");
    await stack.up();
    assert.equal(asked().length, before + 2, "members in error are tried with the next change");
  });

  it("not a user that has left a group that still gives something", async () => {
    start();
    stale("ada");
    people().setAssignmentState(upn("ada"), "ENTERPRISEPACK", "Finance department", {
      state: "ActiveWithError",
      error: "Other",
    });
    rig.emulator.tenant.leaveGroup(upn("ada"), "Finance department");
    const stack = new SmallStack(rig, FILE);
    await stack.up();
    assert.equal(asked().length, 0);
    assert.deepEqual(direct("ada").sort(), ["EMS", "ENTERPRISEPACK"]);
  });

  it("no user without the key", async () => {
    start();
    stale("cleo");
    await new SmallStack(rig, { ...FILE, reprocess: false }).up();
    assert.equal(asked().length, 0);
  });

  it("where it is not allowed that is said once, in one batch, and all else goes on", async () => {
    const names = Array.from({ length: 30 }, (_, number) => `user${number}`);
    start(names, false);
    for (const name of names.slice(0, 25)) stale(name);
    const stack = new SmallStack(rig, FILE);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.equal(asked().length, 20);
    const said = rig.host.said.filter((line) => line.includes("not reprocessed"));
    assert.equal(said.length, 1);
    assert.match(said[0] ?? "", /User\.ReadWrite\.All.*Nothing else depends on it\.$/);
    assert.deepEqual(direct("user29"), []);
    assert.deepEqual(direct("user0"), ["EMS"]);
  });

  it("within the quota: writes that Graph throttles wait as long as it asks", async () => {
    start();
    for (const name of ["cleo", "dan"]) stale(name);
    rig.emulator.faults.add({
      match: { path: /reprocessLicenseAssignment$/ },
      times: 3,
      then: { status: 429, retryAfter: 7 },
    });
    assert.deepEqual((await new SmallStack(rig, FILE).up()).unfinished, []);
    assert.deepEqual(rig.emulator.requests.early(), []);
    assert.deepEqual([...direct("cleo"), ...direct("dan")], []);
  });
});
