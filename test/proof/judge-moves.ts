import assert from "node:assert/strict";
import type { Trial } from "./trial";

/** Members of each group, by id. */
export type Members = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The end of each move: members of the old group whose plans the new one keeps are out of it and in the new one, all others are where
 * they were and stay for a true reason.
 */
export async function judgeMoves(trial: Trial, atFirst: Members): Promise<void> {
  const { emulator, stack, truth, moves, others, seen } = trial;
  if (moves.ways().length === 0) return;
  countMoves(trial);
  const { plan, snapshot } = await stack.plan();
  const planned = plan.waves.flatMap((wave) => wave.moves);
  const parts = planned.flatMap(({ slices }) => slices);
  assert.deepEqual(
    parts.flatMap(({ users, unread }) => [...users, ...unread]),
    [],
    "a user is left to move, or to be read back",
  );
  const inWaves = new Set(snapshot.users.keys());
  for (const way of moves.ways()) {
    const members = emulator.tenant.group(way.leaveId).userMembers;
    const blocked = planned
      .filter(({ move }) => move.from.groupId === way.leaveId)
      .flatMap(({ slices }) => slices.flatMap((slice) => slice.blocked));
    seen.stays += blocked.length;
    const stay = [...members].filter((userId) => inWaves.has(userId));
    assert.deepEqual(
      blocked.map(({ userId }) => userId).sort(),
      stay.sort(),
      "blocked are not exactly the users that are still in the old group",
    );
    const lies = blocked.map(({ userId, reason }) => moves.lieIn(userId, way, reason)).filter((lie) => lie !== null);
    assert.deepEqual(lies, [], "a reason is not true");
    for (const userId of members) {
      const mayGo = moves.mayLeave(way, truth.seenNow(userId)) && !moves.wasRefused(userId, way);
      assert.ok(!mayGo, `user ${userId} could go to the new group`);
    }
    for (const userId of atFirst.get(way.leaveId) ?? []) {
      if (others.touched.has(userId) || members.has(userId)) continue;
      const isIn = emulator.tenant.group(way.joinId).userMembers.has(userId);
      assert.ok(isIn, `user ${userId} is in neither group`);
    }
  }
  const between = new Set(moves.ways().flatMap(({ leaveId, joinId }) => [leaveId, joinId]));
  for (const { id, userMembers } of truth.groups()) {
    if (between.has(id)) continue;
    const before = atFirst.get(id) ?? new Set<string>();
    const changed = [...before, ...userMembers].filter((userId) => before.has(userId) !== userMembers.has(userId));
    assert.deepEqual(
      changed.filter((userId) => !others.touched.has(userId)),
      [],
      "a group has changed from which nobody moves",
    );
  }
}

function countMoves({ witness, seen }: Trial): void {
  const all = [...witness.departures.values()].flat();
  seen.moved += all.filter(({ way }) => !way.isBack).length;
  seen.movedBack += all.filter(({ way }) => way.isBack).length;
}

/** A wave is refused for lack of seats where more users are without the new licence than it has free seats. */
export function judgeTooFewSeats({ emulator, truth, moves }: Trial, words: string): void {
  const isShort = moves.ways().some(({ leaveId, joinId }) =>
    [...truth.declaredOf(joinId), ...emulator.tenant.group(joinId).licenses].some(({ skuId }) => {
      const needing = [...emulator.tenant.group(leaveId).userMembers].filter((userId) => truth.lacks(userId, skuId));
      return needing.length > truth.freeSeats(skuId);
    }),
  );
  assert.ok(isShort, words);
}
