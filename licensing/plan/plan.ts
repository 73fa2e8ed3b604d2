import { type AddedPlan } from "../drift/added-plans";
import { type Baseline } from "../record/baseline";
import type { Blocked } from "../decision/block-reason";
import { type DebtEvidence, type DebtsPlan } from "./debts";
import { type GroupDepartures } from "../drift/departures";
import type { Finding } from "../finding";
import { type AuditReading, type Drift } from "../drift/drift";
import { type GroupPlan } from "./group-plan";
import { type Hold } from "./hold";
import type { LicensesByGroup, ResolvedLoss } from "../loss/loss";
import type { BegunWave } from "../record/interrupted-removals";
import type { Guid, Removal } from "../model";
import type { People } from "../people";
import { type OwnGroups } from "../stack-file/own-group";
import type { StackRecord } from "../record/record";
import { type RefusedRemoval } from "../decision/refused-removals";
import { type ReplacingGroups } from "../record/replacing-groups";
import { type Restore } from "./restore";
import { type TenantSnapshot } from "../snapshot";
import { type WaveSpec, type DepartureLimit } from "../stack-file/stack-file";
import { type CountsByName } from "../counts";
import { type UndeclaredLicense } from "../drift/undeclared-licenses";
import { type NamedMembers } from "./wave-membership";
import { type WavePlace } from "./wave-place";
import { type WaveOutcome } from "../wave-outcome";

/** What one run is going to do: plain data, made before anything is written. */
export interface MigrationPlan {
  /** The groups do not give their licences yet: the waves are planned against what the declaration will make of them. */
  readonly predicted: boolean;
  /** What a person should know before the groups change, the worst first; an error is a refusal of its group, too. */
  readonly findings: readonly Finding[];
  readonly groups: readonly GroupPlan[];
  readonly waves: readonly WavePlan[];
  /**
   * Pulumi refuses to delete the baseline and the waves that have begun, and with them a destroy, in its preview: the record is of all
   * users. True while a user depends on a group for a plan that may not be lost, and while a member depends on one for any plan and a direct
   * licence on record is gone, which a rollback would give back. Each group has its own (`GroupPlan.isProtected`).
   */
  readonly isProtected: boolean;
  /** People on record who have left their group since. */
  readonly departures: readonly Guid[];
  /** The groups that they left, since the last acknowledgement. */
  readonly departedGroups: readonly GroupDepartures[];
  /** A line for each group that lost more moved users than the limit allows, with the ways out; `null`: none did. */
  readonly departureRefusal: string | null;
  /** What this run writes down of departures, and whether it has to. */
  readonly departureRecord: DepartureRecord;
  /** Direct licences that this run gives back before anything else. */
  readonly debts: DebtsPlan;
  /** There is a row of debts: one was made, because something was or is owed. */
  readonly keepsDebts: boolean;
  /** Members who inherit alone, where this stack has no record of anything: on a first run, or after a state was lost. */
  readonly inheritingWithoutRecord: number;
  /** Moved users who depend on a subscription that has ended, by the SKU's name. */
  readonly lostSubscriptions: CountsByName;
  /** Direct licences that came back on users who were moved. */
  readonly drift: Drift;
  /** Plans that Microsoft added to SKUs of the groups since the last `up`. */
  readonly addedPlans: readonly AddedPlan[];
  /** What the groups give besides, without being told to by this stack. */
  readonly undeclared: readonly UndeclaredLicense[];
  /** Groups whose rules Entra has not evaluated yet. */
  readonly unevaluated: readonly Guid[];
  /** Users with something to move whom no wave takes. */
  readonly inNoWave: number;
  /** What stays with users whom no wave takes. */
  readonly blockedInNoWave: readonly Blocked[];
  /** What everybody held directly, on record and now: the same from run to run as long as nobody is given more. */
  readonly baseline: Baseline;
  /** See `StackRecord.hasBaseline`. */
  readonly hasBaseline: boolean;
  /** What goes into the state before the first removal, so that the next run knows what a killed one was about to do. */
  readonly begun: readonly BegunWave[];
  /** With those of the users from whom this run removes something, and of those who come on record now. */
  readonly replacing: ReplacingGroups;
  /** Stands for what the gate should find; `null` while that is only predicted. */
  readonly inheritanceDigest: string | null;
  /** What the stack file accepts and whom it moves last: for people who keep rules about that. */
  readonly accepted: readonly ResolvedLoss[];
  readonly moveLast: MoveLast;
}

/** Users whom the last wave alone may take, by the word for them in the stack file. */
export type MoveLast = ReadonlyMap<string, Guid>;

