import type { Pacer, Permit, Wait } from "./pacer";
import type { Cost } from "./quotas";

/**
 * A reservation for a number of writes, so that the wait comes before the proof: wait, read, write at once. The owner
 * must release it, which frees the unused part for other requests.
 */
export class WriteReservation {
  constructor(
    private readonly pacer: Pacer,
    private readonly turn: Permit,
    private readonly now: () => number,
  ) {}

  /**
   * The admission of a request from this reservation; a wait if Graph has asked for one meanwhile; `null` if too little
   * is left.
   */
  take(cost: Cost): Permit | Wait | null {
    return this.pacer.takeFrom(this.turn, cost, this.now());
  }

  release(): void {
    this.pacer.giveBack(this.turn, this.now());
  }
}
