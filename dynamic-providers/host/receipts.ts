/**
 * What rows have done in this process, for the rows behind them. The engine starts one process for an update and ends it with that: a row
 * that a flag leaves out, or that failed, leaves no receipt. See docs/decisions/0015-receipts-in-the-provider-process.md.
 */
export class Receipts {
  readonly #baselines = new Set<string>();

  /** The state holds all of the baseline that this digest stands for, because its row was done before the rows behind it began. */
  baselineIsKept(digest: string): void {
    this.#baselines.add(digest);
  }

  hasBaseline(digest: string): boolean {
    return this.#baselines.has(digest);
  }
}
