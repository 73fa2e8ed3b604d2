import assert from "node:assert/strict";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack } from "./small-stack";
import { GROUPS, idOf, tenant, upn } from "./tenants";

const NAMES = Array.from({ length: 40 }, (_, at) => `person${at}`);
const BLOCKED = NAMES.slice(0, 10);

/** 40 people with EMS and Office 365 E3; ten of them are no members of the group that gives E3. */
const mixed = () =>
  tenant({
    names: NAMES,
    direct: [{ sku: "EMS" }, { sku: "ENTERPRISEPACK" }],
    more: {
      users: NAMES.map((name) => ({
        userPrincipalName: upn(name),
        licenses: [{ sku: "EMS" }, { sku: "ENTERPRISEPACK" }],
      })),
      groups: [
        { displayName: "All users", members: NAMES.map(upn), licenses: [{ sku: "EMS" }] },
        {
          displayName: "Finance department",
          members: NAMES.slice(10).map(upn),
          licenses: [{ sku: "ENTERPRISEPACK" }],
        },
      ],
      skus: tenant().skus?.map((sku) => ({ ...sku, seats: 60 })) ?? [],
    },
  });

describe("a wave of users with one safe licence and one blocked", () => {
  const rig = rigOf({ processing: { joinMs: 20_000 } });

  const stackOf = (usersPerUnit: number | null = null) =>
    new SmallStack(
      rig,
      { groups: GROUPS, waves: [wave("everyone", percent(100))], applyThrough: "everyone" },
      usersPerUnit,
    );
  /** How often users were read by themselves, right before a removal or after it. */
  const readsOf = (names: readonly string[]) =>
    rig.emulator.requests.count({
      method: "GET",
      path: new RegExp(`^/users/(${names.map(idOf).join("|")})\\b`),
    });

  it("is not halted by what the plan has announced", async () => {
    rig.start(mixed());
    const stack = stackOf();
    assert.deepEqual((await stack.up()).unfinished, []);
    const { tenant: people } = rig.emulator;
    assert.equal(people.directAssignmentCount("EMS"), 0);
    assert.equal(people.directAssignmentCount("ENTERPRISEPACK"), BLOCKED.length);
    assert.deepEqual(stack.wave().staysBySku, { ENTERPRISEPACK: BLOCKED.length });
    assert.deepEqual(await stack.preview(), []);
  });

  it("does not look at finished users again when it is continued, though they keep other licences", async () => {
    rig.start(mixed());
    const stack = stackOf(5);
    rig.host.stop = () => (rig.emulator.tenant.directAssignmentCount("EMS") > 20 ? null : "enough");
    assert.equal((await stack.up()).unfinished.length, 1);
    const held = new Set(rig.emulator.tenant.directAssignments("EMS").map(({ userId }) => userId));
    const finished = NAMES.filter((name) => !held.has(idOf(name)));
    assert(finished.some((name) => BLOCKED.includes(name)) && finished.length < NAMES.length, "it stopped on the way");
    rig.host.stop = () => null;
    const before = readsOf(finished);
    assert.deepEqual(await stack.up(), { ran: ["baseline", "everyone-1"], unfinished: [] });
    assert.equal(readsOf(finished) - before, 0);
    assert.deepEqual(stack.wave().staysBySku, { ENTERPRISEPACK: BLOCKED.length });
    assert.deepEqual(await stack.preview(), []);
  });

  it("looks again at users blocked in the plan where the gate waits for them", async () => {
    rig.start(tenant());
    rig.emulator.tenant.leaveGroup(upn("ada"), "All users");
    rig.emulator.clock.advance(60_000);
    const stack = stackOf();
    await stack.up();
    assert.deepEqual(stack.wave().stays, { "not a member of All users": 1 });
    rig.emulator.tenant.joinGroup(upn("ada"), "All users");
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.equal(rig.emulator.tenant.directAssignmentCount("EMS"), 0);
  });
});
