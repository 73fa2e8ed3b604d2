import assert from "node:assert/strict";
import { copyFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { EmulatorOptions, TenantSpec } from "../../emulator";
import { migrationPermissions } from "../../emulator/directory/spec";
import { seedTenant } from "../../emulator/tenants/seed";
import { unpackIds } from "../../licensing/compact-ids";
import { standing } from "../../licensing/wave-membership";
import { cutShortStates } from "../../tools/engine/cut-short-state";
import { EngineWords } from "./engine-words";
import { journeyOf, seedStackFile } from "./journey";
import { KILLS_PER_ROUND, killsOf, matchOf, whereItWas, type Kill, type Victim } from "./kills";
import { familyOf, isAlive, kill, until, type Family } from "./processes";

/** Enough that users are left for the last kill: a run moves a hundred or two before it is killed. */
const USERS = 1_200;
const FINANCE = 240;
const CANARY = 20;

/** Many waves: a run whose program is killed still ends the part that it has in hand. */
const PERCENTS = [8, 16, 25, 33, 41, 50, 58, 66, 75, 83, 91, 100];

/** As many as the product reads, proves and writes at a time, with two groups. */
const UNIT = 59;

/** `npm run prove:kills` asks for more; its seed is that of the first round, and each round has the next one. */
const firstSeed = Number(process.env["PROVE_KILLS_SEED"] ?? 1);
const rounds = Math.ceil(Number(process.env["PROVE_KILLS_TIMES"] ?? KILLS_PER_ROUND) / KILLS_PER_ROUND);

for (let seed = firstSeed; seed < firstSeed + rounds; seed += 1) killedJourney(seed);

/** A run that was killed: what it wrote can be told from what others wrote, because each run signs in as another app. */
interface Killed {
  readonly hit: Victim;
  readonly app: string;
  /** How many requests had come when it was killed. */
  readonly requestsBefore: number;
  readonly provider: number | undefined;
  readonly where: string;
}

function killedJourney(seed: number): void {
  describe(`journey: a migration that is killed ${KILLS_PER_ROUND} times on its way (npm run prove:kills -- --times ${KILLS_PER_ROUND} --seed ${seed})`, function () {
    this.timeout(120_000);

    const journey = journeyOf(tenant, {
      ...seedStackFile,
      "licensing:waves": [
        { name: "canary", count: CANARY },
        ...PERCENTS.map((percent) => ({ name: `to-${percent}`, percent })),
      ],
      "licensing:applyThrough": "to-100",
    });
    const killed: Killed[] = [];
    let locks = 0;

    killsOf(seed).forEach((each, index) => {
      const when = `${each.after} requests and ${each.delayMs} ms`;
      it(`kill ${index + 1}: ${each.victim}, where ${each.place}, after ${when}`, async () => {
        await unlock();
        const { said, ...run } = await upKilled(each, `run ${index + 1}`);
        killed.push(run);
        assert.notEqual(said.code, 0, said.text);
        assert.deepEqual(journey.emulator.history.losses(), [], "whatever was in hand");
      });
    });

    it("the kills came before the waves and in them, and at least seven in the middle of writing", () => {
      const places = killed.map(({ where }) => where);
      const count = (where: string) => places.filter((each) => each === where).length;
      assert(count("users in writing") >= 7, places.join("; "));
      assert(count("users in reading") + count("users in reading back") >= 4, places.join("; "));
      assert(places.includes("before the waves"), places.join("; "));
    });

    it("the next up goes on to the same end", async () => {
      await unlock();
      assert(locks >= 5, `the stack was locked only ${locks} times`);
      await journey.up();
      const { tenant, history, requests } = journey.emulator;
      assert.deepEqual(tenant.directAssignments(), []);
      assert.deepEqual(
        [...history.removals()].map(([skuId, count]) => [tenant.sku(skuId).skuPartNumber, count]).sort(),
        [
          ["EMS", USERS],
          ["ENTERPRISEPACK", FINANCE],
        ],
      );
      const done = requests.writes().filter(({ status }) => status >= 200 && status < 300);
      assert.equal(done.length, USERS + 2, "two groups and every user");
      assert.equal(new Set(done.map(({ path }) => path)).size, done.length, "each once");
      assert.deepEqual(
        requests.writes().filter(({ status }) => status >= 400),
        [],
        "and nothing was tried that was done already",
      );
    });

    it("outputs are right, and the canary is made of the people that the first run would have chosen", async () => {
      const { slices, outputs } = await journey.state();
      const ids = tenant().tenant.users?.map(({ id = "" }) => id) ?? [];
      const inOrder = [...ids].sort((a, b) => standing(a) - standing(b));
      const canary = inOrder.slice(0, CANARY);
      assert.deepEqual([...unpackIds(slices["canary-1"]?.__taken ?? "")].sort(), [...canary].sort());
      const inFinance = new Set(ids.slice(0, FINANCE));
      const shares = PERCENTS.map((percent, index) => {
        const from = (PERCENTS[index - 1] ?? 0) / 100;
        const users = inOrder.filter((id) => standing(id) >= from && standing(id) < percent / 100);
        return [`to-${percent}`, users.filter((id) => !canary.includes(id))] as const;
      });
      for (const [name, users] of [["canary", canary] as const, ...shares]) {
        const { doneAt, ...wave } = outputs.waves[name] ?? assert.fail();
        const removed = { EMS: users.length, ENTERPRISEPACK: users.filter((id) => inFinance.has(id)).length };
        assert.deepEqual(wave, { removed, pending: {}, blocked: {} }, name);
        assert(doneAt !== null);
      }
    });

    it("the nightly check passes", async () => {
      await journey.nightlyCheck();
    });

    it("no provider outlived its engine, or wrote anything past the unit that it had in hand", async () => {
      const left = () => killed.filter(({ provider }) => provider !== undefined && isAlive(provider));
      await until(() => left().length === 0, 20_000, "a provider lives on after its engine");
      const { requests } = journey.emulator;
      // Where only the program is killed, the engine is still there, and ends in good order what it has in hand.
      for (const { hit, app, requestsBefore, where } of killed.filter((each) => each.hit !== "the program")) {
        const late = requests.writes().filter((each) => each.app === app && each.number >= requestsBefore).length;
        assert(late <= UNIT, `${late} writes after ${hit} was killed (${where})`);
      }
    });

    it("nobody was ever without anything", () => {
      assert.deepEqual(journey.emulator.history.losses(), []);
    });

    after(() => {
      for (const { provider } of killed) if (provider !== undefined && isAlive(provider)) kill(provider);
    });

    /** A killed engine leaves the stack locked, once it has begun; the next run says so, writes nothing, and names the way out. */
    async function unlock(): Promise<void> {
      // As `npm run pulumi` says, where the engine was killed while it wrote the state.
      for (const { file, before } of cutShortStates(
        journey.stack.environment["PULUMI_BACKEND_URL"],
        "entra-group-licensing",
      )) {
        copyFileSync(before, file);
      }
      const folder = join(journey.stack.folder, "state", ".pulumi", "locks");
      const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
      const isLocked = files.some((file) => file.endsWith(".json"));
      if (!isLocked) return;
      locks += 1;
      if (locks === 1) {
        const said = await journey.upHalted();
        assert.match(said.text, /the stack is currently locked[^]*pulumi cancel/);
        const app = journey.emulator.credentials().AZURE_CLIENT_ID;
        assert.equal(journey.emulator.requests.count({ app }), 0, "it has not even asked");
      }
      const words = ["cancel", "--yes", "--stack", journey.stack.name];
      const cancelled = new EngineWords(await journey.stack.start(words, "pipe").ended);
      assert.equal(cancelled.code, 0, cancelled.text);
    }

    /** An `up` that is killed when its moment has come. */
    async function upKilled(each: Kill, appName: string): Promise<Killed & { readonly said: EngineWords }> {
      const { stack, emulator } = journey;
      const { requests } = emulator;
      const credentials = emulator.credentials(appName);
      const app = credentials.AZURE_CLIENT_ID;
      const earlier = requests.all().length;
      const started = stack.start(stack.words(["up", "--yes", "--skip-preview"]), "pipe", credentials);
      const engine = started.child.pid ?? assert.fail("the engine did not start");
      let killed: Killed | undefined;
      const strike = () => {
        const family = familyOf(engine);
        const { hit, ids } = victimsOf(each.victim, family);
        const sofar = requests.all();
        // The request that is being judged right now has no app yet.
        const its = sofar.slice(earlier).filter((request) => request.app === app || request.app === undefined);
        killed = { hit, app, requestsBefore: sofar.length, provider: family.provider, where: whereItWas(its) };
        ids.forEach(kill);
      };
      const strikeLater = async () => {
        await pause(each.delayMs);
        strike();
      };
      const match = matchOf(each);
      if (match === null) void strikeLater();
      else {
        const then = () => (each.delayMs === 0 ? strike() : void strikeLater());
        emulator.faults.add({ match, after: each.after, times: 1, then });
      }
      const said = new EngineWords(await started.ended);
      emulator.faults.clear();
      assert(killed, `nothing was killed: ${said.text}`);
      return { said, ...killed };
    }
  });
}

/** Each run has an app of its own to sign in as. */
function tenant(): EmulatorOptions & { readonly tenant: TenantSpec } {
  const apps = Array.from({ length: KILLS_PER_ROUND + 1 }, (_, run) => ({
    name: `run ${run}`,
    permissions: [...migrationPermissions],
  }));
  return {
    tenant: { ...seedTenant({ users: USERS, finance: FINANCE }), apps },
    processing: { joinMs: 100 },
    latencyMs: 30,
  };
}

/** Where the victim has not started yet, the engine is hit. */
function victimsOf(victim: Victim, family: Family): { readonly hit: Victim; readonly ids: readonly number[] } {
  if (victim === "everything") return { hit: victim, ids: family.everybody };
  const id = victim === "the program" ? family.program : victim === "the provider" ? family.provider : family.engine;
  return id === undefined ? { hit: "the engine", ids: [family.engine] } : { hit: victim, ids: [id] };
}
