import type { Guid } from "../model";
import type { WaveSpec } from "../stack-file/stack-file";

/** A wave's position and size relative to the waves before, used to tell a canary from a big step. */
export interface WavePlace {
  /** From 1. */
  readonly number: number;
  readonly of: number;
  /** Number of users with planned removals. */
  readonly users: number;
  readonly after: WaveBefore;
}

/** The nearest wave before with users to move; without one, an empty name and no users. */
export interface WaveBefore {
  readonly wave: string;
  /** Number of users with removed or planned direct licences. */
  readonly users: number;
  /** Soak before this wave, in milliseconds. */
  readonly soakMs: number;
}

/**
 * Each wave with its place, in file order.
 *
 * @param toMove users with planned removals
 * @param moved users with at least one removed direct licence
 * @param empty waves without any direct licences, which have no soak
 */
export function placed(
  waves: readonly WaveSpec[],
  assigned: ReadonlyMap<Guid, string>,
  toMove: Iterable<Guid>,
  moved: Iterable<Guid>,
  empty: ReadonlySet<string> = new Set(),
): readonly { readonly wave: WaveSpec; readonly place: WavePlace }[] {
  const [going, gone] = [byWave(toMove, assigned), byWave(moved, assigned)];
  let after: WaveBefore = { wave: "", users: 0, soakMs: 0 };
  return waves.map((wave, index) => {
    const mine = wave.rollback ? [] : (going.get(wave.name) ?? []);
    const place = { number: index + 1, of: waves.length, users: mine.length, after };
    const users = new Set([...mine, ...(gone.get(wave.name) ?? [])]).size;
    if (empty.has(wave.name)) return { wave, place };
    // A wave that moves no users is no canary, but later waves still wait for its soak.
    after =
      users > 0
        ? { wave: wave.name, users, soakMs: wave.soakMs }
        : { ...after, soakMs: Math.max(after.soakMs, wave.soakMs) };
    return { wave, place };
  });
}

function byWave(userIds: Iterable<Guid>, assigned: ReadonlyMap<Guid, string>): ReadonlyMap<string, readonly Guid[]> {
  const users = new Map<string, Guid[]>();
  for (const userId of userIds) {
    const wave = assigned.get(userId);
    if (wave === undefined) continue;
    const mine = users.get(wave) ?? [];
    users.set(wave, mine);
    mine.push(userId);
  }
  return users;
}
