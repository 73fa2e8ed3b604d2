import { type AddedPlan } from "../drift/added-plans";
import { type Baseline } from "../record/baseline";
import type { Blocked } from "../decision/block-reason";
import type { Memberships } from "../decision/block-names";
import type { CoveredLicense } from "../decision/covered";
import { type DebtEvidence, type DebtsPlan } from "./debts";
import { type GroupDepartures } from "../drift/departures";
import type { Lacking } from "../drift/lacking";
import type { Finding } from "../finding";
import { type AuditReading, type Drift } from "../drift/drift";
import { type GroupPlan } from "./group-plan";
import { type Hold } from "./hold";
import type { LicensesByGroup, ResolvedLoss } from "../loss/loss";
import type { PlansBeforeSwap } from "../decision/own-bridge";
import type { Bridges } from "../record/bridges-on-record";
import type { BegunMove } from "../record/moves-on-record";
import type { GroupMove, WaveMove } from "./group-move";
import type { BegunWave } from "../record/interrupted-removals";
import type { Guid, Removal } from "../model";
import type { People } from "../people";
import { type OwnGroups } from "../stack-file/own-group";
import type { StackRecord } from "../record/record";
import { type RefusedRemoval } from "../decision/refused-removals";
import { type ReplacingGroups } from "../record/replacing-groups";
import { type Restore, type UnrestoredLicense } from "./restore";
import { type TenantSnapshot } from "../snapshot";
import { type WaveSpec, type DepartureLimit } from "../stack-file/stack-file";
import { type CountsByName } from "../counts";
import { type UndeclaredLicense } from "../drift/undeclared-licenses";
import { type NamedMembers } from "./wave-membership";
import { type WavePlace } from "./wave-place";
import { type WaveOutcome } from "../wave-outcome";

/** What one run will do. Plain data, made before any write. */
export interface MigrationPlan {
  /** True if the groups do not give their licences yet. The waves are then planned against the declaration. */
  readonly predicted: boolean;
  /** Findings before groups change, worst first. An error also refuses its group. */
  readonly findings: readonly Finding[];
  readonly groups: readonly GroupPlan[];
  readonly waves: readonly WavePlan[];
  /**
   * Pulumi refuses to delete the baseline and started waves while this is true, so `destroy` fails in its preview.
   * True while members depend on a group for a plan that is not accepted as lost, or for any plan while a recorded
   * direct licence is gone. Groups: `GroupPlan.isProtected`.
   */
  readonly isProtected: boolean;
  /** Users on record that have left their group. */
  readonly departures: readonly Guid[];
  /** Of these, the users that lack a plan now, without acknowledged departures. */
  readonly lacking: readonly Lacking[];
  /** The groups that they left since the last acknowledgement. */
  readonly departedGroups: readonly GroupDepartures[];
  /** One line for each group with more departures than allowed, with the ways out; `null`: none. */
  readonly departureRefusal: string | null;
  readonly departureRecord: DepartureRecord;
  /** Direct licences that this run gives back first, and debts that ended. */
  readonly debts: DebtsPlan;
  /** True if the debts resource exists or is needed, because licences were or are owed. */
  readonly keepsDebts: boolean;
  /**
   * Number of members with a licence only from a group while the stack has no record: a first run, or a lost state.
   */
  readonly inheritingWithoutRecord: number;
  /** Number of moved users that depend on an ended subscription, by SKU name. */
  readonly lostSubscriptions: CountsByName;
  /** Direct licences that came back on moved users. */
  readonly drift: Drift;
  /** Plans that Microsoft added to SKUs of the groups since the last `up`. */
  readonly addedPlans: readonly AddedPlan[];
  /** Direct licences that the groups give already and that no wave takes. */
  readonly covered: readonly CoveredLicense[];
  /** Licences of the groups that this stack neither declares nor assigned. */
  readonly undeclared: readonly UndeclaredLicense[];
  /** How users join the groups that this stack makes, where a reader needs other advice than for an existing group. */
  readonly memberships: Memberships;
  /** Number of users with removals that no wave takes. */
  readonly inNoWave: number;
  /** Blocked assignments of users that no wave takes. */
  readonly blockedInNoWave: readonly Blocked[];
  /** Direct licences on record and now. It does not change between runs unless a user gets more. */
  readonly baseline: Baseline;
  /**
   * Stored in the state before the first removal, so that the next run knows what a killed run may have removed.
   */
  readonly begun: readonly BegunWave[];
  /** See `Bridges`: those on record, and those of the waves of this run. */
  readonly bridges: Bridges;
  readonly plansBeforeSwap: PlansBeforeSwap;
  /** The recorded groups, plus those of users with removals in this run and of users new to the record. */
  readonly replacing: ReplacingGroups;
  /** Members that this run is about to move from group to group; see `BegunMove`. */
  readonly moving: readonly BegunMove[];
  /** Number of members in error now, or as foreseen after the groups are changed, by group. */
  readonly inError: Readonly<Record<Guid, number>>;
  /** Digest of what the gate should find; `null` while the state is predicted. */
  readonly inheritanceDigest: string | null;
  /** Accepted losses and users moved last, for policy rules. */
  readonly accepted: readonly ResolvedLoss[];
  readonly moveLast: MoveLast;
}

/** Users that only the last wave may take, by their name in the stack file. */
export type MoveLast = ReadonlyMap<string, Guid>;

