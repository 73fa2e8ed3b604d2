import type { Guid } from "./model";

/** Something that a person should know before an `up`: found in the plan, before anything is written. */
export interface Finding {
  /** Stable word for tools: `seats`, `exclusive-plans`, `usage-location`, … */
  readonly code: string;
  /**
   * `error` stops the `up`: it could take a service from somebody, or can't be carried out at all. `warning`: somebody will not
   * get something new and keeps what they have, or could not get back what will be taken. `note`: good to know.
   */
  readonly severity: "error" | "warning" | "note";
  /** What it is about: the logical name of a group, a SKU, or both with a space between; empty for the tenant as a whole. */
  readonly about: string;
  /** How many users (or, where there are none, things) it is about. */
  readonly count: number;
  /** What is so, with the caller's own names and numbers. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Whom it is about, in order of id; more than `count` where only some of them will be hit and nobody can tell whom; empty for no user. */
  readonly userIds: readonly Guid[];
}
