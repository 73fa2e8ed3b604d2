import type { MoveBlock } from "../../licensing/decision/move-block";
import type { Guid, License } from "../../licensing/model";

/** What a run did for each user of a part, correct at any moment. */
export class MoveAccount {
  /** Added to the group that they join, by this run. */
  readonly added = new Set<Guid>();
  /** Out of the group that they leave, with what it gave them. */
  readonly moved = new Map<Guid, readonly License[]>();
  readonly blocked = new Map<Guid, MoveBlock>();
  /** Of `blocked`, users that Graph would refuse again: the digest of their licences, see `licensesDigest`. */
  readonly refused = new Map<Guid, string>();
  /** Users that no longer exist, or that others took out of the group. */
  readonly gone = new Set<Guid>();
  /** A removal that was sent, with no answer. */
  readonly #sent = new Map<Guid, readonly License[]>();

  /** The failure did not concern these users, so they are still to be moved. */
  takeBack(userIds: Iterable<Guid>): void {
    for (const userId of userIds) {
      if (this.blocked.get(userId)?.kind === "refused") this.blocked.delete(userId);
      this.refused.delete(userId);
    }
  }

  /** The removal may have taken effect: the next read tells. */
  unanswered(userId: Guid, had: readonly License[]): void {
    this.#sent.set(userId, had);
  }

  /** No longer a member: by this run if it had sent the removal, else by others. */
  isOut(userId: Guid): void {
    const had = this.#sent.get(userId);
    if (had === undefined) this.gone.add(userId);
    else this.moved.set(userId, had);
  }

  /** Still a member: the removal had no effect. */
  stillIn(userId: Guid): void {
    this.#sent.delete(userId);
  }

  /** Users without an answer to their removal: they may be out of the group. */
  get unclear(): ReadonlyMap<Guid, readonly License[]> {
    return new Map([...this.#sent].filter(([userId]) => !this.moved.has(userId)));
  }

  open(userIds: readonly Guid[]): readonly Guid[] {
    return userIds.filter((userId) => !this.moved.has(userId) && !this.blocked.has(userId) && !this.gone.has(userId));
  }
}