export interface WavePlan {
  readonly name: string;
  /** `restore` with `rollback: true` or `rollback: all`. */
  readonly mode: "remove" | "restore";
  /** See `Restores.disabled`. */
  readonly disabled: readonly Guid[];
  /** See `Restores.departed`. */
  readonly departed: readonly Guid[];
  /** See `Restores.unrestored`. */
  readonly unrestored: readonly UnrestoredLicense[];
  /** `null`: this run may apply the wave. */
  readonly hold: Hold | null;
  /** True if the wave has taken users or may do so in this run. Only then does its row need protection. */
  readonly isStarted: boolean;
  /** In milliseconds since 1970; `null`: not done. */
  readonly doneAtMs: number | null;
  /** Why this run cannot finish the wave, which holds later waves; `null`: it can, or the wave is done. */
  readonly shortfall: string | null;
  /** True if the wave was done before this run. */
  readonly wasDone: boolean;
  /** See `WaveSpec.minMoved`. */
  readonly minMoved: number;
  /** Waves before this one that the same run must finish first. */
  readonly behind: readonly WaveToDoFirst[];
  readonly place: WavePlace;
  readonly slices: readonly SlicePlan[];
  /** Members that go from group to group; one for each of `licensing:moves`. */
  readonly moves: readonly WaveMove[];
  /** Direct assignments of the wave's users, present or first seen, by SKU id. */
  readonly recorded: CountsByName;
  /** Number of users that gain a plan from the groups, by plan name. */
  readonly gains: CountsByName;
  /** Number of users that keep a plan only as its successor, such as `EXCHANGE_S_ENTERPRISE in place of EXCHANGE_S_STANDARD`. */
  readonly successions: CountsByName;
  /** Number of users that are swapped in one call, such as `STANDARDPACK for a direct ENTERPRISEPACK`. */
  readonly swaps: CountsByName;
  /** Upper limit of further blocked users because seats are missing; see `mayLackSeat`. */
  readonly mayLackSeat: number;
  /**
   * True if the gate checks members in this run. Its wait may unblock users, so the wave reads blocked users again.
   * Otherwise the plan's read is recent, and only users with removals are read.
   */
  readonly looksAgain: boolean;
  /** Why the wave is refused: too many blocked users, or too many departures; `null`: it is not. */
  readonly refusal: string | null;
}

/** An unfinished wave that this run may continue. */
export interface WaveToDoFirst {
  readonly wave: string;
  readonly minMoved: number;
  readonly recorded: WaveOutcome;
  /** Number of its slices with users to move in this run. */
  readonly parts: number;
}

/** The part of a wave that one resource does. */
export interface SlicePlan {
  /** From 1. */
  readonly number: number;
  readonly of: number;
  readonly removals: readonly Removal[];
  readonly blocked: readonly Blocked[];
  /** The blocked assignments that Entra refused, as recorded. */
  readonly refused: readonly RefusedRemoval[];
  /** Licences that a rollback puts back; empty without a rollback. */
  readonly restores: readonly Restore[];
  /** One for each of `restores`, in order; see `circumstancesOf`. */
  readonly circumstances: readonly string[];
  /** Removed licences that no wave has recorded: a run was killed after the removal. */
  readonly movedUnrecorded: readonly Removal[];
  /** SKUs that the calls of these removals add directly. */
  readonly bridges: readonly Removal[];
  /** Direct licences added in swaps that the calls of these restores take back. */
  readonly takesBack: readonly Removal[];
  /** Read anew before `takesBack` goes; empty where nothing does. */
  readonly plansBefore: PlansBeforeSwap;
  /** Direct licences and swaps of these users that the state does not contain yet. */
  readonly unrecorded: readonly Removal[];
  /** Digest of `removals` and `blocked`, or of `restores`. */
  readonly digest: string;
}

export interface PlanInput {
  readonly snapshot: TenantSnapshot;
  readonly waves: readonly WaveSpec[];
  /** Default: none. */
  readonly moves?: readonly GroupMove[];
  readonly named: NamedMembers;
  readonly applyThrough: string | null;
  readonly record: StackRecord;
  readonly accepted: readonly ResolvedLoss[];
  readonly moveLast: MoveLast;
  /** Findings from resolving the stack file's names. Default: none. */
  readonly notes?: readonly Finding[];
  /** Licences that every group of this stack will give after this run, including groups no longer declared. */
  readonly after: LicensesByGroup;
  /** The groups that this stack creates. Default: none. */
  readonly own?: OwnGroups;
  /** The tenant's country, two letters, for members without a location; absent or `null`: unknown. */
  readonly country?: string | null;
  /** Names users in refusals. Default: by id. */
  readonly people?: People;
  /** Audit records about licences that came back; absent: not read, so actors are unknown. */
  readonly auditLog?: AuditReading;
  /** Facts about users with debts; absent: none, so every debt is still owed. */
  readonly debtEvidence?: DebtEvidence;
  readonly nowMs: number;
  /** Default: `USUAL_DEPARTURES`. */
  readonly departureLimit?: DepartureLimit;
  /** The audit log's text about departures, by group; absent: not read. */
  readonly groupAudit?: ReadonlyMap<Guid, string>;
}

export interface DepartureRecord {
  readonly isDue: boolean;
  readonly rules: Readonly<Record<string, string | null>>;
}
