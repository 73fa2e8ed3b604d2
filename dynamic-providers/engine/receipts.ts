import type { Guid } from "../../licensing/model";
import { outcomeOfParts, type PartUsers, type WaveOutcome } from "../../licensing/wave-outcome";

/** The progress of a wave in this run. */
export interface WaveOfRun {
  /** Parts that are done. */
  readonly parts: ReadonlySet<string>;
  /** Their outcome in addition to that in the state. */
  readonly shown: WaveOutcome;
}

/** A part that is done in this run, and what the state had of it; `null`: nothing. */
export interface PartOfRun {
  readonly after: PartUsers;
  readonly before: PartUsers | null;
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
  readonly #waves = new Map<string, Map<string, PartOfRun>>();
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

  partIsDone(wave: string, part: string, ofRun: PartOfRun): void {
    this.#waves.set(wave, new Map([...(this.#waves.get(wave) ?? []), [part, ofRun]]));
  }

  waveOf(wave: string): WaveOfRun {
    const done = this.#waves.get(wave) ?? new Map<string, PartOfRun>();
    const parts = [...done.values()];
    const after = outcomeOfParts(parts.map((part) => part.after));
    const before = outcomeOfParts(parts.flatMap((part) => part.before ?? []));
    return {
      parts: new Set(done.keys()),
      shown: {
        moved: after.moved - before.moved,
        missed: after.missed - before.missed,
        blocked: after.blocked - before.blocked,
      },
    };
  }
}
