import assert from "node:assert/strict";
import { guidFrom, type Emulator, type TenantSpec } from "../../../emulator";
import { migrationPermissions } from "../../../emulator/directory/spec";
import { EMS } from "../../../emulator/tenants/products";
import type { Quotas } from "../../../graph/pacing/quotas";
import { costOf } from "../../../graph/pacing/price";
import {
  SharedPacers,
  type LicenseWrites,
  connectForWriting,
  type ConnectExtra,
  type WaitCause,
} from "../../../graph/tenant-graph";
import { licensesFor, proven } from "../proofs";
import { watchedEmulator } from "../../contract/watched-emulator";

/** As documented, but for a tenth of the writes: a window is full after a few batches. */
const WRITES = 300;
const WINDOW = 150_000;
const QUOTAS: Quotas = {
  writes: { amount: WRITES, windowMs: WINDOW },
  audits: { amount: 5, windowMs: 10_000 },
  units: [{ fromUsers: 0, amount: 350, windowMs: 10_000 }],
};
const MOST = 0.8 * WRITES;
const userId = (n: number): string => guidFrom(`user ${n}`);
const IDS = Array.from({ length: 1_000 }, (_, n) => userId(n));

const TENANT: TenantSpec = {
  skus: [{ ...EMS, seats: 1_100 }],
  users: IDS.map((id, n) => ({ id, userPrincipalName: `user${n}@contoso.com`, licenses: [{ sku: "EMS" }] })),
  groups: [{ id: guidFrom("group"), displayName: "All users", members: IDS }],
  apps: [
    {
      name: "migration",
      permissions: [...migrationPermissions],
    },
  ],
};

