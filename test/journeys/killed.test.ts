import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { seedTenant } from "../../emulator/tenants/seed";
import { unpackIds } from "../../licensing/compact-ids";
import { standing } from "../../licensing/wave-membership";
import { EngineWords } from "./engine-words";
import { journeyOf, seedStackFile } from "./journey";

const USERS = 120;
const FINANCE = 24;
const CANARY = 20;

/** What the embedded Graph is asked about single users while they are moved: two reads, a write, a read back each. */
const REQUESTS_PER_USER = 4;

/** As many as the product reads, proves and writes at a time, with two groups. */
const UNIT = 19;

/** Which processes of a run are killed. */
type Victim = "the engine" | "the provider" | "everything";

killedJourney("the engine", 11, "a killed engine: the provider ends after the unit in hand, and the next up goes on");
killedJourney("the provider", 22, "a killed provider: the engine says so, and the next up goes on");
killedJourney("everything", 33, "a machine that is lost: the next up goes on");

function killedJourney(victim: Victim, seed: number, title: string): void {
  describe(`journey: ${title}`, function () {
    this.timeout(120_000);

    const tenant = () => seedTenant({ users: USERS, finance: FINANCE });
    const journey = journeyOf(() => ({ tenant: tenant(), processing: { joinMs: 100 }, latencyMs: 30 }), {
      ...seedStackFile,
      "licensing:waves": [
        { name: "canary", count: CANARY },
        { name: "everyone", percent: 100 },
      ],
      "licensing:applyThrough": "everyone",
    });
    const random = sequence(seed);
    const providers: number[] = [];

    // The first comes in the canary, while its resource is being made; the others in the middle of what is left.
    const kills = [
      Math.floor(random() * CANARY * REQUESTS_PER_USER),
      CANARY * REQUESTS_PER_USER + Math.floor(random() * (USERS - 3 * CANARY) * REQUESTS_PER_USER),
    ];

    for (const [index, after] of kills.entries()) {
      it(`kill ${index + 1}, after ${after} requests about single users: nothing is written past the unit in hand`, async () => {
        const { requests } = journey.emulator;
        const { said, writesBefore, provider } = await upKilled(after);
        assert.notEqual(said.code, 0);
        await untilStill();
        const later = requests.writes().length - writesBefore;
        assert(later <= UNIT, `${later} writes after the kill`);
        if (victim !== "the engine") assert.equal(isAlive(provider), false);
        assert.deepEqual(journey.emulator.history.losses(), [], "whatever was in hand");
      });

      if (victim === "the provider") continue;
      it(`kill ${index + 1}: the stack is locked, which an up says before it writes anything, until the user unlocks it`, async () => {
        const said = await journey.upRefused({});
        assert.match(said.text, /the stack is currently locked/);
        const cancelled = new EngineWords(
          await journey.stack.start(["cancel", "--yes", "--stack", "contoso"], "pipe").ended,
        );
        assert.equal(cancelled.code, 0, cancelled.text);
      });
    }

    it("the next up goes on to the same end", async () => {
      await journey.up();
      const { tenant, history } = journey.emulator;
      assert.equal(tenant.directAssignmentCount("EMS"), 0);
      assert.equal(tenant.directAssignmentCount("ENTERPRISEPACK"), 0);
      assert.deepEqual(
        [...history.removals()].map(([skuId, count]) => [tenant.sku(skuId).skuPartNumber, count]).sort(),
        [
          ["EMS", USERS],
          ["ENTERPRISEPACK", FINANCE],
        ],
        "each once",
      );
    });

    it("outputs are right, and the canary is made of the same people", async () => {
      const { slices, outputs } = await journey.state();
      const first = tenant()
        .users?.map(({ id = "" }) => id)
        .sort((a, b) => standing(a) - standing(b))
        .slice(0, CANARY);
      assert.deepEqual([...unpackIds(slices["canary-1"]?.__taken ?? "")].sort(), first?.sort());
      const inFinance = new Set(tenant().groups?.[1]?.members);
      const financeInCanary = first?.filter((id) => inFinance.has(id)).length ?? 0;
      for (const [name, removed] of [
        ["canary", { EMS: CANARY, ENTERPRISEPACK: financeInCanary }],
        ["everyone", { EMS: USERS - CANARY, ENTERPRISEPACK: FINANCE - financeInCanary }],
      ] as const) {
        const { doneAt, ...wave } = outputs.waves[name] ?? assert.fail();
        assert.deepEqual(wave, { removed, pending: {}, blocked: {} });
        assert(doneAt !== null);
      }
    });

    it("the nightly check passes", async () => {
      await journey.nightlyCheck();
    });

    it("the provider that was left over has ended by itself", async () => {
      await until(() => !providers.some(isAlive), 20_000, "a provider lives on after its engine");
    });

    it("nobody was ever without anything, and nobody's licence was removed twice", () => {
      const { history, requests } = journey.emulator;
      assert.deepEqual(history.losses(), []);
      assert.deepEqual(
        requests.writes().filter(({ status }) => status >= 400),
        [],
      );
    });

    after(() => {
      for (const provider of providers) if (isAlive(provider)) kill(provider);
    });

    /** An `up` in which the victim is killed when the tenant is asked about single users for the given time. */
    async function upKilled(after: number) {
      const { stack, emulator } = journey;
      const started = stack.start(stack.words(["up", "--yes", "--skip-preview"]), "pipe");
      const engine = started.child.pid ?? assert.fail("the engine did not start");
      let killed: { writesBefore: number; provider: number } | undefined;
      const fault = emulator.faults.add({
        match: { path: /^\/users\/[^?]/, inBatch: true },
        after,
        times: 1,
        then: () => {
          const family = descendantsOf(engine);
          const provider = family.find(({ command }) => /node .*dynamic-provider/.test(command)) ?? assert.fail();
          providers.push(provider.id);
          killed = { writesBefore: emulator.requests.writes().length, provider: provider.id };
          if (victim !== "the provider") kill(engine);
          if (victim !== "the engine") kill(provider.id);
          if (victim === "everything") for (const { id } of family) kill(id);
        },
      });
      const said = new EngineWords(await started.ended);
      fault.remove();
      assert(killed, `nothing was killed: ${said.text}`);
      return { said, ...killed };
    }

    /** Nothing is asked of the tenant any more. */
    async function untilStill(): Promise<void> {
      const { requests } = journey.emulator;
      let seen = -1;
      let sameFor = 0;
      await until(
        () => {
          sameFor = requests.all().length === seen ? sameFor + 1 : 0;
          seen = requests.all().length;
          return sameFor >= 10;
        },
        20_000,
        "requests go on and on",
      );
    }
  });
}

interface Process {
  readonly id: number;
  readonly parent: number;
  readonly state: string;
  readonly command: string;
}

function processes(): readonly Process[] {
  return execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat=,args="], { encoding: "utf8", maxBuffer: 1 << 26 })
    .split("\n")
    .flatMap((line) => {
      const [, id, parent, state = "", command = ""] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
      return id === undefined ? [] : [{ id: Number(id), parent: Number(parent), state, command }];
    });
}

function descendantsOf(ancestor: number, all = processes()): readonly Process[] {
  return all.filter(({ parent }) => parent === ancestor).flatMap((child) => [child, ...descendantsOf(child.id, all)]);
}

/** A process that has ended and that nobody has asked about yet is not alive. */
function isAlive(id: number): boolean {
  return processes().some((each) => each.id === id && !each.state.startsWith("Z"));
}

function kill(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Looks again and again until it is so, or the time is over. */
async function until(isSo: () => boolean, withinMs: number, otherwise: string): Promise<void> {
  const endMs = Date.now() + withinMs;
  while (!isSo()) {
    assert(Date.now() < endMs, otherwise);
    await pause(100);
  }
}

/** The same seed, the same numbers from 0 to 1. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
