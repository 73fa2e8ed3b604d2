import type { Guid } from "../../licensing/model";
import type { RefusedRemoval } from "../../licensing/decision/refused-removals";
import type { LicensingWorld, AcceptedRisks } from "../../licensing/snapshot";
import type { RefusalStreak } from "../writing/refusal-streak";
import type { Row, RowGraphs } from "../writing/waits";

/** What a unit of removal works with, apart from its users. */
export interface UnitContext extends Row, RowGraphs {
  readonly declared: LicensingWorld["declared"];
  readonly catalog: LicensingWorld["catalog"];
  /** Risks that the stack file takes. */
  readonly accepts: AcceptedRisks;
  /** Whether memberships that end by themselves are looked for: this tenant can tell. */
  readonly asksEnds: boolean;
  /** The direct assignments that the plan saw and the baseline holds, by user. */
  readonly recorded: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  /** What Entra has refused before, by user. */
  readonly refused: ReadonlyMap<Guid, readonly RefusedRemoval[]>;
  /** Users of nested groups, by the declared group around them: only for naming the reason. */
  readonly nested: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  /** Users of the whole wave: what does not fit into a burst is written evenly from the first one on. */
  readonly waveUsers: number;
  /** How long a plan may be missing after a removal before the direct licence is put back. */
  readonly settleMs: number;
  /** How long a direct licence is put back again and again while Graph or the sign-in is out of order. */
  readonly putBackMs: number;
  /** How long a unit waits for a group that Entra is processing again, before the wave halts. */
  readonly steadyMs: number;
  /** Tells a user who cannot be read, or not be written to, from an app that may not. */
  readonly reads: RefusalStreak;
  readonly writes: RefusalStreak;
  /** Whether what is told of users names them; see `StackFile.showNames`. */
  readonly showNames: boolean;
}
