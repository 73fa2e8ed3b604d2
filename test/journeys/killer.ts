import assert from "node:assert/strict";
import { copyFileSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { FaultMatch } from "../../emulator";
import { cutShortStates } from "../../cli/engine/cut-short-state";
import { EngineWords } from "./engine-words";
import type { Journey } from "./journey";
import { whereItWas, type Kill, type Victim } from "./kills";
import { familyOf, isAlive, kill, until, type Family } from "./processes";

/** A kill, and the requests at which it is due; `null`: before there are any. */
export type Strike = Omit<Kill, "place"> & { readonly match: FaultMatch | null };

/** A run that was killed: what it wrote can be told from what others wrote, because each run signs in as another app. */
interface Killed {
  readonly hit: Victim;
  readonly app: string;
  /** How many requests had come when it was killed. */
  readonly requestsBefore: number;
  readonly provider: number | undefined;
  readonly where: string;
}

/** Kills runs of one journey, and clears up after each as an operator does. */
export class Killer {
  readonly killed: Killed[] = [];
  readonly #journey: Journey;
  #locks = 0;

  constructor(journey: Journey) {
    this.#journey = journey;
  }

  /** How often a kill has left the stack locked. */
  get locks(): number {
    return this.#locks;
  }

  /** A killed engine leaves the stack locked, once it has begun; the next run says so, writes nothing, and names the way out. */
  async unlock(): Promise<void> {
    const { stack, emulator } = this.#journey;
    // As `npm run pulumi` says, where the engine was killed while it wrote the state.
    for (const { file, before } of cutShortStates(stack.environment["PULUMI_BACKEND_URL"], "entra-group-licensing")) {
      if (before === null) rmSync(file);
      else copyFileSync(before, file);
    }
    const folder = join(stack.folder, "state", ".pulumi", "locks");
    const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
    const isLocked = files.some((file) => file.endsWith(".json"));
    if (!isLocked) return;
    this.#locks += 1;
    if (this.#locks === 1) {
      const app = emulator.credentials().AZURE_CLIENT_ID;
      const asked = () => emulator.requests.count({ app });
      const before = asked();
      const said = await this.#journey.upHalted();
      assert.match(said.text, /the stack is currently locked[^]*pulumi cancel/);
      assert.equal(asked(), before, "it has not even asked");
    }
    const words = ["cancel", "--yes", "--stack", stack.name];
    const cancelled = new EngineWords(await stack.start(words, "pipe").ended);
    assert.equal(cancelled.code, 0, cancelled.text);
  }

  /** An `up` that is killed when its moment has come. */
  async upKilled(each: Strike, appName: string): Promise<EngineWords> {
    const { stack, emulator } = this.#journey;
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
    const { match, after } = each;
    if (match === null) void strikeLater();
    else {
      const then = () => (each.delayMs === 0 ? strike() : void strikeLater());
      emulator.faults.add({ match, after, times: 1, then });
    }
    const said = new EngineWords(await started.ended);
    emulator.faults.clear();
    assert(killed, `nothing was killed: ${said.text}`);
    this.killed.push(killed);
    return said;
  }

  /** No provider outlives its engine for long. */
  untilAllEnded(): Promise<void> {
    return until(() => this.#left().length === 0, 20_000, "a provider lives on after its engine");
  }

  /** No run writes more than so much after it was killed. */
  assertWroteAtMost(unit: number): void {
    const { requests } = this.#journey.emulator;
    // Where only the program is killed, the engine is still there, and ends in good order what it has in hand.
    for (const { hit, app, requestsBefore, where } of this.killed.filter((each) => each.hit !== "the program")) {
      const late = requests.writes().filter((each) => each.app === app && each.number >= requestsBefore).length;
      assert(late <= unit, `${late} writes after ${hit} was killed (${where})`);
    }
  }

  end(): void {
    for (const provider of this.#left()) kill(provider);
  }

  #left(): readonly number[] {
    return this.killed.flatMap(({ provider }) => (provider !== undefined && isAlive(provider) ? [provider] : []));
  }
}

/** Where the victim has not started yet, the engine is hit. */
function victimsOf(victim: Victim, family: Family): { readonly hit: Victim; readonly ids: readonly number[] } {
  if (victim === "everything") return { hit: victim, ids: family.everybody };
  const id = victim === "the program" ? family.program : victim === "the provider" ? family.provider : family.engine;
  return id === undefined ? { hit: "the engine", ids: [family.engine] } : { hit: victim, ids: [id] };
}
