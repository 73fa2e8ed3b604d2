import type { Guid } from "./model";

/** A condition found while planning, before any write, that an administrator should know before `pulumi up`. */
export interface Finding {
  /** Stable code for tools: `seats`, `exclusive-plans`, `usage-location`, … */
  readonly code: string;
  /**
   * `error` stops `up`: a user could lose a service, or the step cannot succeed. `warning`: users miss a new
   * service, or a removed licence could not be restored. `note`: for information.
   */
  readonly severity: "error" | "warning" | "note";
  /** The subject: a group's logical name, a SKU, or both with a space between; empty for the whole tenant. */
  readonly about: string;
  /** Number of users affected; where no users are, number of things. */
  readonly count: number;
  /** The situation, with the administrator's own names and numbers. */
  readonly message: string;
  readonly remedy: string;
  /**
   * Affected users, sorted by id. Longer than `count` if only some of them will be hit and it is unknown which
   * ones.
   */
  readonly userIds: readonly Guid[];
}
