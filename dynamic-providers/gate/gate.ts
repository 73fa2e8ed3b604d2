import type { GraphConnection } from "../../graph/connection";
import type { DeclaredGroup } from "../../licensing/declaration";
import type { NamedLoss } from "../../licensing/loss/loss";
import type { Guid } from "../../licensing/model";
import type { Timeouts } from "../../licensing/stack-file/stack-file";
import type { CountsByName } from "../../licensing/counts";

export interface GateInputs {
  readonly connection: GraphConnection;
  readonly groups: readonly DeclaredGroup[];
  readonly timeouts: Timeouts;
  /** Stands for what a verification would find now; empty while the groups do not give their licences yet. */
  readonly digest: string;
  /** Moved users who depend on a subscription that has ended, by SKU: a change until it is renewed, so that a nightly check fails. */
  readonly lostSubscriptions: CountsByName;
  /** All losses that the stack file accepts, also for a group that is taken out of it: for policies to see. */
  readonly acceptLoss: readonly NamedLoss[];
  /** Users whom the last wave alone may take, by the word for them in the stack file: for policies to see. */
  readonly moveLast: Readonly<Record<string, Guid>>;
  /** Members in error are reprocessed: the stack file asks for it, and as far as is known it is allowed. */
  readonly reprocess: boolean;
  /** Stands for the members in error when the plan was made; see `failingDigest`. */
  readonly __failing: string;
  readonly __urn: string;
}

export interface VerifiedGroup {
  readonly processingState: string | null;
  readonly members: number;
  /** Members who have all that the group gives. */
  readonly verified: number;
  /** Members who do not, by what is wrong. */
  readonly errors: CountsByName;
  /** What the audit log says about the group's licences, newest last. It lags, and proves nothing by itself. */
  readonly evidence: readonly string[];
}
