import type { Guid } from "../../licensing/model";

/** Runs work in the order of the calls, one at a time; a failure does not stop the next. */
export function oneAfterTheOther(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine;
    return mine;
  };
}

/** The changes that take a licence off a group, for all resources of one process. */
export interface TakingTurns {
  /** One change at a time: otherwise two groups would each count as the other's replacement. */
  readonly inTurn: ReturnType<typeof oneAfterTheOther>;
  /** Groups whose release has begun. */
  readonly lettingGo: Set<Guid>;
}

export function takingTurns(): TakingTurns {
  return { inTurn: oneAfterTheOther(), lettingGo: new Set() };
}

/** The engine has one process for all resources of an update. */
export const TURNS = takingTurns();
