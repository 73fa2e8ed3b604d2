/** Troubles to add to the rehearsal, and whether to roll back at the end. */
export interface RehearsalOptions {
  /** Graph enforces its documented quotas. */
  readonly throttle: boolean;
  /** Logical name of a group, the licence of which loses a plan in the middle of a wave. */
  readonly narrow: string | null;
  /** Number of missing seats per declared SKU. */
  readonly seatsShort: number;
  /** Number of users that leave their licensing group in the middle of a wave. */
  readonly leave: number;
  readonly rollback: boolean;
}
