import { LONGEST_BACKOFF_MS } from "../../graph/client/limits";
import { FEW_AWAITED_MS, MOST_WAITS_ASKED, OUTAGE_AWAITED_MS, PAUSE_MS } from "./limits";
import type { Pause } from "./passing";

/** How long a repeatable write is retried. */
export interface Persistence {
  /** `false` for a write that must not stay half done. */
  readonly canStop: boolean;
  /** How long it is retried without any clear answer; waits that Graph asks for are added. */
  readonly patienceMs: number;
}

/** For writes that only add. */
export const PATIENT: Persistence = { canStop: true, patienceMs: OUTAGE_AWAITED_MS };

/** For the few objects without a clear answer the first time. */
export const ONCE_MORE: Persistence = { canStop: true, patienceMs: FEW_AWAITED_MS };

/** Decides how long a write waits before it is sent again, and when to give up. */
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

  /** An object got a clear answer, so Graph works. */
  heard(nowMs: number): void {
    this.#sinceMs = nowMs;
    this.#unheard = 0;
    this.#asked = 0;
    this.#hasHeard = true;
  }

  /** @returns milliseconds to wait; `null` to give up */
  next(pauses: readonly Pause[], nowMs: number): number | null {
    const longest = Math.max(...pauses.map(({ ms }) => ms));
    if (pauses.some(({ isAsked }) => isAsked)) {
      this.#asked += 1;
      this.#sinceMs += longest;
      return this.#asked > MOST_WAITS_ASKED ? null : longest;
    }
    if (nowMs - this.#sinceMs >= (lastsOf(pauses) ?? this.#patienceMs())) return null;
    this.#unheard += 1;
    return Math.max(longest, Math.min(PAUSE_MS * 2 ** (this.#unheard - 1), LONGEST_BACKOFF_MS));
  }

  #patienceMs(): number {
    const { canStop, patienceMs } = this.persistence;
    return canStop && this.#hasHeard ? Math.min(patienceMs, FEW_AWAITED_MS) : patienceMs;
  }
}

/** The longest limit, if all causes have one of their own. */
function lastsOf(pauses: readonly Pause[]): number | null {
  const ends = pauses.flatMap(({ lastsMs }) => lastsMs ?? []);
  return ends.length === pauses.length ? Math.max(...ends) : null;
}
