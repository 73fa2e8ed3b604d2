import type { Guid } from "../../licensing/model";
import { addOutcomes, NO_OUTCOME, type WaveOutcome } from "../../licensing/wave-outcome";

/** The progress of a wave in this run. */
export interface WaveOfRun {
  /** Parts that are done. */
  readonly parts: ReadonlySet<string>;
  /** Their outcome in addition to that in the state. */
  readonly shown: WaveOutcome;
}

/** A program declares a tenant once (components/tenants-of-run.ts), so its name tells the rows of two components apart. */
export class ReceiptsByTenant {
  readonly #byTenant = new Map<string, Receipts>();

  /** @param tenant as the stack file names it */
  of(tenant: string): Receipts {
    // check: what one tenant's run has done lets no wave of another tenant begin
    const known = this.#byTenant.get(tenant) ?? new Receipts();
    this.#byTenant.set(tenant, known);
    return known;
  }
}

/**
 * Work done in this process, for resources that depend on it. The engine starts one process for each update: a resource
 * that failed or was excluded by a flag leaves no receipt. See docs/decisions/0016-receipts-in-the-provider-process.md.
 */
export class Receipts {
  readonly #baselines = new Set<string>();
  readonly #waves = new Map<string, WaveOfRun>();
  readonly #joined = new Map<Guid, Set<Guid>>();
  readonly #reprocessed = new Set<Guid>();
  readonly #leaving = new Set<string>();
  /** False once Entra has refused to reprocess licences. */
  mayReprocess = true;

  /** The state holds the whole baseline with this digest: its resource was done before its dependents began. */
  baselineIsKept(digest: string): void {
    this.#baselines.add(digest);
  }

  /** These users are members of the group: added, or members before. */
  haveJoined(groupId: Guid, userIds: Iterable<Guid>): void {
    this.#joined.set(groupId, new Set([...this.joinedTo(groupId), ...userIds]));
  }

  /** The state holds who has these SKUs of the group; the group's resource was done before its take-off began. */
  leavingIsKept(groupId: Guid, skuIds: Iterable<Guid>): void {
    for (const skuId of skuIds) this.#leaving.add(`${groupId} ${skuId}`);
  }

  hasLeaving(groupId: Guid, skuId: Guid): boolean {
    return this.#leaving.has(`${groupId} ${skuId}`);
  }

  /** Entra was asked to process these users' licences again, which once a run is enough for. */
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

  /** @param more the part's outcome in addition to that in the state */
  partIsDone(wave: string, part: string, more: WaveOutcome): void {
    const { parts, shown } = this.waveOf(wave);
    this.#waves.set(wave, { parts: new Set([...parts, part]), shown: addOutcomes(shown, more) });
  }

  waveOf(wave: string): WaveOfRun {
    return this.#waves.get(wave) ?? { parts: new Set(), shown: NO_OUTCOME };
  }
}
