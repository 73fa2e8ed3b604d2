/** The reason that stops all writes after a failure that is not Graph's; the failure itself is thrown as well. */
export const BROKEN_OFF = "the run broke off";

/**
 * State shared by the units in flight. Only one unit writes, and before each batch it checks here for a halt, a repair
 * in progress, or a changed group.
 */
export class WaveCoordinator {
  #halted: string | null = null;
  #unsteady = 0;
  readonly #doubts = new Set<Promise<unknown>>();

  /** The reason why no unit may write; `null` while the wave goes on. */
  halted(): string | null {
    return this.#halted;
  }

  /** Keeps the first reason, since later ones may follow from it. */
  halt(reason: string): void {
    this.#halted ??= reason;
  }

  /**
   * Number of reads that showed a group in processing or with other licences than declared; earlier proofs are then
   * invalid.
   */
  get unsteady(): number {
    return this.#unsteady;
  }

  sawUnsteadyGroup(): void {
    this.#unsteady += 1;
  }

  /**
   * Blocks all writes while `work` runs, which calls `halt` itself if writes must not resume. If `work` throws, the
   * wave is halted.
   */
  async inDoubt<T>(work: () => Promise<T>): Promise<T> {
    const doubt = work();
    this.#doubts.add(doubt);
    try {
      return await doubt;
    } catch (error) {
      // check: no unit writes after a repair that broke off
      this.halt(BROKEN_OFF);
      throw error;
    } finally {
      this.#doubts.delete(doubt);
    }
  }

  /** True while a repair is in progress; no batch may be sent. */
  get isInDoubt(): boolean {
    return this.#doubts.size > 0;
  }

  /** Waits for repairs to end; true if a batch may be sent now. */
  async mayWrite(): Promise<boolean> {
    // check: no unit writes while a user may be without a service
    while (this.#halted === null && this.#doubts.size > 0) await Promise.allSettled(this.#doubts);
    // check: a halt is heard before each batch
    return this.#halted === null;
  }
}