describe("the pacer, plugged in, against a Graph that keeps its quotas", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  let slept: (WaitCause & { readonly ms: number })[];
  let token: Promise<string> | undefined;

  before(async () => {
    emulator = await watchedEmulator({
      tenant: TENANT,
      clock: "manual",
      throttle: { writes: WRITES, units: 350 },
    });
  });

  beforeEach(() => {
    emulator.reset();
    slept = [];
  });

  after(() => emulator.close());

  /** Time passes during waits, and at no other time. */
  function connect(extra: ConnectExtra = {}, pace?: number): LicenseWrites {
    return connectForWriting(
      {
        cloud: { graph: emulator.url, authority: emulator.url },
        tenant: emulator.tenant.id,
        ...(pace === undefined ? {} : { pace }),
      },
      {
        random: () => 0,
        quotas: QUOTAS,
        credential: {
          getToken: async () => ({
            token: await (token ??= signIn(emulator)),
            expiresOnTimestamp: Date.now() + 3_600_000,
          }),
        },
        fetch: emulator.fetch,
        pauses: {
          now: () => emulator.clock.now().getTime(),
          sleep: (ms, why) => {
            slept.push({ ...why, ms });
            emulator.clock.advance(ms);
            return Promise.resolve(null);
          },
        },
        ...extra,
      },
    );
  }

  const ems = () => emulator.tenant.sku("EMS").skuId;
  const workFor = (ids: readonly string[]) => ids.map((id) => ({ userId: id, skuIds: [ems()] }));
  const refusals = () => emulator.requests.count({ status: 429 });
  const writesFrom = (startMs: number, fromMs: number, toMs: number) =>
    emulator.requests
      .writes()
      .map(({ at }) => at.getTime() - startMs)
      .filter((at) => at >= fromMs && at < toMs).length;

  it("writes cause no refusal, and use at least 95 % of the share in each window", async () => {
    const startMs = emulator.clock.now().getTime();
    const outcomes = await connect().assignDirect(licensesFor(workFor(IDS)));
    assert.ok([...outcomes.values()].every(({ kind }) => kind === "done"));
    assert.equal(refusals(), 0);
    for (const from of [0, WINDOW, 2 * WINDOW]) {
      const inWindow = writesFrom(startMs, from, from + WINDOW);
      assert.ok(inWindow <= MOST && inWindow >= 0.95 * MOST, `${inWindow} of ${MOST} from ${from / 1_000} s on`);
    }
    assert.deepEqual(
      [...new Set(slept.map(({ because, limit, status }) => `${because} ${limit} ${status}`))],
      ["paced writes null"],
    );
    assert.ok(Math.max(...slept.map(({ ms }) => ms)) < WINDOW / 5, "no long stop");
  });

  it("a pace that is asked for is kept to", async () => {
    const startMs = emulator.clock.now().getTime();
    await connect({}, 0.5).assignDirect(licensesFor(workFor(IDS.slice(0, 400))));
    assert.ok(writesFrom(startMs, 0, WINDOW) <= 150);
    assert.equal(refusals(), 0);
  });

  it("reads cause no refusal, neither one by one in batches nor of the audit log", async () => {
    const graph = connect();
    assert.equal((await graph.users(IDS)).size, IDS.length);
    for (let n = 0; n < 12; n += 1) await graph.licenseChanges(emulator.clock.now());
    assert.equal(refusals(), 0);
    assert.deepEqual(new Set(slept.map(({ limit }) => limit)), new Set(["units", "audits"]));
  });

  it("takes each read for what Graph says that it was", async () => {
    const graph = connect();
    const group = guidFrom("group");
    await graph.freshUsers(IDS.slice(0, 3), [group]);
    await graph.findUsers(["user1@contoso.com"]);
    await graph.findGroups(["All users"]);
    await graph.groupsWithNested([group]);
    await graph.memberIds([group]);
    for await (const page of graph.holderPages(ems())) assert.ok(page.length > 0);
    for await (const { users } of graph.licensedUserPages()) assert.ok(users.length > 0);
    await graph.skusAndErrors([group]);
    await graph.identity();
    await graph.licenseChanges(emulator.clock.now());
    const single = emulator.requests.all({ status: 200 }).filter(({ path }) => path !== "/$batch");
    assert.ok(single.length > 15, `${single.length} reads`);
    for (const { method, path, units } of single) assert.equal(costOf(method, path).units, units, path);
  });

  it("all connections to a tenant share what there is", async () => {
    const pacers = new SharedPacers();
    for (let n = 0; n < 4; n += 1) {
      await connect({ pacers }).assignDirect(licensesFor(workFor(IDS.slice(n * 100, n * 100 + 100))));
    }
    assert.equal(refusals(), 0);
    assert.ok(slept.length > 0);
  });

  it("a run that finds the quota used up by another one has one batch refused at most, sends nothing too early, and comes to its end", async () => {
    const asIfAlone = { ...QUOTAS, writes: { amount: 10_000, windowMs: WINDOW } };
    await connect({ quotas: asIfAlone }).assignDirect(licensesFor(workFor(IDS.slice(0, 290))));
    assert.equal(refusals(), 0);
    const outcomes = await connect().assignDirect(licensesFor(workFor(IDS.slice(300, 500))));
    assert.ok([...outcomes.values()].every(({ kind }) => kind === "done"));
    const refused = refusals();
    assert.ok(refused > 0 && refused <= 20, `${refused} refusals`);
    assert.deepEqual(emulator.requests.early(), []);
  });

  const readTwice: [what: string, path: RegExp, read: (graph: LicenseWrites) => Promise<unknown>][] = [
    ["one in a batch", /^\/groups\//, (graph) => graph.freshUsers([userId(0)], [guidFrom("group")])],
    ["a whole batch", /^\/\$batch/, (graph) => graph.users([userId(1)])],
    ["one by itself", /^\/organization/, (graph) => graph.identity()],
  ];
  for (const [what, path, read] of readTwice) {
    it(`a read that Graph asks to come back for later, ${what}, waits on every connection, however urgent`, async () => {
      const pacers = new SharedPacers();
      const now = () => emulator.clock.now().getTime();
      emulator.faults.add({ match: { path }, times: 1, then: { status: 503, retryAfter: 60 } });
      const urgent = connect({ pacers }).waitingBy((ms) => {
        emulator.clock.advance(ms);
        return Promise.resolve(null);
      }, true);
      const startMs = now();
      const pauses = { now, sleep: () => read(urgent).then(() => null) };
      await read(connect({ pacers, pauses }));
      assert.deepEqual(emulator.requests.early(), []);
      assert.equal(now() - startMs, 60_000, "and no longer than that");
      assert.equal(emulator.requests.count({ status: 503 }), 1);
    });
  }

  for (const [what, path] of [
    ["one in a batch", /assignLicense/],
    ["a whole batch", /^\/\$batch/],
  ] as const) {
    it(`a write that was given up, ${what}, is not sent again before its quarter of an hour is over`, async () => {
      emulator.faults.add({ match: { path }, times: 1, then: { status: 503, retryAfter: 900 } });
      const graph = connect();
      const work = licensesFor(workFor([userId(0), userId(1)]));
      const first = [...(await graph.assignDirect(work)).values()].filter(({ kind }) => kind === "failed");
      assert.ok(first.length > 0);
      const second = await graph.assignDirect(work);
      assert.deepEqual(emulator.requests.early(), []);
      const unclear = [...second.values()].filter(({ kind }) => kind === "failed");
      assert.deepEqual([unclear, Math.max(...slept.map(({ ms }) => ms))], [[], 900_000]);
    });
  }

  it("a read that stands in line hears, too, that it is to come back for later", async () => {
    const pacers = new SharedPacers();
    const now = () => emulator.clock.now().getTime();
    const startMs = now();
    const impatient = connect({ pacers, pauses: { now, sleep: () => Promise.resolve("no time") } });
    const group = (graph: LicenseWrites) => graph.freshUsers([userId(0)], [guidFrom("group")]);
    emulator.faults.add({ match: { path: /^\/organization/ }, times: 1, then: { status: 429, retryAfter: 5 } });
    await assert.rejects(impatient.identity(), /no time/);
    emulator.faults.add({ match: { path: /^\/groups\// }, times: 1, then: { status: 503, retryAfter: 60 } });
    const urgent = impatient.waitingBy(() => Promise.resolve("no time"), true);
    const waits: number[] = [];
    const sleep = async (ms: number) => {
      waits.push(ms);
      if (waits.length === 1) await assert.rejects(group(urgent), /no time/);
      emulator.clock.advance(ms);
      return null;
    };
    await group(connect({ pacers, pauses: { now, sleep } }));
    assert.deepEqual([waits, now() - startMs], [[5_000, 55_000], 60_000]);
    assert.deepEqual(emulator.requests.early(), []);
  });

  it("what Graph asks of one request, all others of that limit wait for, on every connection; reads go on", async () => {
    const pacers = new SharedPacers();
    emulator.faults.add({
      match: { path: /assignLicense/, userId: userId(0) },
      times: 1,
      then: { status: 429, retryAfter: 60 },
    });
    const refusedMs = emulator.clock.now().getTime();
    const [outcome] = (await connect({ pacers }).removeDirect(proven(workFor([userId(0)])))).values();
    assert.deepEqual(outcome, { kind: "failed", failure: { kind: "throttled", retryAfterMs: 60_000 } });
    const other = connect({ pacers });
    assert.deepEqual(other.pace().held, { limit: "writes", untilMs: refusedMs + 60_000 });
    await other.users([userId(1)]);
    assert.deepEqual(slept, []);
    await other.assignDirect(licensesFor(workFor([userId(1)])));
    const [, second] = emulator.requests.writes();
    assert.equal(second?.at.getTime(), refusedMs + 60_000);
    assert.deepEqual(
      slept.map(({ because, limit, status, ms }) => [because, limit, status, ms]),
      [["throttled", "writes", 429, 60_000]],
    );
  });

  it("a read-back does not wait for the delay that other requests were asked", async () => {
    const pacers = new SharedPacers();
    emulator.faults.add({ match: { path: /assignLicense/ }, times: 1, then: { status: 429, retryAfter: 60 } });
    const graph = connect({ pacers });
    await graph.removeDirect(proven(workFor([userId(0)])));
    const urgent = graph.waitingBy(() => assert.fail("it waits"), true);
    assert.deepEqual([...(await urgent.assignDirect(licensesFor(workFor([userId(1)])))).values()], [{ kind: "done" }]);
  });

  describe("a removal", () => {
    /** All that may go at once has gone. */
    async function withBurstUsedUp(): Promise<LicenseWrites> {
      const graph = connect();
      await graph.assignDirect(licensesFor(workFor(IDS.slice(0, MOST / 2))));
      assert.deepEqual(slept, []);
      return graph;
    }
    const last = IDS.slice(-40);

    it("is never kept waiting: without room it is not sent, and says when it could be", async () => {
      const graph = await withBurstUsedUp();
      const sentBefore = emulator.requests.writes().length;
      const outcomes = await graph.removeDirect(proven(workFor(last)));
      assert.equal(outcomes.size, last.length);
      for (const outcome of outcomes.values()) {
        assert.ok(outcome.kind === "failed" && outcome.failure.kind === "paced" && outcome.failure.retryAfterMs > 0);
      }
      assert.deepEqual([emulator.requests.writes().length, slept], [sentBefore, []]);
    });

    it("waits for its room before the proof is read, and then goes at once, in as many calls as it likes", async () => {
      const graph = await withBurstUsedUp();
      const room = await graph.reserveWrites(last.length);
      const waits = slept.length;
      assert.ok(waits > 0);
      for (const half of [last.slice(0, 20), last.slice(20)]) {
        const outcomes = await graph.removeDirect(proven(workFor(half)), room);
        assert.ok([...outcomes.values()].every(({ kind }) => kind === "done"));
      }
      room.release();
      assert.equal(slept.length, waits);
      assert.equal(refusals(), 0);
    });

    it("a wait for room ends at a request to stop", async () => {
      const graph = await withBurstUsedUp();
      const stopping = graph.waitingBy(() => Promise.resolve("a stop was requested"));
      await assert.rejects(stopping.reserveWrites(40), { message: "a stop was requested" });
      assert.equal(graph.pace().waiting, null, "it does not stand in the line any more");
    });
  });
});

async function signIn(emulator: Emulator): Promise<string> {
  const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = emulator.credentials();
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: AZURE_CLIENT_ID,
    client_secret: AZURE_CLIENT_SECRET,
    scope: `${emulator.url}/.default`,
  });
  const answer = await emulator.fetch(`${emulator.url}/${AZURE_TENANT_ID}/oauth2/v2.0/token`, {
    method: "POST",
    body: form.toString(),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}
