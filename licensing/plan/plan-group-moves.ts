import { digestOf } from "../digest";
import { holdsDirectly } from "../drift/moved-users";
import { grouped } from "../grouped";
import type { Guid, License } from "../model";
import { packBaseline } from "../record/baseline";
import { isBridge } from "../record/bridges-on-record";
import { moveKey, NOTHING_MOVED, type BegunMove } from "../record/moves-on-record";
import type { StackRecord } from "../record/record";
import { bySlice, sliceCount } from "../slices";
import type { TenantSnapshot } from "../snapshot";
import type { WaveSpec } from "../stack-file/stack-file";
import { membersOf, type DecidedMove } from "./decide-group-moves";
import type { BlockedMove, GroupMove, MoveSlice, WaveMove } from "./group-move";
import { SeatsToJoin, type SeatsTaken } from "./move-seats";
import type { WavePlan } from "./plan";
import { formatShort } from "./taking-off";

/** What a wave does of each move. */
export function planWaveMoves(
  wave: WaveSpec,
  decided: readonly DecidedMove[],
  assigned: ReadonlyMap<Guid, string>,
  snapshot: TenantSnapshot,
  record: StackRecord,
  taken: SeatsTaken,
  wasDone: boolean,
): readonly WaveMove[] {
  const isHere = (userId: Guid) => assigned.get(userId) === wave.name;
  return decided.map((each) => {
    const { move } = each;
    const wanted = wave.rollback
      ? backIn(each, wave.rollback, isHere, snapshot, record)
      : forwardIn(each, isHere, snapshot);
    const joins = new Set(wanted.joining);
    const waiting = wanted.users.filter((userId) => !joins.has(userId));
    const seats = new SeatsToJoin((wave.rollback ? move.from : move.to).groupId, waiting, snapshot, taken);
    // A wave that has not begun is refused instead.
    // check: users without a seat are blocked in the plan of a wave that is done or goes back
    const work = wave.rollback || wasDone ? withoutShort(wanted, seats) : wanted;
    const mine = [...work.users, ...work.blocked.map(({ userId }) => userId), ...work.unread];
    const moved = [...each.record.moved].filter(isHere);
    const count = sliceCount(new Set([...mine, ...[...each.record.taken].filter(isHere)]).size);
    const split = <T>(things: readonly T[], userIdOf: (thing: T) => Guid) => bySlice(things, count, userIdOf);
    const self = (userId: Guid) => userId;
    const [users, joining, leaving] = [split(work.users, self), split(work.joining, self), split(work.leaving, self)];
    const [unread, added] = [split(work.unread, self), split(work.added, self)];
    const blocked = split(work.blocked, ({ userId }) => userId);
    return {
      move,
      moved: moved.length,
      seats: seats.neededBy(work.joining),
      slices: Array.from({ length: count }, (_, index): MoveSlice => {
        const here = { users: users[index] ?? [], leaving: leaving[index] ?? [], blocked: blocked[index] ?? [] };
        return {
          number: index + 1,
          of: count,
          ...here,
          joining: joining[index] ?? [],
          unread: unread[index] ?? [],
          added: added[index] ?? [],
          // check: what an interrupted rollback has assigned directly is on record with the users that it moved back
          repaired: wave.rollback ? repairedIn(unread[index] ?? [], each) : [],
          keeps: wave.rollback ? keepsOf([...here.users, ...(unread[index] ?? [])], record) : [],
          gave: gaveTo([...(wave.rollback ? here.users : []), ...(unread[index] ?? [])], each),
          digest: moveDigest(here.users, here.blocked),
        };
      }),
    };
  });
}

type Work = Pick<MoveSlice, "users" | "joining" | "leaving" | "blocked" | "unread" | "added">;

