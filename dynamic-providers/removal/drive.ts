import { BROKEN_OFF, type WaveCoordinator } from "./wave-coordinator";
import type { Unit } from "./unit";

/** What is looked at between units. */
export interface BetweenUnits {
  /** Why the next unit may not begin; `null`: it may. */
  readonly stopReason: () => Promise<string | null>;
  /** Why nobody may follow the last of these, which has written; `null`: the next one may. */
  readonly judge: (begun: readonly Unit[]) => string | null;
  /** These are read back, and right or made right. */
  readonly done: (units: readonly Unit[]) => Promise<void>;
}

/**
 * Lets the units go through, three in the air at most: one writes, while the one before it is read back and the one behind it is
 * read and proven. Where the wave halts nobody begins any more, and whoever was written to is still read back.
 *
 * @returns the units that had their turn, in order; which they are depends on timing only where the wave halts
 */
export async function drive(
  units: readonly Unit[],
  convoy: WaveCoordinator,
  { stopReason, judge, done }: BetweenUnits,
): Promise<readonly Unit[]> {
  const begun: Unit[] = [];
  const underWay: Promise<void>[] = [];
  const start = (work: Promise<void>): Promise<void> => {
    // Awaited when its time comes. The unit that writes meanwhile hears of it before its next batch.
    work.catch(() => {
      convoy.halt(BROKEN_OFF);
    });
    underWay.push(work);
    return work;
  };
  let readBack = Promise.resolve();
  try {
    for (const [at, unit] of units.entries()) {
      const stop = convoy.halted() ?? (await stopReason());
      if (stop !== null) {
        convoy.halt(stop);
        break;
      }
      await unit.look();
      const behind = units[at + 1];
      if (behind !== undefined) void start(behind.look());
      const before = readBack;
      try {
        await unit.write();
      } finally {
        // At once, and even where the write broke off: somebody may be without a service.
        readBack = start(unit.finish());
      }
      await before;
      if (begun.length > 0) await done(begun);
      if (unit.isHeldBack) break;
      begun.push(unit);
      const halt = convoy.halted() ?? judge(begun);
      if (halt !== null) convoy.halt(halt);
    }
    await readBack;
    if (begun.length > 0) await done(begun);
    return begun;
  } catch (error) {
    convoy.halt(BROKEN_OFF);
    throw error;
  } finally {
    // Nothing may outlive the run. What was read ahead for nobody hears of the halt in its next wait.
    await Promise.allSettled(underWay);
    for (const unit of units) unit.leave();
  }
}