export interface WavePlan {
  readonly name: string;
  /** `restore` while the stack file says `rollback: true` or `rollback: all`. */
  readonly mode: "remove" | "restore";
  /** See `Restores.disabled`. */
  readonly disabled: readonly Guid[];
  /** See `Restores.departed`. */
  readonly departed: readonly Guid[];
  /** See `Restores.unrestored`. */
  readonly unrestored: readonly Restore[];
  /** `null`: this run may do it. */
  readonly hold: Hold | null;
  /** It has taken users, or may in this run: only then is there anything to protect. */
  readonly isStarted: boolean;
  /** `null`: not yet. */
  readonly doneAtMs: number | null;
  /** Why this run can't bring it to its end, which holds later waves: it shows nothing; `null`: it can, or it is done. */
  readonly shortfall: string | null;
  /** It was done before this run: nothing more is to be shown. */
  readonly wasDone: boolean;
  /** See `WaveSpec.minMoved`. */
  readonly minMoved: number;
  /** Waves before it that this run has to do first. */
  readonly behind: readonly WaveToDoFirst[];
  readonly place: WavePlace;
  readonly slices: readonly SlicePlan[];
  /** Direct assignments that the wave's users hold now or held when they were first seen, by SKU id. */
  readonly recorded: CountsByName;
  /** Users who have a plan through the groups that they had from nowhere else, by the plan's name. */
  readonly gains: CountsByName;
  /** So many more of its users may turn out blocked, because there are not seats enough: see `mayLackSeat`. */
  readonly mayLackSeat: number;
  /**
   * The gate looks at all members in this run, and waits for some: the wave looks again at users who are blocked in this plan. Otherwise
   * the plan has just read them, and a run costs what is left to remove.
   */
  readonly looksAgain: boolean;
  /** Why the wave is refused: too many users blocked, or people moved earlier lack a plan; `null` when it is not. */
  readonly refusal: string | null;
}

/** A wave that is not done yet, and what of it this run may add to. */
export interface WaveToDoFirst {
  readonly wave: string;
  readonly minMoved: number;
  readonly recorded: WaveOutcome;
  /** Its parts that have users to move in this run. */
  readonly parts: number;
}

/** The part of a wave that one resource does. */
export interface SlicePlan {
  /** From 1. */
  readonly number: number;
  readonly of: number;
  readonly removals: readonly Removal[];
  readonly blocked: readonly Blocked[];
  /** Those of `blocked` that Entra has refused, as on record. */
  readonly refused: readonly RefusedRemoval[];
  /** What a rollback puts back; empty where the wave goes forward. */
  readonly restores: readonly Restore[];
  /** Of each of `restores`, in their order; see `circumstancesOf`. */
  readonly circumstances: readonly string[];
  /** What is gone of users of this wave though no wave has them on record: a run was killed after that. */
  readonly movedUnrecorded: readonly Removal[];
  /** The direct licences of these users that are not in the baseline yet, as the state held it before this run. */
  readonly unrecorded: readonly Removal[];
  /** Stands for `removals` and `blocked`, or for `restores`. */
  readonly digest: string;
}

export interface PlanInput {
  readonly snapshot: TenantSnapshot;
  readonly waves: readonly WaveSpec[];
  readonly named: NamedMembers;
  readonly applyThrough: string | null;
  readonly record: StackRecord;
  readonly accepted: readonly ResolvedLoss[];
  readonly moveLast: MoveLast;
  /** What was noticed while the stack file's words were looked up; absent: nothing. */
  readonly notes?: readonly Finding[];
  /** What every group of this stack will give after this run, those too that are no longer declared. */
  readonly after: LicensesByGroup;
  /** The groups that this stack makes; absent: none. */
  readonly own?: OwnGroups;
  /** The tenant's country, for members without a location of their own; absent or `null`: it may not be read. */
  readonly country?: string | null;
  /** How refusals name users; absent: by id alone. */
  readonly people?: People;
  /** What the audit log says of the licences that came back; absent: it was not asked, and actors are unknown. */
  readonly auditLog?: AuditReading;
  /** What is known about the users on record who are owed something; absent: nothing, and all of it is still owed. */
  readonly debtEvidence?: DebtEvidence;
  readonly nowMs: number;
  /** Absent: the usual one. */
  readonly departureLimit?: DepartureLimit;
  /** By group: what the audit log says of departures; absent: it was not asked. */
  readonly groupAudit?: ReadonlyMap<Guid, string>;
}

export interface DepartureRecord {
  readonly isDue: boolean;
  readonly rules: Readonly<Record<string, string | null>>;
}
