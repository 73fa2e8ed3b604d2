import assert from "node:assert/strict";
import type { FaultEffect, FaultMatch } from "../../emulator";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { GROUPS, idOf, NAMES, tenant } from "./tenants";

const EVERYONE: SmallStackFile = { groups: GROUPS, waves: [wave("everyone", percent(100))], applyThrough: "everyone" };
const USER_WRITE = /^\/users\/[^/]+\/assignLicense/;
const NO_ANSWER =
  "wave everyone (1 of 1) halted: Graph gave no clear answer for 1 user, again and again. Run pulumi up again later. " +
  "Stopped after 6 of 6 users of this part: 7 direct assignments removed, 0 users blocked; no user is left to look at. " +
  "No later wave was begun. Run pulumi up again: it goes on from here.";

describe("DirectLicenseRemoval in a storm", function () {
  this.timeout(120_000);
  const rig = rigOf();

  const cleo: FaultMatch = { path: USER_WRITE, userId: idOf("cleo") };
  const writesTo = (name: string) =>
    rig.emulator.requests.all({ method: "POST", path: new RegExp(`^/users/${idOf(name)}/`) });

  /** Rests on what was read after the write before: never two writes for a user without a read between them. */
  function assertReadBeforeEachWrite(): void {
    for (const name of NAMES) {
      const kinds = rig.emulator.requests
        .all({ path: new RegExp(`^/users/${idOf(name)}`) })
        .map(({ method, path }) => (method === "POST" ? "w" : path.includes("memberOf") ? "m" : "r"));
      assert.doesNotMatch(kinds.join(""), /ww|^w/, `${name}: ${kinds.join("")}`);
    }
  }

  /** The number of batches before the one with the first writes. */
  async function batchesBeforeTheFirstWrite(): Promise<number> {
    rig.start(tenant());
    await new SmallStack(rig, EVERYONE).up();
    const all = rig.emulator.requests.all();
    const first = all.findIndex(({ path }) => USER_WRITE.test(path));
    return all.slice(0, first).filter(({ path }) => path === "/$batch").length - 1;
  }

  const ofOne: [what: string, then: FaultEffect][] = [
    ["done, and the answer lost (504)", "lost"],
    ["done, and answered with 500", { status: 500, afterDoing: true }],
    ["done, and answered with 503", { status: 503, afterDoing: true }],
    ["not done, and answered with 504", { status: 504 }],
    ["not done, and answered with 502", { status: 502 }],
    ["not done, and no answer at all", "reset"],
    ["refused with 429", { status: 429, retryAfter: 7 }],
    ["refused with 503 and a time to wait", { status: 503, retryAfter: 7 }],
    ["locked", { status: 409 }],
    ["an expired token", { status: 401 }],
  ];
  for (const [what, then] of ofOne) {
    it(`one write ${what}: read, decided again, and right in the end`, async () => {
      rig.start(tenant());
      // A token is renewed once; refused twice, it is refused.
      rig.emulator.faults.add({ match: cleo, times: what === "an expired token" ? 1 : 2, then });
      const stack = new SmallStack(rig, EVERYONE);
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.deepEqual(rig.emulator.tenant.directAssignments(), []);
      assert.deepEqual(rig.emulator.history.losses(), []);
      assert.deepEqual(stack.wave().lastRemoved, { EMS: 6, ENTERPRISEPACK: 2 });
      assert.equal(writesTo("dan").length, 1, "her neighbours are written once");
      if (what !== "an expired token") assertReadBeforeEachWrite();
      assert.deepEqual(rig.emulator.requests.early(), []);
      assert.deepEqual(await stack.preview(), []);
    });
  }

  const ofAll: [what: string, then: FaultEffect][] = [
    ["done, and the connection breaks", "lost"],
    ["done, and answered with 504", { status: 504, afterDoing: true }],
    ["not done, and the connection breaks", "reset"],
    ["not done, and answered with 502", { status: 502 }],
    ["refused with 429", { status: 429, retryAfter: 11 }],
    ["refused with 503 and a time to wait", { status: 503, retryAfter: 11 }],
  ];
  for (const [what, then] of ofAll) {
    it(`a whole batch of writes ${what}: the same`, async () => {
      const after = await batchesBeforeTheFirstWrite();
      rig.start(tenant());
      const rule = rig.emulator.faults.add({ match: { path: /^\/\$batch$/, inBatch: false }, after, times: 1, then });
      const stack = new SmallStack(rig, EVERYONE);
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.equal(rule.hits, 1);
      assert.deepEqual(rig.emulator.tenant.directAssignments(), []);
      assert.deepEqual(rig.emulator.history.losses(), []);
      assert.deepEqual(stack.wave().lastRemoved, { EMS: 6, ENTERPRISEPACK: 2 });
      assertReadBeforeEachWrite();
      assert.deepEqual(rig.emulator.requests.early(), []);
    });
  }

  it("waits at least Graph's Retry-After when throttled, then reads the user again", async () => {
    rig.start(tenant());
    rig.emulator.faults.add({ match: cleo, times: 3, then: { status: 429, retryAfter: 37 } });
    await new SmallStack(rig, EVERYONE).up();
    assert.equal(
      rig.host.sleeps.reduce((sum, ms) => sum + ms, 0),
      3 * 37_000,
    );
    assert.deepEqual(rig.emulator.requests.early(), []);
    assertReadBeforeEachWrite();
  });

  for (const [what, then] of [
    ["lost", { status: 504 }],
    ["throttled", { status: 429, retryAfter: 5 }],
  ] as const) {
    it(`a user with writes that are ${what} all the time is not done: the wave halts, and the next run goes on`, async () => {
      rig.start(tenant());
      const rule = rig.emulator.faults.add({ match: cleo, then });
      const stack = new SmallStack(rig, EVERYONE);
      assert.deepEqual((await stack.up()).unfinished, [NO_ANSWER]);
      const { status, lastRemoved, pending, doneAt } = stack.wave();
      assert.deepEqual(
        [status, lastRemoved, pending, doneAt],
        ["halted", { EMS: 5, ENTERPRISEPACK: 2 }, { EMS: 1 }, null],
      );
      rule.remove();
      assert.deepEqual(await stack.up(), { ran: ["baseline", "everyone-1"], unfinished: [] });
      assert.deepEqual([rig.emulator.tenant.directAssignments(), stack.wave().status], [[], "done"]);
    });
  }

  const noNetwork = (code: string) =>
    new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });

  it("a network that is away for a minute is waited for, and the users are read again", async () => {
    rig.start(tenant());
    let left = 3;
    rig.host.network = (body) => (body.includes("assignLicense") && left-- > 0 ? noNetwork("ECONNREFUSED") : null);
    const stack = new SmallStack(rig, EVERYONE);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.ok(left < 0 && rig.host.sleeps.length >= 3);
    assert.deepEqual([rig.emulator.tenant.directAssignments(), rig.emulator.history.losses()], [[], []]);
    assertReadBeforeEachWrite();
  });

  it("one that stays away halts the wave, and a certificate that is not trusted does at once", async () => {
    for (const [code, longest] of [
      ["ECONNREFUSED", Infinity],
      ["DEPTH_ZERO_SELF_SIGNED_CERT", 1],
    ] as const) {
      rig.start(tenant());
      let tried = 0;
      rig.host.network = (body) => {
        if (!body.includes("assignLicense")) return null;
        tried += 1;
        return noNetwork(code);
      };
      const stack = new SmallStack(rig, EVERYONE);
      assert.match((await stack.up()).unfinished[0] ?? "", /cannot be reached/);
      assert.ok(tried >= 1 && tried <= longest, `${code}: ${tried}`);
      assert.deepEqual([stack.wave().lastRemoved, rig.emulator.requests.writes()], [{}, []]);
    }
  });

  it("a licensing group that cannot be read right before the write halts the wave: unknown is never safe", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, { ...EVERYONE, applyThrough: null });
    await stack.up();
    stack.file = EVERYONE;
    const before = rig.emulator.requests.writes().length;
    const ended = await stack.up(() => {
      rig.emulator.faults.add({
        match: { method: "GET", path: /^\/groups\/[^/]+\?/, inBatch: true },
        then: { status: 403 },
      });
    });
    assert.match(ended.unfinished[0] ?? "", /a licensing group .* could not be read right before the removal/);
    assert.equal(rig.emulator.requests.writes().length, before);
  });

  it("a Graph that answers no read any more halts the wave with nothing removed", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, { ...EVERYONE, applyThrough: null });
    await stack.up();
    stack.file = EVERYONE;
    const ended = await stack.up(() => {
      rig.emulator.faults.add({ match: { path: /^\/\$batch$/, inBatch: false }, then: { status: 503 } });
    });
    assert.match(ended.unfinished[0] ?? "", /unavailable \(503\)/);
    assert.deepEqual([stack.wave().lastRemoved, rig.emulator.requests.writes()], [{}, []]);
  });
});

describe("DirectLicenseRemoval under the tenant's own quota", function () {
  this.timeout(120_000);
  const rig = rigOf({ throttle: { writes: 4, writesWindowMs: 60_000 } });

  it("is slower, never early, and as right", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, EVERYONE);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(rig.emulator.tenant.directAssignments(), []);
    assert.ok(rig.emulator.requests.count({ status: 429 }) > 0, "the quota was used up");
    assert.deepEqual(rig.emulator.requests.early(), []);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });
});
