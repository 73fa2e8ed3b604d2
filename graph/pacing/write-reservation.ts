import type { Pacer, Turn, Wait } from "./pacer";
import type { Cost } from "./quotas";

/**
 * Room for a number of writes, waited for beforehand: a write in it goes at once. A removal rests on a read made right before it, so the wait
 * comes first, then the read, then the write. Whoever has a room releases it: what was not used is free for others again.
 */
export class Room {
  constructor(
    private readonly pacer: Pacer,
    private readonly turn: Turn,
    private readonly now: () => number,
  ) {}

  /** A request in it; or what Graph asked to wait for meanwhile; `null`: it does not fit any more. */
  take(cost: Cost): Turn | Wait | null {
    return this.pacer.takeFrom(this.turn, cost, this.now());
  }

  release(): void {
    this.pacer.giveBack(this.turn, this.now());
  }
}