function forwardIn(
  { move: { to }, movable, blocked, unread, record }: DecidedMove,
  isHere: (userId: Guid) => boolean,
  snapshot: TenantSnapshot,
): Work {
  const users = [...movable].filter(isHere).sort();
  const there = membersOf(snapshot, to.groupId);
  const known = [...record.joining].filter((userId) => isHere(userId) && there.has(userId));
  return {
    users,
    joining: users.filter((userId) => !there.has(userId)),
    leaving: users,
    blocked: [...blocked]
      .filter(([userId]) => isHere(userId))
      .map(([userId, reason]): BlockedMove => ({ userId, reason })),
    unread: [...unread].filter(isHere).sort(),
    added: known.sort(),
  };
}

/** Users on record that are not as they were. A rollback for members leaves out users that left the new group, too. */
function backIn(
  decided: DecidedMove,
  whose: true | "all",
  isHere: (userId: Guid) => boolean,
  snapshot: TenantSnapshot,
  { baseline }: StackRecord,
): Work {
  const { from, to } = decided.move;
  const { record } = decided;
  const [before, now] = [membersOf(snapshot, from.groupId), membersOf(snapshot, to.groupId)];
  const added = new Set([...record.added, ...record.joining]);
  const known = [...new Set([...record.moved, ...record.begun, ...added])].filter(isHere).sort();
  const isDisabled = (userId: Guid) => snapshot.users.get(userId)?.accountEnabled === false;
  const users = known.filter((userId) => {
    const isBack = before.has(userId) && !(now.has(userId) && added.has(userId));
    // A user that left the new group is moved back only with rollback: all.
    return !isBack && (now.has(userId) || (whose === "all" && !isDisabled(userId)));
  });
  // A rollback takes users out of a group only if this stack had added them.
  const leaving = users.filter((userId) => added.has(userId) && now.has(userId));
  const kept = (userId: Guid) => [...(baseline.get(userId)?.values() ?? []), ...(record.gave.get(userId) ?? [])];
  const blocked = decided.back(leaving, kept);
  const isFree = (userId: Guid) => !blocked.has(userId);
  return {
    users: users.filter(isFree),
    joining: users.filter((userId) => isFree(userId) && !before.has(userId)),
    leaving: leaving.filter(isFree),
    blocked: [...blocked].map(([userId, reason]): BlockedMove => ({ userId, reason })),
    unread: known.filter((userId) => before.has(userId) && !now.has(userId)),
    added: known.filter((userId) => record.joining.has(userId) && now.has(userId)),
  };
}

function withoutShort(work: Work, seats: SeatsToJoin): Work {
  const short = seats.shortOf(work.joining);
  if (short.size === 0) return work;
  const fits = (userId: Guid) => !short.has(userId);
  const blocked = [...short].map(([userId, skuId]): BlockedMove => ({ userId, reason: { kind: "no-seat", skuId } }));
  return {
    ...work,
    users: work.users.filter(fits),
    joining: work.joining.filter(fits),
    leaving: work.leaving.filter(fits),
    blocked: [...work.blocked, ...blocked],
  };
}

/** What an interrupted rollback has assigned directly to these users. */
function repairedIn(userIds: readonly Guid[], { record }: DecidedMove): MoveSlice["repaired"] {
  const mine = new Set(userIds);
  return record.repairedOnTheWayBack.filter(({ userId }) => mine.has(userId));
}

/** What the old group gave to users, as on record. */
function gaveTo(userIds: readonly Guid[], { record }: DecidedMove): MoveSlice["gave"] {
  return new Map(
    userIds.flatMap((userId) => {
      const gave = record.gave.get(userId);
      return gave === undefined ? [] : [[userId, gave] as const];
    }),
  );
}

function keepsOf(userIds: readonly Guid[], { baseline }: StackRecord) {
  return packBaseline(
    new Map(
      userIds.flatMap((userId) => {
        const licenses = baseline.get(userId);
        return licenses === undefined ? [] : [[userId, licenses] as const];
      }),
    ),
  );
}

