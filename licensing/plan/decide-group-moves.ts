import { decideLeaving } from "../decision/leaving";
import type { MoveBlock } from "../decision/move-block";
import type { ResolvedLoss } from "../loss/loss";
import type { DeclaredGroup } from "../declaration";
import { refusalsInForce } from "../decision/refused-removals";
import { unionOfPlans } from "../effective-plans";
import { grouped } from "../grouped";
import type { Guid, License } from "../model";
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
  /** What a rollback would meet: users judged as members of the old group again. */
  readonly back: BackAgain;
}

/** @param kept what a user had before the move, directly or by the old group */
type BackAgain = (userIds: readonly Guid[], kept: (userId: Guid) => readonly License[]) => ReadonlyMap<Guid, MoveBlock>;

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
  const coming = moves.map(({ from, to }) => ({ group: to, coming: membersOf(snapshot, from.groupId) }));
  const then = asJoined(coming, snapshot, country);
  return moves.map((move) => {
    const { from, to } = move;
    const known = record.moves.get(moveKey(from.groupId, to.groupId)) ?? NOTHING_MOVED;
    const mayLose = accepted.filter(({ group }) => group === from.name);
    const movable = new Set<Guid>();
    const blocked = new Map<Guid, MoveBlock>();
    const members = membersOf(snapshot, from.groupId);
    const refused = refusedIn(known, from.groupId, snapshot);
    for (const evidence of evidenceOf(then, members)) {
      const userId = evidence.user.id;
      const decision = decideLeaving(evidence, then, { leave: from, join: to, mayLose });
      // check: a user that Graph refused to move is not tried again while the licences are the same
      const again = refused(userId);
      // Whether a user has to wait for the new licence shows when the wave runs.
      if (decision.verdict === "blocked") blocked.set(userId, decision.reason);
      else if (again !== null) blocked.set(userId, again);
      else movable.add(userId);
    }
    const back: BackAgain = (userIds, kept) =>
      blockedOnTheWayBack({ move, userIds, kept }, known, snapshot, accepted, country);
    return { move, movable, blocked, unread: unreadOf(known, move, snapshot), record: known, back };
  });
}

interface WayBack {
  readonly move: GroupMove;
  /** Members of the new group that would leave it. */
  readonly userIds: readonly Guid[];
  readonly kept: (userId: Guid) => readonly License[];
}

/** Users that a rollback would leave in the new group: the old one no longer gives a plan that they had. */
function blockedOnTheWayBack(
  { move: { from, to }, userIds, kept }: WayBack,
  known: MovedByStack,
  snapshot: TenantSnapshot,
  accepted: readonly ResolvedLoss[],
  country: string | null,
): ReadonlyMap<Guid, MoveBlock> {
  if (userIds.length === 0) return new Map();
  const then = asJoined([{ group: from, coming: userIds }], snapshot, country);
  const mayLose = accepted.filter(({ group }) => group === to.name);
  const refused = refusedIn(known, to.groupId, snapshot);
  const blocked = new Map<Guid, MoveBlock>();
  for (const evidence of evidenceOf(then, new Set(userIds))) {
    const userId = evidence.user.id;
    // check: a rollback is planned by what the old group gave before the move
    const mustKeep = unionOfPlans([...from.licenses, ...kept(userId)], snapshot.catalog);
    const decision = decideLeaving(evidence, then, { leave: to, join: from, mayLose, mustKeep });
    const reason = decision.verdict === "blocked" ? decision.reason : refused(userId);
    if (reason !== null) blocked.set(userId, reason);
  }
  return blocked;
}

/** @returns the refusal of a user that is still in force, or `null` */
function refusedIn(
  { refused }: MovedByStack,
  leavingId: Guid,
  { users }: TenantSnapshot,
): (userId: Guid) => MoveBlock | null {
  const byUser = grouped(
    refused.filter(({ skuId }) => skuId === leavingId),
    ({ userId }) => userId,
  );
  return (userId) => {
    const user = users.get(userId);
    const [first] = user === undefined ? [] : refusalsInForce(user, byUser.get(userId) ?? []);
    return first?.reason.kind === "refused" ? { kind: "refused", detail: first.reason.detail } : null;
  };
}

/** Users that are to become members of a declared group. */
interface Coming {
  readonly group: DeclaredGroup;
  readonly coming: Iterable<Guid>;
}

function asJoined(all: readonly Coming[], snapshot: TenantSnapshot, country: string | null): TenantSnapshot {
  const joining: JoiningByGroup = new Map(
    [...grouped(all, ({ group }) => group.groupId)].map(([groupId, ofGroup]) => {
      const there = membersOf(snapshot, groupId);
      const coming = ofGroup.flatMap((each) => [...each.coming]).filter((userId) => !there.has(userId));
      return [groupId, { userIds: new Set(coming), uncovered: new Set() }];
    }),
  );
  const changed = [...new Set(all.map(({ group }) => group))].flatMap((group) => {
    const now = snapshot.groups.get(group.groupId);
    return now === undefined
      ? []
      : [{ declared: group, now, changes: [], joining: joining.get(group.groupId) ?? null }];
  });
  const trouble = foreseeTrouble(changed, withJoiners(snapshot, joining), country);
  return predict(snapshot, joining, failingMembers(trouble)).snapshot;
}

/**
 * Recorded users, and those of an interrupted run, that are out of the old group. Others may have taken them out of the new
 * one in the second of the move, so they are read back in doubt.
 */
function unreadOf({ unread, begun }: MovedByStack, { from }: GroupMove, snapshot: TenantSnapshot): Set<Guid> {
  const members = membersOf(snapshot, from.groupId);
  // check: users of an interrupted move that are out of the old group are read back
  return new Set([...unread, ...begun].filter((userId) => !members.has(userId)));
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
