import assert from "node:assert/strict";
import { WaveCoordinator } from "../../dynamic-providers/removal/wave-coordinator";
import type { FaultEffect } from "../../emulator";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { GROUPS, idOf, tenant, upn } from "./tenants";

const EVERYONE: SmallStackFile = { groups: GROUPS, waves: [wave("everyone", percent(100))], applyThrough: "everyone" };
/** One batch of writes for the most, and a few. */
const PER_UNIT = 23;
const NAMES = Array.from({ length: 3 * PER_UNIT }, (_, n) => `person${n}`);
/** Units take the users in the order of their ids. */
const IDS = NAMES.map(idOf).sort();
const UNITS = [0, 1, 2].map((unit) => IDS.slice(unit * PER_UNIT, (unit + 1) * PER_UNIT));
const LATENCY_MS = 15;

/** No trouble of one user: it halts the wave. */
const UNSUPPORTED = { status: 400, code: "Request_UnsupportedQuery" } as const;

describe("DirectLicenseRemoval: units overlap", function () {
  this.timeout(120_000);
  const rig = rigOf({ latencyMs: LATENCY_MS }, () => tenant({ names: NAMES }));

  const stack = (file: Partial<SmallStackFile> = {}) => new SmallStack(rig, { ...EVERYONE, ...file }, PER_UNIT);
  const first = (unit: number): string => UNITS[unit]?.[0] ?? assert.fail();
  const last = (unit: number): string => UNITS[unit]?.at(-1) ?? assert.fail();
  const nameOf = (id: string): string => NAMES.find((name) => idOf(name) === id) ?? assert.fail();
  const stillDirect = (): ReadonlySet<string> =>
    new Set(rig.emulator.tenant.directAssignments().map(({ userId }) => userId));

  /** What was asked about the users of a unit, in the order of arrival: a read, a write; each with its place among all requests. */
  function asked(unit: number): readonly { readonly what: "r" | "w"; readonly number: number }[] {
    const users = new Set(UNITS[unit]);
    return rig.emulator.requests
      .all({ path: /^\/users\// })
      .filter(({ path }) => users.has(path.split(/[/?]/)[2] ?? ""))
      .map(({ method, number }) => ({ what: method === "POST" ? "w" : "r", number }));
  }

  /** `r` as often as the unit was read in a row, `w` likewise: "rwr" is read, written, read back. */
  const stages = (unit: number): string =>
    asked(unit)
      .map(({ what }) => what)
      .join("")
      .replace(/r+/g, "r")
      .replace(/w+/g, "w");
  const numbers = (unit: number, what: "r" | "w") =>
    asked(unit)
      .filter((each) => each.what === what)
      .map(({ number }) => number);
  const firstWrite = (unit: number) => Math.min(...numbers(unit, "w"));
  const lastWrite = (unit: number) => Math.max(...numbers(unit, "w"));
  const firstReadBack = (unit: number) => Math.min(...numbers(unit, "r").filter((number) => number > firstWrite(unit)));

  /** When the write of a user arrives: `then` happens, and it is not answered before. */
  const atTheWriteOf = (userId: string, then: FaultEffect) =>
    rig.emulator.faults.add({ match: { path: /assignLicense/, userId }, times: 1, then });
  /** At the first read of a user after the first write to them. */
  const atTheReadBackOf = (userId: string, then: FaultEffect) =>
    atTheWriteOf(userId, () => {
      rig.emulator.faults.add({ match: { method: "GET", userId }, times: 1, then });
    });
  const breakInheritance = (userId: string) => () =>
    rig.emulator.tenant.setAssignmentState(upn(nameOf(userId)), "EMS", "All users", { state: "Error", error: "Other" });

  async function until(is: () => boolean): Promise<void> {
    for (let turns = 0; !is(); turns += 1) {
      assert.ok(turns < 1_000, "it never comes to that");
      await new Promise((done) => setTimeout(done, 5));
    }
  }

  it("one is read while the one before it writes, and writes while that one is read back", async () => {
    // Otherwise neither of these would ever be answered.
    atTheWriteOf(first(0), () => until(() => stages(1) === "r"));
    atTheReadBackOf(first(0), () => until(() => stages(1) === "rw"));
    await stack().up();
    assert.deepEqual([0, 1, 2].map(stages), ["rwr", "rwr", "rwr"]);
    for (const unit of [0, 1]) assert.ok(lastWrite(unit) < firstWrite(unit + 1), "one writes at a time");
    assert.deepEqual([stillDirect().size, rig.emulator.history.losses()], [0, []]);
  });

  it("three are in the air at most: the third writes when the first one is read back", async () => {
    let third = "";
    atTheReadBackOf(first(0), async () => {
      await until(() => stages(1) === "rwr");
      await new Promise((done) => setTimeout(done, 10 * LATENCY_MS));
      third = stages(2);
    });
    assert.deepEqual((await stack().up()).unfinished, []);
    assert.deepEqual([third, stillDirect().size], ["r", 0]);
  });

  it("the state is the same whichever is faster: users stand in it in their order", async () => {
    const slow = { delayMs: 60 };
    const left = [];
    for (const match of [{ path: /assignLicense/ }, { method: "GET" }]) {
      rig.start(tenant({ names: NAMES }));
      rig.emulator.faults.add({ match: { ...match, userId: last(0) }, then: slow });
      rig.emulator.faults.add({ match: { path: /assignLicense/, userId: first(1) }, then: { status: 404 } });
      const one = stack();
      await one.up();
      left.push(one.wave());
    }
    assert.deepEqual(left[0], left[1]);
  });

  it("a plan that is missing after the first unit: no unit writes until that is settled, and none after the halt", async () => {
    const userId = first(0);
    atTheReadBackOf(userId, breakInheritance(userId));
    // The second unit has a batch in hand when the first one begins to doubt.
    atTheWriteOf(first(1), () => until(() => rig.host.statuses.some((text) => text.startsWith("settling"))));
    // Shorter than a proof lasts.
    const one = stack({ timeouts: { settleMs: 5_000 } });
    const [reason = ""] = (await one.up()).unfinished;
    assert.match(reason, new RegExp(`user ${userId}: misses .* after the removal; the direct licence was put back`));
    assert.match(reason, new RegExp(`Stopped after ${2 * PER_UNIT} of ${3 * PER_UNIT} users of this part`));
    assert.deepEqual(stages(1), "rwr", "the batch in hand is read back as well");
    assert.equal(numbers(1, "w").length, 20, "and the next one is not sent");
    assert.deepEqual([stages(2), numbers(2, "w")], ["r", []]);
    const { lastRemoved, pending, status } = one.wave();
    const direct = [userId, ...(UNITS[1]?.slice(20) ?? []), ...(UNITS[2] ?? [])];
    assert.deepEqual([...stillDirect()].sort(), direct.sort());
    assert.deepEqual(
      [status, lastRemoved["EMS"], pending["EMS"]],
      ["halted", NAMES.length - direct.length, direct.length],
    );
    assert.deepEqual(rig.emulator.history.losses({ except: "people" }), []);
  });

  it("while one is in doubt, the written users of the unit in hand are read back at once", async () => {
    const userId = first(0);
    atTheReadBackOf(userId, breakInheritance(userId));
    const isSettling = () => rig.host.statuses.some((text) => text.startsWith("settling"));
    atTheWriteOf(first(1), () => until(isSettling));
    const sleep = rig.host.sleep.bind(rig.host);
    let duringTheDoubt = "";
    rig.host.sleep = async (ms) => {
      if (isSettling() && duringTheDoubt === "") {
        await until(() => stages(1) === "rwr");
        duringTheDoubt = stages(1);
      }
      await sleep(ms);
    };
    assert.match((await stack().up()).unfinished.join(), /the direct licence was put back/);
    assert.equal(duringTheDoubt, "rwr");
    assert.equal(numbers(1, "w").length, 20);
  });

  it("a unit waiting for a repair does not write when the repair fails", async () => {
    const coordinator = new WaveCoordinator();
    let breakOff = (_error: Error): void => undefined;
    const work = coordinator.inDoubt(() => new Promise<void>((_, reject) => (breakOff = reject)));
    const mayWrite = coordinator.mayWrite();
    breakOff(new Error("the engine is gone"));
    await assert.rejects(work, /the engine is gone/);
    assert.equal(await mayWrite, false);
  });

  it("where a read back breaks off, the batch in hand is the last one", async () => {
    atTheReadBackOf(first(0), breakInheritance(first(0)));
    let hasBroken = false;
    const status = rig.host.status.bind(rig.host);
    rig.host.status = (urn, text) => {
      if (!text.startsWith("settling")) return status(urn, text);
      hasBroken = true;
      return Promise.reject(new Error("the engine is gone"));
    };
    atTheWriteOf(first(1), () => until(() => hasBroken));
    await assert.rejects(stack().up(), /the engine is gone/);
    assert.deepEqual([numbers(1, "w").length, stages(1), numbers(2, "w")], [20, "rwr", []]);
  });

  it("where Graph was only behind, it goes on after the settling time, on new proofs", async () => {
    const userId = first(0);
    atTheReadBackOf(userId, breakInheritance(userId));
    atTheWriteOf(first(1), () => until(() => rig.host.statuses.some((text) => text.startsWith("settling"))));
    rig.host.onSleep = () => {
      rig.emulator.tenant.setAssignmentState(upn(nameOf(userId)), "EMS", "All users", { state: "Active" });
    };
    assert.deepEqual((await stack().up()).unfinished, []);
    assert.equal(stages(1), "rwrwr", "the rest of the unit in hand is read again");
    assert.deepEqual([stillDirect().size, stages(2)], [0, "rwr"]);
  });

  it("a proof that has grown old while the unit before waited is made anew", async () => {
    atTheWriteOf(first(0), { status: 429, retryAfter: 30 });
    const leaver = first(1);
    rig.host.onSleep = () => {
      rig.emulator.tenant.leaveGroup(upn(nameOf(leaver)), "All users");
      rig.host.onSleep = () => undefined;
    };
    const one = stack();
    assert.deepEqual((await one.up()).unfinished, []);
    assert.equal(stages(1), "rwr");
    assert.equal(
      asked(1).filter(({ what }) => what === "r").length,
      3 * 2 * PER_UNIT - 2,
      "read twice before the write",
    );
    assert.deepEqual(one.wave().stays, { "not a member of All users": 1 });
    assert.deepEqual([...stillDirect()], [leaver]);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("what the next unit sees of a group holds for the unit in hand: it proves anew before its next batch", async () => {
    // Processed again when the second unit is read; the first one has a batch in hand until that is known.
    let seen = false;
    rig.emulator.faults.add({
      match: { method: "GET", userId: first(1) },
      times: 1,
      then: () => {
        rig.emulator.tenant.setGroupLicenses("All users", [{ sku: "EMS" }]);
        seen = true;
      },
    });
    atTheWriteOf(first(0), async () => {
      await until(() => seen);
      await new Promise((done) => setTimeout(done, 6 * LATENCY_MS));
    });
    assert.deepEqual((await stack().up()).unfinished, []);
    assert.equal(stages(0), "rwrwr");
    assert.ok(rig.host.statuses.includes("Entra is processing All users again"));
    assert.deepEqual([stillDirect().size, rig.emulator.history.losses()], [0, []]);
  });

  it("a lost answer in the middle holds the others up until it is known what came of it", async () => {
    atTheWriteOf(first(1), "lost");
    assert.deepEqual((await stack().up()).unfinished, []);
    assert.deepEqual(stages(0), "rwr");
    assert.ok(firstReadBack(1) < firstWrite(2), "read before the next unit writes");
    assert.deepEqual(numbers(1, "w").length, PER_UNIT, "and not sent again");
    assert.deepEqual([stillDirect().size, rig.emulator.history.losses()], [0, []]);
  });

  it("what was read ahead is not written to after a stop, nor counted", async () => {
    let asks = 0;
    rig.host.stop = () => (++asks === 2 ? "a stop was requested" : null);
    const one = stack();
    const [reason = ""] = (await one.up()).unfinished;
    assert.match(reason, new RegExp(`a stop was requested. Stopped after ${PER_UNIT} of ${3 * PER_UNIT} users`));
    assert.deepEqual([0, 1, 2].map(stages), ["rwr", "r", ""]);
    assert.deepEqual([...stillDirect()].sort(), IDS.slice(PER_UNIT));
    const asksBefore = rig.emulator.requests.all().length;
    await new Promise((done) => setTimeout(done, 4 * LATENCY_MS));
    assert.equal(rig.emulator.requests.all().length, asksBefore, "nothing outlives the run");
  });

  it("a halt ends the wait of what is read ahead: it does not hold up the account of what was done", async () => {
    rig.emulator.faults.add({ match: { method: "GET", userId: first(1) }, then: { status: 429, retryAfter: 540 } });
    atTheWriteOf(first(0), () => until(() => rig.host.statuses.some((text) => text.startsWith("throttled until"))));
    rig.emulator.faults.add({ match: { path: /assignLicense/, userId: first(0) }, then: UNSUPPORTED });
    // The wait takes its time here, as long as the answer to the write and more.
    const sleep = rig.host.sleep.bind(rig.host);
    rig.host.sleep = async (ms) => {
      await sleep(ms);
      await new Promise((done) => setTimeout(done, LATENCY_MS));
    };
    const [reason = ""] = (await stack().up()).unfinished;
    assert.match(reason, /does not support a query/);
    assert.equal(stages(1), "r");
    assert.ok(rig.host.sleeps.reduce((sum, ms) => sum + ms, 0) < 540_000, "not to the end of the wait");
  });

  it("restores both direct licences when users of two parallel units leave the group right before the write", async () => {
    const leavers = [last(0), first(1)];
    for (const userId of leavers) {
      atTheWriteOf(userId, () => rig.emulator.tenant.leaveGroup(upn(nameOf(userId)), "All users"));
    }
    const one = stack();
    const [reason = ""] = (await one.up()).unfinished;
    rig.emulator.clock.advance(600_000);
    assert.deepEqual(rig.emulator.history.losses(), []);
    for (const userId of leavers.filter((each) => reason.includes(each))) assert.ok(stillDirect().has(userId));
    assert.ok(reason.includes(last(0)));
    assert.equal(reason.match(/See in the group's audit log/g)?.length, 1, "the way out is told once");
    assert.deepEqual(stages(2).includes("w"), false);
    assert.deepEqual((await one.up()).unfinished, []);
    assert.deepEqual([...stillDirect()].sort(), [...leavers].sort());
  });
});
