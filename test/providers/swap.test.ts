import assert from "node:assert/strict";
import type { FaultEffect } from "../../emulator";
import { ENTERPRISEPACK, STANDARDPACK } from "../../emulator/tenants/products";
import { unpackPairs } from "../../licensing/record/compact-ids";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { TO_E3, tenantOfSwap, WAVES_BACK } from "./swap-tenant";
import { idOf, upn } from "./tenants";

const PEOPLE = ["ada", "ben", "cleo"];
const ADA = idOf("ada");
const e1 = STANDARDPACK.skuId;
const e3 = ENTERPRISEPACK.skuId;

const BACK: SmallStackFile = { ...TO_E3, waves: WAVES_BACK };

describe("a swap of two SKUs that exclude each other", function () {
  this.timeout(120_000);
  const rig = rigOf({}, () => tenantOfSwap(PEOPLE));
  let stack: SmallStack;
  /** The bodies of writes for Ada, in order. */
  let sent: { add: string[]; remove: string[] }[] = [];

  beforeEach(async () => {
    // The group gets E3 first, which fails for each member.
    stack = new SmallStack(rig, { ...TO_E3, applyThrough: null });
    assert.deepEqual((await stack.up()).unfinished, []);
    rig.emulator.clock.advance(3_600_000);
    stack.file = TO_E3;
    sent = [];
    rig.host.network = (body) => {
      if (body.includes(`/users/${ADA}/assignLicense`)) sent.push(...writesIn(body));
      return null;
    };
  });

  function writesIn(body: string) {
    const { requests } = JSON.parse(body) as {
      requests: { url: string; body: { addLicenses: { skuId: string }[]; removeLicenses: string[] } }[];
    };
    return requests
      .filter(({ url }) => url.includes(ADA))
      .map(({ body: { addLicenses, removeLicenses } }) => ({
        add: addLicenses.map(({ skuId }) => skuId),
        remove: removeLicenses,
      }));
  }

  const SWAP = { add: [e3], remove: [e1] };
  const TAKEN_BACK = { add: [e1], remove: [e3] };
  const directOf = (name: string) =>
    rig.emulator.tenant
      .directAssignments()
      .filter(({ userId }) => userId === idOf(name))
      .map(({ skuId }) => skuId);
  const others = () => PEOPLE.slice(1).map(directOf);
  const adasWrite = { path: /assignLicense/, userId: ADA };
  /** Plans that a user had at first, and lacks now by itself and by what succeeds it. */
  const SUCCEEDED = { EXCHANGE_S_STANDARD: "EXCHANGE_S_ENTERPRISE", SHAREPOINTSTANDARD: "SHAREPOINTENTERPRISE" };
  const lackedAtAnyMoment = (name: string): readonly string[] => {
    const { tenant: people, history } = rig.emulator;
    const instead = new Map(Object.entries(SUCCEEDED).map(([plan, by]) => [people.plan(plan), people.plan(by)]));
    const [first, ...later] = history.of(idOf(name));
    return (first?.planIds ?? []).filter((plan) =>
      later.some(({ planIds }) => !planIds.includes(plan) && !planIds.includes(instead.get(plan) ?? "")),
    );
  };
  const assertNothingLacked = () => {
    for (const name of PEOPLE) assert.deepEqual(lackedAtAnyMoment(name), [], name);
  };

  /** The next run writes down what is held directly now, and the one after it has nothing to do. */
  const assertSettled = async () => {
    const before = sent.length;
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([await stack.preview(), sent.length], [[], before]);
  };

  const answers: readonly (readonly [string, FaultEffect])[] = [
    ["the write is done and its answer is lost", "lost"],
    ["the connection breaks before the write", "reset"],
    ["a gateway times out behind the write", { status: 504, afterDoing: true }],
    ["a gateway times out before the write", { status: 504 }],
  ];
  for (const [what, then] of answers) {
    it(`is done once where ${what}`, async () => {
      rig.emulator.faults.add({ match: adasWrite, times: 1, then });
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.deepEqual([directOf("ada"), ...others()], [[e3], [e3], [e3]]);
      assert.ok(sent.length <= 2 && sent.every((write) => write.add.join() === e3 && write.remove.join() === e1));
      assertNothingLacked();
      await assertSettled();
    });
  }

  it("is put back in one call, which takes back what it added, where E3's subscription ends right behind it", async () => {
    rig.emulator.faults.add({
      match: { method: "GET", path: /^\/users\//, userId: ADA },
      after: 2,
      times: 1,
      then: () => rig.emulator.tenant.setSubscription("ENTERPRISEPACK", "Suspended"),
    });
    const { unfinished } = await stack.up();
    assert.match(unfinished.join(), /the direct licence was put back/);
    assert.deepEqual(sent, [SWAP, TAKEN_BACK]);
    assert.deepEqual(directOf("ada"), [e1]);
  });

  it("is put back without taking anything back where an administrator removes what it added", async () => {
    rig.emulator.faults.add({
      match: { method: "GET", path: /^\/users\//, userId: ADA },
      after: 2,
      times: 1,
      then: () => rig.emulator.tenant.removeDirect(upn("ada"), "ENTERPRISEPACK"),
    });
    const { unfinished } = await stack.up();
    assert.match(unfinished.join(), /the direct licence was put back/);
    assert.deepEqual(sent, [SWAP, { add: [e1], remove: [] }]);
    assert.deepEqual(directOf("ada"), [e1]);
  });

  it("that Entra refuses leaves the user as it was, with Entra's words, and the others are swapped", async () => {
    const message = `License assignment failed because service plan ${e3} depends on the service plan(s) ${e1}`;
    rig.emulator.faults.add({ match: adasWrite, then: { status: 400, message } });
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([directOf("ada"), ...others()], [[e1], [e3], [e3]]);
    const blocked = (await stack.plan()).plan.waves.flatMap(({ slices }) => slices.flatMap((slice) => slice.blocked));
    const hers = blocked.filter(({ userId }) => userId === ADA);
    assert.deepEqual(
      hers.map(({ skuId, reason }) => [skuId, reason.kind]),
      [[e1, "dependent-plan"]],
    );
    assertNothingLacked();
    await assertSettled();
    assert.deepEqual(sent, [SWAP], "it is not tried again while nothing changes");
  });

  it("in a rollback goes back in one call", async () => {
    await stack.up();
    stack.file = BACK;
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(sent, [SWAP, TAKEN_BACK]);
    assert.deepEqual([directOf("ada"), ...others()], [[e1], [e1], [e1]]);
    assertNothingLacked();
    assert.deepEqual(await stack.preview(), []);
  });

  for (const [what, then] of answers) {
    it(`in a rollback goes back once where ${what}`, async () => {
      await stack.up();
      stack.file = BACK;
      rig.emulator.faults.add({ match: adasWrite, times: 1, then });
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.deepEqual([directOf("ada"), ...others()], [[e1], [e1], [e1]]);
      assertNothingLacked();
      assert.deepEqual(await stack.preview(), []);
    });
  }

  it("after which the group's licence took over: Entra refuses E1 beside it in a rollback, and nothing is taken from the users", async () => {
    await stack.up();
    for (const name of PEOPLE) rig.emulator.tenant.setAssignmentError(upn(name), "ENTERPRISEPACK", "E3 staff", null);
    rig.emulator.clock.advance(3_600_000);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([directOf("ada"), ...others()], [[], [], []]);
    assert.ok(unpackPairs(stack.baseline().__bridges ?? {}).size > 0);
    stack.file = BACK;
    await stack.up();
    assert.deepEqual([directOf("ada"), ...others()], [[], [], []]);
    assert.deepEqual(stack.wave().notRestoredBySku, { STANDARDPACK: PEOPLE.length });
    assertNothingLacked();
  });
});
