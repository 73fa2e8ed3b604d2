import { hash } from "node:crypto";
import type { Guid } from "../model";
import type { StackRecord } from "../record/record";
import type { WaveSpec } from "../stack-file/stack-file";

/** Users selected by `users` or `group`, by wave name. Waves by count or percent have no entry. */
export type NamedMembers = ReadonlyMap<string, ReadonlySet<Guid>>;

/**
 * The user's fixed position from 0 to 1, a hash of the id and so independent of other users. Six bytes of SHA-256
 * distinguish percentages 0.001 apart even for a million users.
 */
export function hashPosition(userId: Guid): number {
  return hash("sha256", userId, "buffer").readUIntBE(0, 6) / 2 ** 48;
}

/**
 * The wave of each user, by name; users that no wave takes are absent. A user stays in the first wave that took
 * them as long as it is declared. A wave by `count` chooses once; later users go to later waves.
 *
 * @param candidates users that a wave by count may choose: those with something to move
 * @param moveLast users that only the last wave may take; users taken before stay in their wave
 */
export function assignWaves(
  userIds: Iterable<Guid>,
  candidates: ReadonlySet<Guid>,
  waves: readonly WaveSpec[],
  named: NamedMembers,
  record: StackRecord,
  moveLast: ReadonlySet<Guid> = new Set(),
): ReadonlyMap<Guid, string> {
  const assigned = new Map<Guid, string>();
  const present = new Set(userIds);
  for (const { name } of waves) {
    for (const userId of record.waves.get(name)?.taken ?? []) {
      if (present.has(userId) && !assigned.has(userId)) assigned.set(userId, name);
    }
  }
  const free = [...present]
    .filter((userId) => !assigned.has(userId))
    .map((userId) => ({ userId, at: hashPosition(userId) }))
    .sort((a, b) => a.at - b.at || a.userId.localeCompare(b.userId));
  for (const [index, { name, takes }] of waves.entries()) {
    const isLast = index === waves.length - 1;
    // check: a user that a wave has taken stays in it
    let room = takes.kind === "count" && !hasChosen(record, name) ? takes.count : 0;
    for (const { userId, at } of free) {
      if (assigned.has(userId) || (!isLast && moveLast.has(userId))) continue;
      if (takes.kind === "percent" && at < takes.percent / 100) assigned.set(userId, name);
      else if (takes.kind === "count" && room > 0 && candidates.has(userId)) {
        assigned.set(userId, name);
        room -= 1;
      } else if (named.get(name)?.has(userId) === true) assigned.set(userId, name);
    }
  }
  return assigned;
}

function hasChosen(record: StackRecord, wave: string): boolean {
  return (record.waves.get(wave)?.taken.size ?? 0) > 0;
}
