import { hash } from "node:crypto";
import type { Guid } from "../model";
import type { StackRecord } from "../record/record";
import type { WaveSpec } from "../stack-file/stack-file";

/** Whom a wave names by user or by group, by the name of the wave. Empty for waves that go by count or percent. */
export type NamedMembers = ReadonlyMap<string, ReadonlySet<Guid>>;

/**
 * Where a user stands between 0 and 1, for good: a hash of the id, so that it depends on nobody else.
 * Six bytes of SHA-256: even over a million users, no two percentages apart by 0.001 are confused.
 */
export function hashPosition(userId: Guid): number {
  return hash("sha256", userId, "buffer").readUIntBE(0, 6) / 2 ** 48;
}

/**
 * The wave of each user, by name; users that no wave takes are absent.
 *
 * A user belongs to the first wave that takes them, for good: who was once taken stays there as long as that wave is
 * declared. A wave by `count` chooses once: after it has taken its users, people who join go to later waves.
 *
 * @param candidates users whom a wave by count may choose: those with something to move
 * @param moveLast users whom the last wave alone may take; who was taken before they were named stays where they are
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
