import type { Guid } from "../../licensing/model";
import type { Tally } from "../../licensing/tally";
import type { Removal } from "./direct-licenses";
import type { Load } from "./load";

/** What a rehearsal found: plain data, as `rehearsal.json` has it. */
export interface Rehearsal {
  readonly version: 1;
  readonly stack: string;
  readonly copiedAt: string;
  /** `pseudonymous`: waves by share and by count took other people than they will in the tenant. */
  readonly ids: "real" | "pseudonymous";
  readonly users: number;
  /** Direct assignments of declared SKUs at the beginning. */
  readonly direct: number;
  readonly verdict: Verdict;
  readonly groups: Step;
  readonly waves: readonly WaveStep[];
  readonly stays: readonly Stays[];
  /** Why a wave still waits that has something to remove, in words; `null`: none does. */
  readonly held: string | null;
  readonly troubles: readonly TroubleReport[];
  /** `null`: not asked for, or there was nothing to put back. */
  readonly rollback: RollbackStep | null;
  readonly lost: readonly LostServices[];
  /** What other people took in the rehearsal, or had taken before: it is not this migration's doing. */
  readonly lostByPeople: readonly LostServices[];
  /** What could not be read in the tenant. */
  readonly warnings: readonly string[];
  /** What the users in it are called, by id; `null` but with `--names`. */
  readonly names: Readonly<Record<Guid, string>> | null;
}

export interface Verdict {
  /** `needs-a-look`: it comes to its end, and leaves something for a person. With `stops` and `lost` the exit code is 1. */
  readonly word: "safe" | "needs-a-look" | "stops" | "lost";
  readonly summary: string;
}

/** One step of the way: as many runs of `up` as it took. */
export interface Step {
  readonly name: string;
  readonly runs: number;
  /** Came to its end. */
  readonly isThrough: boolean;
  /** Why runs ended early, in the engine's own words. */
  readonly halts: readonly string[];
  readonly load: Load;
  readonly atRealQuotaMs: number;
}

export interface WaveStep extends Step {
  /** Direct assignments that are gone, by SKU; from the tenant's own history. */
  readonly removed: Tally;
  /** Direct assignments that could go, and did not. */
  readonly pending: Tally;
  /** Direct assignments that stay, by reason. */
  readonly blocked: Tally;
  /** How long the next wave waits then. */
  readonly soakMs: number;
}

/** Direct assignments that no wave removed, and what an administrator can do about it. */
export interface Stays {
  readonly sku: string;
  readonly words: string;
  readonly remedy: string;
  readonly users: number;
}

export interface TroubleReport {
  readonly option: string;
  /** What was done to the tenant, and what came of it. */
  readonly words: string;
}

export interface RollbackStep extends Step {
  readonly restored: number;
  /** Not as they were, though they were held at the beginning. */
  readonly notBack: readonly Removal[];
  /** Users whom Entra refused it, by why. */
  readonly why: Tally;
}

export interface LostServices {
  readonly userId: Guid;
  readonly plans: readonly string[];
  readonly at: string;
  /** What brought it about. */
  readonly cause: string;
}
