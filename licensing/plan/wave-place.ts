import type { Guid } from "../model";
import type { WaveSpec } from "../stack-file/stack-file";

/** Where a wave stands among the others: what tells a canary from a leap. */
export interface WavePlace {
  /** From 1. */
  readonly number: number;
  readonly of: number;
  /** Users from whom something is to be removed. */
  readonly users: number;
  readonly after: WaveBefore;
}

/** The nearest wave before it that moves somebody; without one, no name and no users. */
export interface WaveBefore {
  readonly wave: string;
  /** Users whose direct licences are gone or are to go. */
  readonly users: number;
  /** How long it has to soak before this one. */
  readonly soakMs: number;
}

/**
 * Each wave with its place, in their order.
 *
 * @param toMove users from whom something is to be removed
 * @param empty waves in which nobody holds anything directly: they have no soak
 * @param moved users whose direct licences, or some of them, are gone
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
    // A wave that moves nobody is no canary; but its soak holds up what comes later all the same.
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
