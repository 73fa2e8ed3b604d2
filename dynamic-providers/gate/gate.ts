import type { GraphConnection } from "../../graph/connection";
import type { NamedSuccessor } from "../../licensing/catalog/successors";
import type { DeclaredGroup } from "../../licensing/declaration";
import type { NamedLoss } from "../../licensing/loss/loss";
import type { Guid } from "../../licensing/model";
import type { Timeouts } from "../../licensing/stack-file/stack-file";
import type { CountsByName } from "../../licensing/counts";

export interface GateInputs {
  readonly connection: GraphConnection;
  readonly groups: readonly DeclaredGroup[];
  readonly timeouts: Timeouts;
  /** Digest of what a verification would find now; empty while the groups do not give their licences yet. */
  readonly digest: string;
  /**
   * Moved users that depend on an ended subscription, by SKU. A change until it is renewed, so that a nightly check
   * fails.
   */
  readonly lostSubscriptions: CountsByName;
  /** All accepted losses of the stack file, also for groups that are no longer in it. For policies. */
  readonly acceptLoss: readonly NamedLoss[];
  /** Successors that the stack file adds to those of Microsoft's pages. For policies. */
  readonly successors: readonly NamedSuccessor[];
  /** Users reserved for the last wave, by their name in the stack file. For policies. */
  readonly moveLast: Readonly<Record<string, Guid>>;
  /** True if members in error are reprocessed: the stack file asks for it, and no refusal is known. */
  readonly reprocess: boolean;
  /** Digest of the members in error when the plan was made; see `failingDigest`. */
  readonly __failing: string;
  readonly __urn: string;
}

export interface VerifiedGroup {
  readonly processingState: string | null;
  readonly members: number;
  /** Members with all that the group gives. */
  readonly verified: number;
  /** Other members, by problem. */
  readonly errors: CountsByName;
  /** Audit records about the group's licences, newest last. The log lags, and proves nothing by itself. */
  readonly evidence: readonly string[];
}
