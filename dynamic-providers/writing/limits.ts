/**
 * How long the writes and waits of the providers go on, each number once, with the reason. Numbers of a single request
 * are in `graph/client/limits.ts`; what an administrator may set is in the stack file (`licensing:timeouts`).
 */

/** The pause if Graph gives no time: a conflicting write, or a network failure. */
export const PAUSE_MS = 2_000;

/** Interval for checking a stop during a wait: Graph may ask for ten minutes, and a stop must not take that long. */
export const STOP_CHECKED_EVERY_MS = 5_000;

/** For writes that only add: an outage of this length is waited for, a longer one is left to the next run. */
export const OUTAGE_AWAITED_MS = 10 * 60_000;

/** Other objects got answers, so the failure concerns these few, which must not hold up the run. */
export const FEW_AWAITED_MS = 60_000;

/** The most answers in a row that ask to wait, without a success between them. */
export const MOST_WAITS_ASKED = 40;

/** After this many equal failures without a success, the cause is not the single users. */
export const FAILURES_OF_ALL = 20;

/** How often a unit reads and decides again while writes are throttled, lost, or conflict with other writes. */
export const UNIT_ATTEMPTS = 20;

/**
 * The least pause before a unit decides again doubles from this to `PAUSE_MS`: Graph may ask for very short waits, and
 * all attempts could be used up within seconds.
 */
export const FIRST_UNIT_PAUSE_MS = 100;

/**
 * How long after the start of its read a proof may be used. Usually a write follows within two seconds. Entra takes
 * minutes to end an inherited licence, so the read-back finds a change in these seconds and repairs it in time.
 */
export const PROOF_LASTS_MS = 20_000;

/** Graph lags behind its own writes by seconds. A direct licence that is still there after this was not removed. */
export const REMOVAL_VISIBLE_WITHIN_MS = 3 * 60_000;

/** Entra reprocesses a user at once, so an error that remains after this is final. */
export const REPROCESSED_WITHIN_MS = 30_000;

/** Entra adds the users of a rule in quick succession: a count that has not changed for this long is final. */
export const RULE_SETTLED_MS = 10 * 60_000;
