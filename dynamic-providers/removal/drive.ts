import { BROKEN_OFF, type WaveCoordinator } from "./wave-coordinator";
import type { Unit } from "./unit";

/** Checks between units. */
export interface BetweenUnits {
  /** The reason not to begin the next unit; `null` to go on. */
  readonly stopReason: () => Promise<string | null>;
  /** The reason to begin no unit after these, given the results so far; `null` to go on. */
  readonly judge: (begun: readonly Unit[]) => string | null;
  /** Called with the units that were read back, and repaired if necessary. */
  readonly done: (units: readonly Unit[]) => Promise<void>;
}

/**
 * Runs the units with at most three in flight: one writes, the one before it is read back, the one behind it is read
 * and proven. After a halt no unit begins, but every user that was written to is still read back.
 *
 * @returns the units that wrote, in order
 * @throws the first failure of a unit that is not Graph's
 */
export async function drive(
  units: readonly Unit[],
  coordinator: WaveCoordinator,
  { stopReason, judge, done }: BetweenUnits,
): Promise<readonly Unit[]> {
  const begun: Unit[] = [];
  const underWay: Promise<void>[] = [];
  const start = (work: Promise<void>): Promise<void> => {
    // Awaited later. Until then the writing unit learns of the failure before its next batch.
    work.catch(() => {
      coordinator.halt(BROKEN_OFF);
    });
    underWay.push(work);
    return work;
  };
  let readBack = Promise.resolve();
  try {
    for (const [at, unit] of units.entries()) {
      // check: a request to stop, or a dead engine, ends the work between units
      const stop = coordinator.halted() ?? (await stopReason());
      if (stop !== null) {
        coordinator.halt(stop);
        break;
      }
      await unit.look();
      const behind = units[at + 1];
      if (behind !== undefined) void start(behind.look());
      const before = readBack;
      try {
        await unit.write();
      } finally {
        // At once, even if the write was interrupted: a user may be without a service.
        readBack = start(unit.finish());
      }
      // check: the unit before the last is read back before the next one writes
      await before;
      if (begun.length > 0) await done(begun);
      if (unit.isHeldBack) break;
      begun.push(unit);
      const halt = coordinator.halted() ?? judge(begun);
      if (halt !== null) coordinator.halt(halt);
    }
    await readBack;
    if (begun.length > 0) await done(begun);
    return begun;
  } catch (error) {
    coordinator.halt(BROKEN_OFF);
    throw error;
  } finally {
    // No work may outlive the run. Units that were read ahead notice the halt in their next wait.
    await Promise.allSettled(underWay);
    for (const unit of units) unit.leave();
  }
}
