import type { Guid } from "../../licensing/model";
import type { CountsByName } from "../../licensing/counts";
import type { Removal } from "./direct-licenses";
import type { Load } from "./load";
import type { Runs } from "./take-step";

/** The result of a rehearsal: plain data, written to `rehearsal.json`. */
export interface Rehearsal {
  readonly version: 1;
  readonly stack: string;
  readonly copiedAt: string;
  /** With `pseudonymous` ids, waves by share and by count took other users than they will in the tenant. */
  readonly ids: "real" | "pseudonymous";
  readonly users: number;
  /** Number of direct assignments at the start, of the SKUs that the stack file gives or replaces. */
  readonly direct: number;
  readonly verdict: RehearsalVerdict;
  readonly groups: Step;
  readonly waves: readonly WaveStep[];
  readonly stays: readonly Stays[];
  /** Direct assignments that swaps of SKUs that exclude each other had added by the end of the last wave, by SKU. */
  readonly added: CountsByName;
  /** The moves from group to group, after the last wave. */
  readonly groupMoves: readonly RehearsedMove[];
  /** Groups that swapped licences in one call: the copy takes it in one step, and no one has proven the tenant's members. */
  readonly swapsInOneCall: readonly string[];
  /** Why a wave with pending removals still waits; `null` if none does. */
  readonly held: string | null;
  readonly troubles: readonly TroubleReport[];
  /** `null` if no rollback was requested or no licence had been removed. */
  readonly rollback: RollbackStep | null;
  readonly lost: readonly LostServices[];
  /** Services lost through changes by other people, during the rehearsal or before it. Not held against the migration. */
  readonly lostByPeople: readonly LostServices[];
  /** One sentence for each thing that could not be read in the tenant. */
  readonly warnings: readonly string[];
  /** Display names by user id; `null` without `--names`. */
  readonly names: Readonly<Record<Guid, string>> | null;
}

export interface RehearsalVerdict {
  /** `needs-a-look`: the migration completes but leaves work for an administrator. */
  readonly word: "safe" | "needs-a-look" | "stops" | "lost";
  readonly summary: string;
}

/** One step of the migration, with all runs of `up` that it took. */
export interface Step extends Runs {
  readonly name: string;
  readonly load: Load;
  readonly atRealQuotaMs: number;
}

export interface WaveStep extends Step {
  /** Removed direct assignments by SKU, from the tenant's history. */
  readonly removed: CountsByName;
  /** Direct assignments that could be removed but were not. */
  readonly pending: CountsByName;
  /** Direct assignments that stay, by block reason. */
  readonly blocked: CountsByName;
  /** Soak before the next wave, in milliseconds. */
  readonly soakMs: number;
}

/** Direct assignments that no wave removed, with the remedy for an administrator. */
export interface Stays {
  readonly sku: string;
  readonly words: string;
  readonly remedy: string;
  readonly users: number;
}

/** Members that went from group to group. */
export interface RehearsedMove {
  /** Display names. */
  readonly from: string;
  readonly to: string;
  readonly moved: number;
  /** Users that could go and did not. */
  readonly pending: number;
  /** Users that stay in the old group, by reason. */
  readonly stay: CountsByName;
}

export interface TroubleReport {
  readonly option: string;
  /** The change made to the tenant and its effect. */
  readonly words: string;
}

export interface RollbackStep extends Step {
  readonly restored: number;
  /** Direct licences held at the start that are missing or have other plans after the rollback. */
  readonly notBack: readonly Removal[];
  /** Number of users whose licence Entra refused to restore, by reason. */
  readonly why: CountsByName;
}

export interface LostServices {
  readonly userId: Guid;
  readonly plans: readonly string[];
  readonly at: string;
  /** The change that caused the loss. */
  readonly cause: string;
}
