import type { RemovedLicenses } from "../../licensing/decision/after-removal";
import type { BlockReason, Blocked } from "../../licensing/decision/block-reason";
import type { Guid, License, LicensedUser, Removal } from "../../licensing/model";
import { workOf } from "../../licensing/plan/user-work";
import { licensesDigest, type RefusedRemoval } from "../../licensing/decision/refused-removals";
import type { SkuDecision } from "../../licensing/decision/replacement";
import type { ReplacementProof } from "../../licensing/decision/replacement-proof";

/** The results for the users of one or more units. */
export interface UnitResult {
  readonly removed: readonly Removal[];
  readonly blocked: readonly Blocked[];
  /** The part of `blocked` that Entra refused in this run; it stays refused while the user's licences are unchanged. */
  readonly refused: readonly RefusedRemoval[];
  /** Removals that are possible and not done yet. */
  readonly pending: readonly Removal[];
  /** Users that no longer exist. */
  readonly gone: readonly Guid[];
  /** The part of `removed` that had to be put back and could not be, by reason. */
  readonly owed: readonly OwedRemoval[];
}

export interface OwedRemoval extends Removal {
  readonly reason: string;
}

interface Entry {
  before: LicensedUser | null;
  proven: LicensedUser | null;
  /** SKUs with a removal that was sent, with any answer or none. */
  readonly sent: Set<Guid>;
  readonly removed: Set<Guid>;
  /** Licences that a write added, or may have added, in the same call. */
  added: readonly License[];
  removable: readonly Guid[];
  blocked: readonly Blocked[];
  refused: readonly RefusedRemoval[];
  /** SKUs in `blocked` because of a failure in this run, not because of the rule. */
  failed: readonly Guid[];
  /** Why removed licences could not be put back; `null` if not needed, or done. */
  owedBecause: string | null;
  state: "open" | "settled" | "gone";
  /** True if read back since the last write. */
  isChecked: boolean;
}

/** The state of each user of a unit, correct at any moment, starting with "nothing happened". */
export class UnitLedger {
  readonly #entries: ReadonlyMap<Guid, Entry>;

