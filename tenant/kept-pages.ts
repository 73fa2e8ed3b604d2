import type { DiscoveredUserPage } from "../graph/tenant-graph";

/** The pages of users that were read so far, kept so that a run that was stopped goes on where it was. */
export interface KeptPages {
  /** Those of an earlier run, in order; empty: there was none. */
  earlier(): Iterable<DiscoveredUserPage>;
  add(page: DiscoveredUserPage): void;
}
