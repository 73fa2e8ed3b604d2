/** Why nobody writes after a failure that is not one of Graph's; the failure itself is thrown as well. */
export const BROKEN_OFF = "the run broke off";

/**
 * What the units that are in the air at one time tell each other. Only the one whose turn it is writes, and before each batch it
 * learns here what the others have seen: that the wave is over, that somebody who was just written to may be without a
 * service, that a group is no longer as it was.
 */
export class WaveCoordinator {
  #halted: string | null = null;
  #unsteady = 0;
  readonly #doubts = new Set<Promise<unknown>>();

  /** Why nobody may write any more; `null`: the wave goes on. */
  halted(): string | null {
    return this.#halted;
  }

  /** The first reason counts: what comes after it may be its consequence. */
  halt(reason: string): void {
    this.#halted ??= reason;
  }

  /** How often a read has shown a group that is processed again, or is not what is declared: a proof from before is none. */
  get unsteady(): number {
    return this.#unsteady;
  }

  sawUnsteadyGroup(): void {
    this.#unsteady += 1;
  }

  /**
   * Until the work is over, nobody writes. It must have called `halt` by then, where nobody may write after it either; work that
   * breaks off leaves the doubt as it was, so nobody may.
   */
  async inDoubt<T>(work: () => Promise<T>): Promise<T> {
    const doubt = work();
    this.#doubts.add(doubt);
    try {
      return await doubt;
    } catch (error) {
      this.halt(BROKEN_OFF);
      throw error;
    } finally {
      this.#doubts.delete(doubt);
    }
  }

  /** Somebody is: whoever writes now has to wait. */
  get isInDoubt(): boolean {
    return this.#doubts.size > 0;
  }

  /** Waits until nobody is in doubt, and says whether a batch may be sent at this moment. */
  async mayWrite(): Promise<boolean> {
    while (this.#halted === null && this.#doubts.size > 0) await Promise.allSettled(this.#doubts);
    return this.#halted === null;
  }
}
