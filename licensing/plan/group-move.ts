import type { DeclaredGroup } from "../declaration";
import type { MoveBlock } from "../decision/move-block";
import type { ResolvedLoss } from "../loss/loss";
import type { Guid, License, Removal } from "../model";
import type { BaselinePattern } from "../record/baseline";

/** The members of one declared group go to another. */
export interface GroupMove {
  readonly from: DeclaredGroup;
  readonly to: DeclaredGroup;
  /** See `MoveSpec`. */
  readonly acceptOtherUses: readonly string[];
}

/** What a wave does of one move. */
export interface WaveMove {
  readonly move: GroupMove;
  /** Seats that this wave takes of each SKU of the new group, until its users have left the old one and after. */
  readonly seats: readonly MoveSeats[];
  readonly slices: readonly MoveSlice[];
  /** Number of users on record as moved by this wave. */
  readonly moved: number;
}

export interface MoveSeats {
  readonly skuId: Guid;
  /** Users without the SKU that the wave adds. */
  readonly needed: number;
  /** Free seats, without those that earlier waves of the same run take. */
  readonly free: number;
}

/** The part of a wave's move that one resource does. */
export interface MoveSlice {
  /** From 1. */
  readonly number: number;
  readonly of: number;
  /** Users to move, in a rollback to move back. */
  readonly users: readonly Guid[];
  /** Of these, users that are not in the group that they join. */
  readonly joining: readonly Guid[];
  /** Of `users`, those that may leave the other group; in a rollback only users that this stack added to it. */
  readonly leaving: readonly Guid[];
  readonly blocked: readonly BlockedMove[];
  /** Users that an earlier run moved and did not read back, or did not record. */
  readonly unread: readonly Guid[];
  /** Users that the earlier run had added to the new group, and did not record. */
  readonly added: readonly Guid[];
  /** In a rollback: what an interrupted one has assigned directly to users of `unread`; otherwise empty. */
  readonly repaired: readonly Removal[];
  /** In a rollback: the direct licences on record, whose plans a user must keep; otherwise empty. */
  readonly keeps: readonly BaselinePattern[];
  /** What the old group gave: in a rollback to all users, otherwise to `unread`. Users without a record are absent. */
  readonly gave: ReadonlyMap<Guid, readonly License[]>;
  /** Digest of what is left to do and what is blocked. */
  readonly digest: string;
}

export interface BlockedMove {
  readonly userId: Guid;
  readonly reason: MoveBlock;
}

/**
 * What the file accepts as lost when users leave `from` holds for them in `to` as well: otherwise the loss would count
 * as a departure.
 */
export function alsoInTarget(accepted: readonly ResolvedLoss[], moves: readonly GroupMove[]): readonly ResolvedLoss[] {
  const more = moves.flatMap(({ from, to }) =>
    accepted.filter(({ group }) => group === from.name).map((loss) => ({ ...loss, group: to.name })),
  );
  return more.length === 0 ? accepted : [...accepted, ...more];
}
