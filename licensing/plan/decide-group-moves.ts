import { decideLeaving } from "../decision/leaving";
import type { MoveBlock } from "../decision/move-block";
import type { ResolvedLoss } from "../loss/loss";
import type { Guid } from "../model";
import { failingMembers, foreseeTrouble } from "../preflight/foreseen";
import type { JoiningByGroup } from "../preflight/joining";
import { moveKey, NOTHING_MOVED, type MovedByStack } from "../record/moves-on-record";
import type { StackRecord } from "../record/record";
import { sliceCount, sliceOf } from "../slices";
import { evidenceOf, type TenantSnapshot } from "../snapshot";
import { withJoiners } from "./foresight";
import type { GroupMove } from "./group-move";
import { predict } from "./prediction";

/** What this run would do for the users of one move, in whichever wave they are. */
export interface DecidedMove {
  readonly move: GroupMove;
  /** Members of the old group that may go. */
  readonly movable: ReadonlySet<Guid>;
  readonly blocked: ReadonlyMap<Guid, MoveBlock>;
  /** Moved by an earlier run that did not read them back, or did not record them. */
  readonly unread: ReadonlySet<Guid>;
  readonly record: MovedByStack;
}

/**
 * Decides for each first-level member of the old groups. Users are judged as members of the new group, with what it is
 * declared to give, unless that is known to fail.
 *
 * @param snapshot the tenant once the groups have their licences
 * @param country the tenant's country, two letters; `null`: unknown
 */
export function decideMoves(
  moves: readonly GroupMove[],
  snapshot: TenantSnapshot,
  record: Pick<StackRecord, "moves">,
  accepted: readonly ResolvedLoss[],
  country: string | null,
): readonly DecidedMove[] {
  if (moves.length === 0) return [];
  const then = asJoined(moves, snapshot, country);
  return moves.map((move) => {
    const { from, to } = move;
    const known = record.moves.get(moveKey(from.groupId, to.groupId)) ?? NOTHING_MOVED;
    const mayLose = accepted.filter(({ group }) => group === from.name);
    const movable = new Set<Guid>();
    const blocked = new Map<Guid, MoveBlock>();
    const members = membersOf(snapshot, from.groupId);
    for (const evidence of evidenceOf(then, members)) {
      const userId = evidence.user.id;
      const decision = decideLeaving(evidence, then, { leave: from, join: to, mayLose });
      // Whether a user has to wait for the new licence shows when the wave runs.
      if (decision.verdict === "blocked") blocked.set(userId, decision.reason);
      else movable.add(userId);
    }
    return { move, movable, blocked, unread: unreadOf(known, move, snapshot), record: known };
  });
}

function asJoined(moves: readonly GroupMove[], snapshot: TenantSnapshot, country: string | null): TenantSnapshot {
  const joining: JoiningByGroup = new Map(
    moves.map(({ to }) => {
      const coming = moves
        .filter((each) => each.to === to)
        .flatMap(({ from }) => [...membersOf(snapshot, from.groupId)]);
      const there = membersOf(snapshot, to.groupId);
      return [to.groupId, { userIds: new Set(coming.filter((userId) => !there.has(userId))), uncovered: new Set() }];
    }),
  );
  const changed = moves.flatMap(({ to }) => {
    const now = snapshot.groups.get(to.groupId);
    return now === undefined ? [] : [{ declared: to, now, changes: [], joining: joining.get(to.groupId) ?? null }];
  });
  const trouble = foreseeTrouble(changed, withJoiners(snapshot, joining), country);
  return predict(snapshot, joining, failingMembers(trouble)).snapshot;
}

/** Recorded users, and those of an interrupted run that have left the old group and are in the new one. */
function unreadOf({ unread, begun }: MovedByStack, { from, to }: GroupMove, snapshot: TenantSnapshot): Set<Guid> {
  const isIn = (groupId: Guid, userId: Guid) => membersOf(snapshot, groupId).has(userId);
  return new Set([
    ...[...unread].filter((userId) => !isIn(from.groupId, userId)),
    ...[...begun].filter((userId) => !isIn(from.groupId, userId) && isIn(to.groupId, userId)),
  ]);
}

export function membersOf({ members }: TenantSnapshot, groupId: Guid): ReadonlySet<Guid> {
  return members.get(groupId) ?? NONE;
}

const NONE: ReadonlySet<Guid> = new Set();

/** The users of all moves together, for the standing of waves. */
export class MovingUsers {
  readonly movable: ReadonlySet<Guid>;
  readonly blocked: ReadonlySet<Guid>;
  readonly unread: ReadonlySet<Guid>;
  /** Users on record as moved. */
  readonly moved: ReadonlySet<Guid>;
  /** All that a wave may have to do with. */
  readonly all: ReadonlySet<Guid>;

  constructor(private readonly decided: readonly DecidedMove[]) {
    this.movable = new Set(decided.flatMap(({ movable }) => [...movable]));
    this.blocked = new Set(decided.flatMap(({ blocked }) => [...blocked.keys()]));
    this.unread = new Set(decided.flatMap(({ unread }) => [...unread]));
    this.moved = new Set(decided.flatMap(({ record }) => [...record.moved]));
    this.all = new Set([...this.movable, ...this.blocked, ...this.unread]);
  }

  /** Number of a wave's rows with users to move in this run. */
  partsOf(wave: string, assigned: ReadonlyMap<Guid, string>): number {
    return this.decided.reduce((sum, { movable, blocked, unread, record }) => {
      const isHere = (userId: Guid) => assigned.get(userId) === wave;
      const mine = [...movable, ...blocked.keys(), ...unread].filter(isHere);
      const count = sliceCount(new Set([...mine, ...[...record.taken].filter(isHere)]).size);
      const working = [...movable, ...unread].filter(isHere).map((userId) => sliceOf(userId, count));
      return sum + new Set(working).size;
    }, 0);
  }
}
