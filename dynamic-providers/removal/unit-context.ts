import type { Guid } from "../../licensing/model";
import type { RefusedRemoval } from "../../licensing/decision/refused-removals";
import type { LicensingWorld, AcceptedRisks } from "../../licensing/snapshot";
import type { RefusalStreak } from "../writing/refusal-streak";
import type { Row, RowGraphs } from "../writing/waits";

/** The context of a unit, apart from its users. */
export interface UnitContext extends Row, RowGraphs {
  readonly declared: LicensingWorld["declared"];
  readonly catalog: LicensingWorld["catalog"];
  /** Risks that the stack file takes. */
  readonly accepts: AcceptedRisks;
  /** True if time-limited memberships are checked; this tenant can list them. */
  readonly asksEnds: boolean;
  /** Direct assignments in both the plan and the baseline, by user. */
  readonly recorded: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  /** SKUs that this run may add in a swap, by user: the state has them before. */
  readonly bridges: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  /** Removals that Entra has refused, by user. */
  readonly refused: ReadonlyMap<Guid, readonly RefusedRemoval[]>;
  /** Users of nested groups, by the declared group around them; only for the reason in messages. */
  readonly nested: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  /** Number of users of the whole wave; more than a burst are written evenly from the start. */
  readonly waveUsers: number;
  /** How long a plan may be missing after a removal before the direct licence is put back. */
  readonly settleMs: number;
  /** How long putting back is retried while Graph or the sign-in is unavailable. */
  readonly putBackMs: number;
  /** How long a unit waits while Entra processes a group again, before the wave halts. */
  readonly steadyMs: number;
  /** Distinguishes a refused user from an app without the permission. */
  readonly reads: RefusalStreak;
  readonly writes: RefusalStreak;
  /** True if messages may name users; see `StackFile.showNames`. */
  readonly showNames: boolean;
}
