import type { DiscoveredUserPage } from "../graph/tenant-graph";

/** Pages of users already read, stored so that a stopped run can continue. */
export interface KeptPages {
  /** Pages of an earlier run, in order; may be empty. */
  earlier(): Iterable<DiscoveredUserPage>;
  add(page: DiscoveredUserPage): void;
}