  constructor(userIds: readonly Guid[]) {
    this.#entries = new Map(
      userIds.map((userId) => [
        userId,
        {
          before: null,
          proven: null,
          sent: new Set(),
          removed: new Set(),
          added: [],
          removable: [],
          blocked: [],
          refused: [],
          failed: [],
          owedBecause: null,
          state: "open",
          isChecked: false,
        },
      ]),
    );
  }

  open(): readonly Guid[] {
    return [...this.#entries].filter(([, entry]) => entry.state === "open").map(([userId]) => userId);
  }

  gone(userId: Guid): void {
    this.#at(userId).state = "gone";
  }

  /**
   * Records a fresh read's decision. A SKU with a sent removal that is no longer direct counts as removed by us.
   */
  decided(userId: Guid, decisions: readonly SkuDecision[], proof: ReplacementProof | null): void {
    const entry = this.#at(userId);
    const { removals, blocked } = workOf(userId, decisions);
    const stillDirect = new Set([...removals, ...blocked].map(({ skuId }) => skuId));
    for (const skuId of entry.sent) if (!stillDirect.has(skuId)) entry.removed.add(skuId);
    entry.removable = removals.map(({ skuId }) => skuId);
    entry.blocked = blocked;
    if (proof === null) {
      entry.state = "settled";
      return;
    }
    entry.before ??= proof.before;
    entry.proven = proof.before;
  }

  /** The write succeeded. */
  done(proof: ReplacementProof): void {
    const entry = this.#at(proof.before.id);
    for (const skuId of proof.skuIds) entry.removed.add(skuId);
    entry.added = proof.add;
    entry.removable = [];
    entry.state = "settled";
  }

  /** The write was sent and its answer is unknown: the user stays open until the next read. */
  unanswered(proof: ReplacementProof): void {
    const entry = this.#at(proof.before.id);
    for (const skuId of proof.skuIds) entry.sent.add(skuId);
    if (proof.add.length > 0) entry.added = proof.add;
  }

  /**
   * Entra refused the write, so the removable licences are blocked.
   *
   * @param isFinal the write would be refused again while the user's licences are unchanged
   */
  refused({ before }: ReplacementProof, reason: BlockReason, isFinal: boolean): void {
    const userId = before.id;
    const entry = this.#at(userId);
    const refused = entry.removable.map((skuId) => ({ userId, skuId, reason }));
    entry.blocked = [...entry.blocked, ...refused];
    entry.failed = entry.removable;
    const licenses = licensesDigest(before);
    if (isFinal) entry.refused = refused.map((each) => ({ ...each, licenses }));
    entry.removable = [];
    entry.state = "settled";
  }

  /** The user could not be read, so none of the recorded licences may go in this run. */
  unreadable(userId: Guid, skuIds: Iterable<Guid>, detail: string): void {
    const entry = this.#at(userId);
    entry.failed = [...skuIds].filter((skuId) => !entry.sent.has(skuId) && !entry.removed.has(skuId));
    entry.blocked = entry.failed.map((skuId) => ({ userId, skuId, reason: { kind: "unreadable", detail } }));
    entry.removable = [];
    entry.state = "settled";
  }

  /** The failure did not concern these users, so their licences are pending again. */
  takeBack(userIds: ReadonlySet<Guid>): void {
    for (const [userId, entry] of this.#entries) {
      if (!userIds.has(userId)) continue;
      entry.blocked = entry.blocked.filter(({ skuId }) => !entry.failed.includes(skuId));
      entry.removable = [...new Set([...entry.removable, ...entry.failed])];
      entry.refused = [];
      entry.failed = [];
    }
  }

  /**
   * Users that this unit's writes changed, or may have changed, and that were not read back since.
   *
   * @param of `settled` leaves out users without an answer to their write: their next read decides first
   */
  unchecked(of: "all" | "settled"): readonly RemovedLicenses[] {
    return [...this.#entries.values()].flatMap(({ before, proven, removed, sent, added, state, isChecked }) => {
      const skuIds = new Set([...removed, ...sent]);
      if (before === null || proven === null || skuIds.size === 0 || isChecked) return [];
      return of === "settled" && state === "open" ? [] : [{ before, proven, skuIds, added }];
    });
  }

  /** The user was read back, and repaired if necessary. An open user is checked again after its next write. */
  checked(userId: Guid): void {
    const entry = this.#at(userId);
    entry.isChecked = entry.state !== "open";
  }

  /** SKUs with a removal that Graph confirmed. */
  answered(userId: Guid): ReadonlySet<Guid> {
    return this.#at(userId).removed;
  }

  /**
   * A read after the write: a SKU without an answer to its removal that is no longer direct counts as removed. An open
   * user is decided by its next read.
   */
  seen(userId: Guid, stillDirect: ReadonlySet<Guid>): void {
    const entry = this.#at(userId);
    if (entry.state === "open") return;
    for (const skuId of entry.sent) if (!stillDirect.has(skuId)) entry.removed.add(skuId);
  }

  /** Graph confirmed these removals, but the licences are still there: they are pending again. */
  notDone(userId: Guid, skuIds: Iterable<Guid>): void {
    const entry = this.#at(userId);
    for (const skuId of skuIds) entry.removed.delete(skuId);
    entry.removable = [...new Set([...entry.removable, ...skuIds])];
  }

  /** The direct licence was put back, so it is not removed after all. */
  restored(userId: Guid): void {
    const entry = this.#at(userId);
    entry.removable = [...new Set([...entry.removable, ...entry.removed])];
    entry.removed.clear();
    entry.owedBecause = null;
  }

  /**
   * The direct licence had to be put back and could not be. What a write without an answer has removed counts, too.
   *
   * @param skuIds those that could not be, where others were; absent: none was put back
   */
  owed(userId: Guid, reason: string, skuIds?: ReadonlySet<Guid>): void {
    const entry = this.#at(userId);
    for (const skuId of entry.sent) entry.removed.add(skuId);
    const back = [...entry.removed].filter((skuId) => skuIds !== undefined && !skuIds.has(skuId));
    for (const skuId of back) entry.removed.delete(skuId);
    entry.removable = [...new Set([...entry.removable, ...back])];
    entry.owedBecause = reason;
  }

  result(): UnitResult {
    const all = [...this.#entries];
    return {
      removed: all.flatMap(([userId, { removed }]) => pairs(userId, removed)),
      blocked: all.flatMap(([, { blocked }]) => blocked),
      refused: all.flatMap(([, { refused }]) => refused),
      pending: all.flatMap(([userId, { removable, state }]) => (state === "gone" ? [] : pairs(userId, removable))),
      gone: all.flatMap(([userId, { state }]) => (state === "gone" ? [userId] : [])),
      owed: all.flatMap(([userId, { removed, owedBecause: reason }]) =>
        reason === null ? [] : pairs(userId, removed).map((pair) => ({ ...pair, reason })),
      ),
    };
  }

  #at(userId: Guid): Entry {
    const entry = this.#entries.get(userId);
    if (entry === undefined) throw new Error(`user ${userId} is not of this unit`);
    return entry;
  }
}

function pairs(userId: Guid, skuIds: Iterable<Guid>): readonly Removal[] {
  return [...skuIds].map((skuId) => ({ userId, skuId }));
}
