import type { Guid } from "../../licensing/model";
import { addOutcomes, NO_OUTCOME, type WaveOutcome } from "../../licensing/wave-outcome";

/** What became of a wave in this run. */
export interface WaveOfRun {
  /** Those that are done. */
  readonly parts: ReadonlySet<string>;
  /** What they have shown beyond what the state had. */
  readonly shown: WaveOutcome;
}

/**
 * What rows have done in this process, for the rows behind them. The engine starts one process for an update and ends it with that: a row
 * that a flag leaves out, or that failed, leaves no receipt. See docs/decisions/0016-receipts-in-the-provider-process.md.
 */
export class Receipts {
  readonly #baselines = new Set<string>();
  readonly #waves = new Map<string, WaveOfRun>();
  readonly #joined = new Map<Guid, Set<Guid>>();
  readonly #reprocessed = new Set<Guid>();
  /** Entra may be asked to try licences again: nothing has refused it. */
  mayReprocess = true;

  /** The state holds all of the baseline that this digest stands for, because its row was done before the rows behind it began. */
  baselineIsKept(digest: string): void {
    this.#baselines.add(digest);
  }

  /** These users are members of the group: they were added to it, or found there. */
  haveJoined(groupId: Guid, userIds: Iterable<Guid>): void {
    this.#joined.set(groupId, new Set([...this.joinedTo(groupId), ...userIds]));
  }

  /** Entra was asked to try these users' licences again: once a run is enough. */
  haveReprocessed(userIds: Iterable<Guid>): void {
    for (const userId of userIds) this.#reprocessed.add(userId);
  }

  wasReprocessed(userId: Guid): boolean {
    return this.#reprocessed.has(userId);
  }

  joinedTo(groupId: Guid): ReadonlySet<Guid> {
    return this.#joined.get(groupId) ?? new Set();
  }

  hasBaseline(digest: string): boolean {
    return this.#baselines.has(digest);
  }

  /**
   * A part of a wave is done.
   *
   * @param more what it has shown beyond what the state had of it before
   */
  partIsDone(wave: string, part: string, more: WaveOutcome): void {
    const { parts, shown } = this.waveOf(wave);
    this.#waves.set(wave, { parts: new Set([...parts, part]), shown: addOutcomes(shown, more) });
  }

  waveOf(wave: string): WaveOfRun {
    return this.#waves.get(wave) ?? { parts: new Set(), shown: NO_OUTCOME };
  }
}