/** Why a wave may not begin, although each of its users could go; `null`: there are seats for all. */
export function shortOfMoveSeats(wave: string, moves: readonly WaveMove[], { catalog }: TenantSnapshot): string | null {
  const short = moves.flatMap(({ move, seats }) =>
    seats
      .filter(({ needed, free }) => needed > free)
      // A wave moves only as many users as there are free seats: in the preview.
      .map(
        ({ skuId, needed, free }) =>
          `${formatShort(catalog.skuName(skuId), needed - free, free)} for ${formatMove(move)}`,
      ),
  );
  if (short.length === 0) return null;
  return (
    `wave ${wave}: a user needs a seat of the new licence before leaving the old group, and there are too few. ${short.join("; ")}. ` +
    "Nothing was changed. Buy or free the missing seats, or move fewer users: a smaller wave frees the old licence's seats only, not these."
  );
}

/** `E3 users → E5 users`. */
export function formatMove({ from, to }: Pick<GroupMove, "from" | "to">): string {
  return `${from.displayName} → ${to.displayName}`;
}

/** A digest of a part's decisions, to compare the plan with the recorded result. */
export function moveDigest(users: readonly Guid[], blocked: readonly BlockedMove[]): string {
  return digestOf([
    ...users.map((userId) => `${userId} move`),
    ...blocked.map(({ userId, reason }) => `${userId} ${JSON.stringify(reason)}`),
  ]);
}

/** The name of a part's row: `canary-e3-users-1`. */
export function moveRow(wave: string, { from }: GroupMove, { number }: Pick<MoveSlice, "number">): string {
  return `${wave}-${from.name}-${number}`;
}

/** What this run is about to move, and what an interrupted run may have moved that no row has recorded yet. */
export function movingBy(
  waves: readonly WavePlan[],
  record: StackRecord,
  snapshot: TenantSnapshot,
): readonly BegunMove[] {
  return waves.flatMap(({ name, mode, hold, refusal, moves }) =>
    moves.flatMap(({ move, slices }) => {
      const [fromId, toId] = [move.from.groupId, move.to.groupId];
      const known = record.moves.get(moveKey(fromId, toId)) ?? NOTHING_MOVED;
      const gives = licensesOf(snapshot, fromId);
      const ownOf = (userIds: readonly Guid[], licenses: readonly License[]) =>
        userIds.flatMap((userId) =>
          licenses
            .map(({ skuId }) => ({ userId, skuId }))
            .filter((pair) => holdsDirectly(snapshot, userId, pair.skuId) && !isBridge(record.bridges, pair)),
        );
      return slices.flatMap(({ number, ...slice }): BegunMove[] => {
        const isNow = mode === "remove" && hold === null && refusal === null;
        const row = { wave: name, number, fromId, toId };
        const { users, joining } = isNow ? slice : NOBODY;
        // check: users that an interrupted run has added stay on the list until a row has them
        const { added } = slice;
        // check: a run that leaves a wave alone forgets no user that an interrupted one has moved
        const unread = [...slice.unread, ...(isNow ? [] : slice.users)].filter((userId) => known.begun.has(userId));
        const alike = grouped(unread, (userId) => JSON.stringify(known.gave.get(userId) ?? gives));
        return [
          ...(users.length + added.length === 0
            ? []
            : [{ ...row, users, joining, unread: [], added, gives, own: ownOf(users, gives) }]),
          ...[...alike].map(([gave, mine]) => {
            const licenses = JSON.parse(gave) as readonly License[];
            return { ...row, ...NOBODY, unread: mine, added: [], gives: licenses, own: ownOf(mine, licenses) };
          }),
        ];
      });
    }),
  );
}

/** What a group gives now. */
function licensesOf({ groups }: TenantSnapshot, groupId: Guid): readonly License[] {
  return (groups.get(groupId)?.licenses ?? []).map(({ skuId, disabledPlans }) => ({ skuId, disabledPlans }));
}

const NOBODY: Pick<MoveSlice, "users" | "joining"> = { users: [], joining: [] };
