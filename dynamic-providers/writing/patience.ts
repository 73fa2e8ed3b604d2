import { PAUSE_MS, type Pause } from "./passing";

/** How far a write that may be repeated goes on. */
export interface Persistence {
  /** `false`: for a write that must not be left half done. */
  readonly canStop: boolean;
  /** How long it is repeated while no object gets a clear answer; the waits that Graph asks for come on top. */
  readonly patienceMs: number;
}

/** Adding takes nothing away: an outage of this length is waited for, a longer one is for the next run. */
export const PATIENT: Persistence = { canStop: true, patienceMs: 10 * 60_000 };

/** Others have had their answer, so the trouble is of these few objects: they must not hold up the rest of a run for long. */
const OF_A_FEW_MS = 60_000;

/** For the few objects that had no clear answer in their turn. */
export const ONCE_MORE: Persistence = { canStop: true, patienceMs: OF_A_FEW_MS };

/** Graph may name a time again and again: then this many answers without a success are the end. */
const MOST_ASKED = 40;

const LONGEST_PAUSE_MS = 30_000;

/** Decides how long a write waits before it is sent again, and when it has been repeated for long enough. */
export class Patience {
  #sinceMs: number;
  #unheard = 0;
  #asked = 0;
  #hasHeard = false;

  constructor(
    private readonly persistence: Persistence,
    nowMs: number,
  ) {
    this.#sinceMs = nowMs;
  }

  /** An object had a clear answer: Graph works. */
  heard(nowMs: number): void {
    this.#sinceMs = nowMs;
    this.#unheard = 0;
    this.#asked = 0;
    this.#hasHeard = true;
  }

  /** @returns how long to wait for these; `null`: long enough */
  next(pauses: readonly Pause[], nowMs: number): number | null {
    const longest = Math.max(...pauses.map(({ ms }) => ms));
    if (pauses.some(({ isAsked }) => isAsked)) {
      this.#asked += 1;
      this.#sinceMs += longest;
      return this.#asked > MOST_ASKED ? null : longest;
    }
    if (nowMs - this.#sinceMs >= (lastsOf(pauses) ?? this.#patienceMs())) return null;
    this.#unheard += 1;
    return Math.max(longest, Math.min(PAUSE_MS * 2 ** (this.#unheard - 1), LONGEST_PAUSE_MS));
  }

  #patienceMs(): number {
    const { canStop, patienceMs } = this.persistence;
    return canStop && this.#hasHeard ? Math.min(patienceMs, OF_A_FEW_MS) : patienceMs;
  }
}

/** Where all that is waited for has an end of its own. */
function lastsOf(pauses: readonly Pause[]): number | null {
  const ends = pauses.flatMap(({ lastsMs }) => lastsMs ?? []);
  return ends.length === pauses.length ? Math.max(...ends) : null;
}
