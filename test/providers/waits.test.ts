import assert from "node:assert/strict";
import type { FaultEffect } from "../../emulator";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { ems, GROUPS, idOf, NAMES, tenant, upn } from "./tenants";

const EVERYONE: SmallStackFile = { groups: GROUPS, waves: [wave("everyone", percent(100))], applyThrough: "everyone" };
const CLEO = idOf("cleo");
const HER_WRITE = { path: /assignLicense/, userId: CLEO };
const NINE_MINUTES: FaultEffect = { status: 429, retryAfter: 540 };
const WHY = "a stop was requested";

/** A wait may see a stop this much later. */
const STEP_MS = 5_000;

describe("a run that Graph lets wait", function () {
  this.timeout(120_000);
  const rig = rigOf({}, () => tenant());

  const directOf = (id: string) => rig.emulator.tenant.directAssignments().filter(({ userId }) => userId === id);
  const slept = () => rig.host.sleeps.reduce((sum, ms) => sum + ms, 0);
  const isWaiting = () => rig.host.statuses.at(-1)?.startsWith("throttled until") === true;
  const timeIn = (ms: number) => new Date(rig.host.now() + ms).toISOString().slice(11, 19);

  /** Time of the request to stop, counted from the first wait for Graph. */
  function stopInTheWait(afterMs: number): void {
    let sinceMs: number | null = null;
    rig.host.onSleep = () => {
      if (isWaiting()) sinceMs ??= rig.host.now();
    };
    rig.host.stop = () => (sinceMs !== null && rig.host.now() - sinceMs >= afterMs ? WHY : null);
  }

  /** Everything up to the first wave is done, and the wave is planned. */
  async function withTheWaveAhead(): Promise<SmallStack> {
    const stack = new SmallStack(rig, { ...EVERYONE, applyThrough: null });
    await stack.up();
    stack.file = EVERYONE;
    return stack;
  }

  for (const [what, then, words, status] of [
    ["429", { status: 429, retryAfter: 540 }, "throttled", 429],
    ["503", { status: 503, retryAfter: 540 }, "Graph unavailable", 503],
  ] as const) {
    it(`says in its row by what (${what}) and until when, for a write and for a read`, async () => {
      const stack = await withTheWaveAhead();
      rig.emulator.faults.add({ match: HER_WRITE, times: 1, then });
      const atTheWrite = `${words} until ${timeIn(540_000)} UTC (${status})`;
      await stack.up();
      assert.equal(rig.host.statuses.filter((text) => text === atTheWrite).length, 540_000 / STEP_MS, atTheWrite);

      rig.emulator.tenant.assignDirect(upn("cleo"), "EMS");
      let atTheRead = "";
      await stack.up(() => {
        rig.emulator.faults.add({ match: { path: /^\/\$batch$/, inBatch: false }, times: 1, then });
        atTheRead = `${words} until ${timeIn(540_000)} UTC (${status})`;
      });
      assert.ok(rig.host.statuses.includes(atTheRead), atTheRead);
      assert.deepEqual(rig.emulator.requests.early(), []);
    });
  }

  for (const [when, afterMs, longestMs] of [
    ["at once", 0, STEP_MS],
    ["in its middle", 250_000, 250_000 + STEP_MS],
    ["at its very end", 540_000, 540_000],
  ] as const) {
    it(`a stop ${when} ends the wait of a removal: waiting users are not written to, and the next run goes on`, async () => {
      const rule = rig.emulator.faults.add({ match: HER_WRITE, then: NINE_MINUTES });
      stopInTheWait(afterMs);
      const stack = new SmallStack(rig, EVERYONE);
      assert.deepEqual((await stack.up()).unfinished, [
        `wave everyone (1 of 1) halted: ${WHY}. Stopped after 6 of 6 users of this part: 7 direct assignments removed, ` +
          "0 users blocked; no user is left to look at. No later wave was begun. Run pulumi up again: it goes on from here.",
      ]);
      assert.ok(slept() <= longestMs, `waited ${slept()} ms`);
      assert.equal(rule.hits, 1, "refused once, and not sent again");
      assert.deepEqual([directOf(CLEO).length, stack.wave().pending, stack.wave().status], [1, { EMS: 1 }, "halted"]);

      rule.remove();
      rig.host.stop = () => null;
      rig.emulator.clock.advance(540_000);
      assert.deepEqual(await stack.up(), { ran: ["baseline", "everyone-1"], unfinished: [] });
      assert.deepEqual([rig.emulator.tenant.directAssignments(), rig.emulator.history.losses()], [[], []]);
      assert.deepEqual(rig.emulator.requests.early(), []);
    });
  }

  for (const [what, match] of [
    ["as a whole", { path: /^\/\$batch$/, inBatch: false }],
    ["in a batch", { method: "GET", userId: CLEO, inBatch: true }],
  ] as const) {
    it(`a stop ends the wait of a proof with a read throttled ${what}: nothing is written`, async () => {
      const stack = await withTheWaveAhead();
      stopInTheWait(1);
      const ended = await stack.up(() => rig.emulator.faults.add({ match, then: NINE_MINUTES }));
      assert.equal(ended.unfinished.length, 1);
      assert.match(
        ended.unfinished[0] ?? "",
        new RegExp(`^wave everyone \\(1 of 1\\) halted: ${WHY}\\. Stopped after`),
      );
      assert.ok(slept() <= 4 * STEP_MS, "four reads at a time may wait");
      assert.deepEqual([rig.emulator.requests.writes(), stack.wave().pending], [[], { EMS: 6, ENTERPRISEPACK: 2 }]);
    });
  }

  it("no stop ends reading back and putting back: no user stays without a service for it", async () => {
    const breakInheritance = () =>
      rig.emulator.tenant.setAssignmentState(upn("cleo"), "EMS", "All users", { state: "Error", error: "Other" });
    rig.emulator.faults.add({
      match: HER_WRITE,
      times: 1,
      then: () => {
        rig.host.stop = () => WHY;
        rig.emulator.faults.add({ match: { method: "GET", userId: CLEO }, times: 1, then: breakInheritance });
        rig.emulator.faults.add({ match: { method: "GET", userId: CLEO }, times: 1, then: NINE_MINUTES });
        rig.emulator.faults.add({ match: HER_WRITE, times: 1, then: NINE_MINUTES });
        rig.emulator.faults.add({ match: HER_WRITE, times: 1, then: { status: 409 } });
      },
    });
    const stack = new SmallStack(rig, EVERYONE);
    const [reason = ""] = (await stack.up()).unfinished;
    assert.match(reason, /misses .* after the removal; the direct licence was put back/);
    assert.deepEqual(
      directOf(CLEO).map(({ skuId }) => skuId),
      [ems],
    );
    assert.ok(slept() >= 2 * 540_000, `both were waited for: ${slept()} ms`);
    assert.deepEqual(rig.emulator.requests.early(), []);
  });

  it("a stop ends the wait for a group that Entra processes again, and the row says that it waits for one", async () => {
    const stack = await withTheWaveAhead();
    const text = "Entra is processing All users again";
    rig.host.stop = () => (rig.host.statuses.includes(text) ? WHY : null);
    const ended = await stack.up(() => rig.emulator.tenant.setGroupLicenses("All users", [{ sku: "EMS" }]));
    assert.match(ended.unfinished[0] ?? "", new RegExp(`halted: ${WHY}\\.`));
    assert.deepEqual([rig.emulator.requests.writes(), slept() > 0], [[], true]);
  });

  it("a stop ends the gate's waits for Graph", async () => {
    rig.start(tenant({ allUsers: [], finance: [] }));
    stopInTheWait(1);
    let polls = 0;
    rig.emulator.faults.add({
      match: { method: "POST", path: /^\/groups\// },
      times: 1,
      then: () => {
        polls += 1;
        rig.emulator.faults.add({ match: { path: /^\/\$batch$/, inBatch: false }, then: NINE_MINUTES });
      },
    });
    const stack = new SmallStack(rig, { groups: [GROUPS[0] ?? assert.fail()] });
    await assert.rejects(stack.up(), { message: WHY });
    assert.deepEqual([polls, slept() <= STEP_MS], [1, true]);
  });

  it("a stop ends a rollback's wait for Graph, and the next run puts the rest back", async () => {
    const stack = new SmallStack(rig, EVERYONE);
    await stack.up();
    stack.file = { ...EVERYONE, waves: [wave("everyone", percent(100), { rollback: true })] };
    const rule = rig.emulator.faults.add({ match: HER_WRITE, then: NINE_MINUTES });
    stopInTheWait(1);
    assert.deepEqual((await stack.up()).unfinished, [`wave everyone: the rollback halted: ${WHY}`]);
    assert.deepEqual([rule.hits, directOf(CLEO).length, slept()], [1, 0, STEP_MS]);
    rule.remove();
    rig.host.stop = () => null;
    rig.emulator.clock.advance(540_000);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(new Set(rig.emulator.tenant.directAssignments().map(({ userId }) => userId)).size, NAMES.length);
  });
});
