/** What is to happen in a rehearsal besides the migration itself. */
export interface RehearsalOptions {
  /** Graph refuses what goes beyond its documented quotas. */
  readonly throttle: boolean;
  /** A group by its logical name: somebody takes a plan out of its licence in the middle of a wave. */
  readonly narrow: string | null;
  /** So many seats fewer than the groups need. */
  readonly seatsShort: number;
  /** So many people leave their licensing group in the middle of a wave. */
  readonly leave: number;
  readonly rollback: boolean;
}
