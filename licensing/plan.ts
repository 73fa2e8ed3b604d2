import { addedPlans, type AddedPlan } from "./added-plans";
import { baselineOf, grow, type Baseline } from "./baseline";
import type { BlockReason } from "./block-reason";
import { judgeDebts, NO_EVIDENCE, type DebtEvidence, type DebtsPlan } from "./debts";
import { declaredSkus, present } from "./declaration";
import { afterRemovals } from "./dependents";
import { departureRefusal } from "./departure-words";
import { departuresOf, rulesToRecord, USUAL_DEPARTURES, type DepartureLimit, type GroupDepartures } from "./departures";
import { digestOf } from "./digest";
import type { Finding } from "./finding";
import { driftOf, NOT_ASKED, returnedLicenses, type AuditReading, type Drift } from "./drift";
import { foresee } from "./foresight";
import { grouped } from "./grouped";
import { planGroup, type GroupPlan } from "./group-plan";
import { holds, type Hold } from "./hold";
import { inheritanceDigest } from "./inheritance";
import { inheritingWithoutRecord } from "./lost-record";
import type { LicensesByGroup, ResolvedLoss } from "./loss";
import type { Guid } from "./model";
import { holdsDirectly, lookAtMoved } from "./moved-users";
import type { People } from "./people";
import { unforeseenGroups, type OwnGroups } from "./own-group";
import { refusalOf } from "./preflight/finding-words";
import { preflight } from "./preflight/preflight";
import type { StackRecord } from "./record";
import { heedRefusals, heedRestriction, refusalsInForce, type RefusedRemoval } from "./refused-removals";
import { growReplacing, replacing, type ReplacingGroups } from "./replacing-groups";
import { decisionsIn, type SkuDecision } from "./replacement";
import { circumstancesOf, NOTHING_TO_RESTORE, restoreDigest, restoresFor, type Restore } from "./restore";
import { mayLackSeat } from "./seat-doubts";
import { bySlice, sliceCount, sliceOf } from "./slices";
import { evidenceOf, type TenantSnapshot } from "./snapshot";
import type { WaveSpec } from "./stack-file";
import { tally, type Tally } from "./tally";
import { undeclaredLicenses, type UndeclaredLicense } from "./undeclared-licenses";
import { assignWaves, type NamedMembers } from "./wave-membership";
import { placed, type WavePlace } from "./wave-place";
import { shortfallWords, type WaveOutcome } from "./wave-outcome";
import { fallsShort, standingOf, type WaveStanding } from "./wave-standing";
import { heldForDebts, refusedAfterDepartures, tooManyBlocked } from "./wave-refusal";

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
  readonly lostSubscriptions: Tally;
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
  readonly recorded: Tally;
  /** Users who have a plan through the groups that they had from nowhere else, by the plan's name. */
  readonly gains: Tally;
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

export interface Removal {
  readonly userId: Guid;
  readonly skuId: Guid;
}

export interface Blocked extends Removal {
  readonly reason: BlockReason;
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

/** Makes the plan: pure, so that the same tenant, stack file, record and time always give the same plan. */
export function planMigration(input: PlanInput): MigrationPlan {
  const own = input.own ?? new Map();
  const { joining, joined, trouble, snapshot, predicted } = foresee(input);
  const work = decideAll(snapshot, input.record);
  const candidates = movable(work, snapshot, input.record);
  const last = new Set(input.moveLast.values());
  const assigned = assignWaves(snapshot.users.keys(), candidates, input.waves, input.named, input.record, last);
  const { record, accepted } = input;
  const moved = lookAtMoved(snapshot, record, accepted);
  const evidence = input.debtEvidence ?? NO_EVIDENCE;
  const debts = judgeDebts(record.debts, moved.regressions, snapshot, record.baseline, accepted, evidence);
  const baseline = grow(input.record.baseline, baselineOf(snapshot.users.values(), declaredSkus(snapshot.declared)));
  const standings = standingsOf(work, assigned, snapshot, input);
  const held = holds(
    input.waves,
    input.applyThrough,
    input.record,
    input.nowMs,
    unforeseenGroups(own),
    deletedGroup(snapshot),
    standings,
  );
  const empty = new Set([...standings].flatMap(([name, { isEmpty }]) => (isEmpty ? [name] : [])));
  const toMove = [...work].flatMap(([userId, { removals: own }]) => (own.length > 0 ? [userId] : []));
  const gone = [...input.record.baseline.keys()].filter(
    (userId) => goneFrom(userId, snapshot, input.record).length > 0,
  );
  const isAnyMoved = gone.some((userId) => [...snapshot.members.values()].some((ids) => ids.has(userId)));
  const limit = input.departureLimit ?? USUAL_DEPARTURES;
  const left = departuresOf(moved.departures, input.snapshot, input.record, limit, input.nowMs);
  const telling = { limit, nowMs: input.nowMs, audit: input.groupAudit ?? new Map(), people: input.people };
  const tooManyLeft = departureRefusal(left.groups, telling);
  const afterDebts = heldForDebts(
    placed(input.waves, assigned, toMove, gone, empty).map(({ wave, place }) => {
      const planned = planWave(wave, held.get(wave.name) ?? null, work, assigned, snapshot, input, standings);
      const removals = planned.slices.flatMap((slice) => slice.removals);
      return {
        ...planned,
        place,
        recorded: recordedIn(wave, baseline, assigned),
        mayLackSeat: mayLackSeat(removals, trouble.seats, snapshot),
        looksAgain: true,
      };
    }),
    debts.owed,
  );
  const waves = refusedAfterDepartures(afterDebts, tooManyLeft);
  const removals = waves.flatMap((wave) => (wave.hold === null ? wave.slices.flatMap((slice) => slice.removals) : []));
  // Users who come on record have it all at once, so that the baseline rests while their wave waits.
  const firstSeen = waves
    .flatMap((wave) => wave.slices.flatMap((slice) => slice.removals))
    .filter(({ userId }) => !input.record.baseline.has(userId));
  const usersLater = afterRemovals(snapshot.users, removals);
  const planned = input.snapshot.declared.map((group) =>
    planGroup(group, { ...input, own, joining, usersLater, membersLater: snapshot.members }),
  );
  // Who joins is looked at as a member, with the licences of now.
  const slices = waves.flatMap((wave) => wave.slices);
  const foreseen = preflight(planned, joined, input.country ?? null, trouble, slices, moved.ontoEnded);
  const findings = [...foreseen, ...(input.notes ?? [])];
  const groups = planned.map((group) => ({
    ...group,
    refusal: group.refusal ?? refusalOf(findings, group.declared.name, input.people),
  }));
  const problems = groups.flatMap((group) => group.problems);
  const digest = predicted ? null : inheritanceDigest(present(snapshot.declared), problems);
  return {
    predicted,
    findings,
    groups,
    waves: waves.map((wave) => ({ ...wave, looksAgain: digest === null || digest !== input.record.verifiedDigest })),
    isProtected:
      groups.some((group) => group.isProtected || (group.dependents.users > 0 && isAnyMoved)) || removals.length > 0,
    departures: moved.departures,
    lostSubscriptions: Object.fromEntries(
      [...moved.ontoEnded].map(([skuId, { length }]) => [snapshot.catalog.skuName(skuId), length]),
    ),
    departedGroups: left.groups,
    departureRefusal: tooManyLeft,
    departureRecord: {
      isDue: tooManyLeft !== null || left.hasToBeRecorded,
      rules: rulesToRecord(input.snapshot, input.record, left.groups),
    },
    debts,
    keepsDebts: record.keepsDebts || debts.owed.length + debts.ended.length > 0,
    drift: driftOf(returnedLicenses(input.snapshot, input.record), input.auditLog ?? NOT_ASKED),
    addedPlans: addedPlans(groups, input.record, snapshot.catalog),
    undeclared: undeclaredLicenses(input.snapshot, input.record),
    baseline,
    hasBaseline: input.record.hasBaseline,
    replacing: growReplacing(input.record.replacing, replacing([...removals, ...firstSeen], snapshot)),
    inheritingWithoutRecord: inheritingWithoutRecord(input.snapshot, input.record),
    unevaluated: unforeseenGroups(own)?.groupIds ?? [],
    inNoWave: [...work].filter(([userId, { removals }]) => removals.length > 0 && !assigned.has(userId)).length,
    blockedInNoWave: [...work].flatMap(([userId, { blocked }]) => (assigned.has(userId) ? [] : blocked)),
    inheritanceDigest: digest,
    accepted: input.accepted,
    moveLast: input.moveLast,
  };
}

function deletedGroup({ declared }: TenantSnapshot): string | null {
  return declared.find(({ deleted }) => deleted !== undefined)?.displayName ?? null;
}

/** What a slice's decisions come down to, for comparing a plan with what a wave left behind. */
export function sliceDigest(removals: readonly Removal[], blocked: readonly Blocked[]): string {
  return digestOf([
    ...removals.map(({ userId, skuId }) => `${userId} ${skuId} remove`),
    ...blocked.map(({ userId, skuId, reason }) => `${userId} ${skuId} ${JSON.stringify(reason)}`),
  ]);
}

interface UserWork {
  readonly removals: readonly Removal[];
  readonly blocked: readonly Blocked[];
}

interface PlannedUser extends UserWork {
  readonly refused: readonly RefusedRemoval[];
  readonly gains: ReadonlySet<Guid>;
}

/** One for all: most users gain nothing. */
const NOTHING: ReadonlySet<Guid> = new Set();

function decideAll(snapshot: TenantSnapshot, record: StackRecord): ReadonlyMap<Guid, PlannedUser> {
  const work = new Map<Guid, PlannedUser>();
  const decide = decisionsIn(snapshot);
  const onRecord = new Map<Guid, RefusedRemoval[]>();
  for (const { refused } of record.waves.values()) {
    for (const each of refused) onRecord.set(each.userId, [...(onRecord.get(each.userId) ?? []), each]);
  }
  for (const evidence of evidenceOf(snapshot)) {
    const refused = refusalsInForce(evidence.user, onRecord.get(evidence.user.id) ?? []);
    const decisions = heedRestriction(evidence.user, heedRefusals(decide(evidence), refused));
    const each = workOf(evidence.user.id, decisions);
    const gained = decisions.flatMap((decision) => (decision.verdict === "remove" ? decision.gains : []));
    const gains = gained.length === 0 ? NOTHING : new Set(gained);
    if (each.removals.length + each.blocked.length > 0) work.set(evidence.user.id, { ...each, refused, gains });
  }
  return work;
}

/** What a user's decisions leave to do or to report. */
export function workOf(userId: Guid, decisions: readonly SkuDecision[]): UserWork {
  return {
    removals: decisions.flatMap((each) => (each.verdict === "remove" ? [{ userId, skuId: each.skuId }] : [])),
    blocked: decisions.flatMap((each) =>
      each.verdict === "blocked" ? [{ userId, skuId: each.skuId, reason: each.reason }] : [],
    ),
  };
}

/** A wave by count chooses among members who hold something directly, so that a canary is never made of bystanders. */
function movable(work: ReadonlyMap<Guid, UserWork>, snapshot: TenantSnapshot, record: StackRecord): ReadonlySet<Guid> {
  const members = [...snapshot.members.values()];
  // People on record count too: after a run that was killed the same ones are chosen again.
  const known = [...work.keys(), ...record.baseline.keys()];
  return new Set(known.filter((userId) => members.some((ids) => ids.has(userId))));
}

function planWave(
  wave: WaveSpec,
  hold: Hold | null,
  work: ReadonlyMap<Guid, PlannedUser>,
  assigned: ReadonlyMap<Guid, string>,
  snapshot: TenantSnapshot,
  { record, accepted, waves }: PlanInput,
  standings: ReadonlyMap<string, WaveStanding>,
): Omit<WavePlan, "place" | "recorded" | "mayLackSeat" | "looksAgain"> {
  const taken = record.waves.get(wave.name)?.taken ?? new Set<Guid>();
  const standing = standings.get(wave.name);
  const wasDone = standing?.isDone === true;
  const isShort = standing !== undefined && fallsShort(standing, wave) && !wave.rollback && hold === null;
  const mine = [...work.keys()].filter((userId) => assigned.get(userId) === wave.name);
  const onRecord = [...record.baseline.keys()].filter((userId) => assigned.get(userId) === wave.name);
  const whose = wave.rollback === "all" ? "all" : "members";
  // Users who left their group and hold nothing are in no listing; a rollback of all has them read one by one.
  const recorded = whose === "all" ? onRecord : new Set([...onRecord, ...taken]);
  const { restores, disabled, departed, unrestored } = wave.rollback
    ? restoresFor(recorded, record.baseline, snapshot, accepted, whose, record.waves.get(wave.name)?.unrestored)
    : NOTHING_TO_RESTORE;
  const unrecorded = onRecord
    .filter((userId) => !taken.has(userId))
    .flatMap((userId) => goneFrom(userId, snapshot, record));
  const count = sliceCount(new Set([...mine, ...taken, ...unrecorded.map(({ userId }) => userId)]).size);
  const blockedUsers = mine.filter((userId) => (work.get(userId)?.blocked.length ?? 0) > 0).length;
  const users = bySlice(wave.rollback ? [] : mine, count, (userId) => userId);
  const toRestore = bySlice(restores, count, ({ userId }) => userId);
  const movedUnrecorded = bySlice(unrecorded, count, ({ userId }) => userId);
  return {
    name: wave.name,
    mode: wave.rollback ? "restore" : "remove",
    disabled,
    departed,
    unrestored,
    hold,
    isStarted: hold === null || taken.size > 0,
    doneAtMs: wasDone ? (record.waves.get(wave.name)?.doneAtMs ?? null) : null,
    shortfall: isShort ? unprovenWords(shortfallWords(standing.expected, wave.minMoved)) : null,
    wasDone,
    minMoved: wave.minMoved,
    behind: toDoFirst(wave, waves, standings),
    slices: Array.from({ length: count }, (_, index): SlicePlan => {
      const here = (users[index] ?? []).flatMap((userId) => work.get(userId) ?? []);
      const removals = here.flatMap((each) => each.removals);
      const blocked = here.flatMap((each) => each.blocked);
      const restoresHere = toRestore[index] ?? [];
      return {
        number: index + 1,
        of: count,
        removals,
        blocked,
        refused: here.flatMap((each) => each.refused),
        restores: restoresHere,
        circumstances: restoresHere.map((each) => circumstancesOf(each, snapshot)),
        movedUnrecorded: movedUnrecorded[index] ?? [],
        // What nobody holds directly, such as a licence from an unknown source, is in no baseline.
        unrecorded: [...removals, ...blocked].filter(
          ({ userId, skuId }) =>
            record.baseline.get(userId)?.has(skuId) !== true && holdsDirectly(snapshot, userId, skuId),
        ),
        digest: wave.rollback ? restoreDigest(restoresHere) : sliceDigest(removals, blocked),
      };
    }),
    gains: wave.rollback
      ? {}
      : gainsOf(
          mine.flatMap((userId) => work.get(userId) ?? []),
          snapshot,
        ),
    refusal: hold === null && !wave.rollback ? tooManyBlocked(wave, blockedUsers) : null,
  };
}

function standingsOf(
  work: ReadonlyMap<Guid, UserWork>,
  assigned: ReadonlyMap<Guid, string>,
  snapshot: TenantSnapshot,
  { waves, record }: PlanInput,
): ReadonlyMap<string, WaveStanding> {
  const users = grouped(new Set([...work.keys(), ...record.baseline.keys()]), (userId) => assigned.get(userId) ?? "");
  /** Users whom this wave and those before it have not taken. */
  let free = work.size;
  return new Map(
    waves.map((spec) => {
      const before = record.waves.get(spec.name);
      const mine = users.get(spec.name) ?? [];
      const toMove = mine.filter((userId) => (work.get(userId)?.removals.length ?? 0) > 0);
      const blocked = mine.filter((userId) => (work.get(userId)?.blocked.length ?? 0) > 0);
      const unrecorded = mine.filter(
        (userId) => before?.taken.has(userId) !== true && goneFrom(userId, snapshot, record).length > 0,
      );
      free -= mine.filter((userId) => work.has(userId)).length;
      const parts = sliceCount(new Set([...mine, ...(before?.taken ?? [])]).size);
      const withWork = new Set([...toMove, ...unrecorded].map((userId) => sliceOf(userId, parts))).size;
      const notChosen = spec.takes.kind === "count" && mine.length === 0 ? free : 0;
      return [
        spec.name,
        standingOf(before, { toMove, blocked: new Set(blocked), unrecorded, parts: withWork, notChosen }),
      ];
    }),
  );
}

function toDoFirst(
  wave: WaveSpec,
  waves: readonly WaveSpec[],
  standings: ReadonlyMap<string, WaveStanding>,
): readonly WaveToDoFirst[] {
  const at = waves.findIndex(({ name }) => name === wave.name);
  return waves.slice(0, at).flatMap(({ name, minMoved, rollback }) => {
    const standing = standings.get(name);
    if (standing === undefined || rollback || standing.isDone || standing.isEmpty) return [];
    return [{ wave: name, minMoved, recorded: standing.recorded, parts: standing.parts }];
  });
}

function unprovenWords(why: string): string {
  return `not done: ${why}. Later waves wait: mend what blocks these users, or let it pass with minMoved: 0 %`;
}

function gainsOf(users: readonly PlannedUser[], { catalog }: TenantSnapshot): Tally {
  return tally(users.flatMap(({ gains }) => [...gains].map((planId) => catalog.planName(planId))));
}

/** What is on record for a user and no longer held directly. */
function goneFrom(userId: Guid, snapshot: TenantSnapshot, record: StackRecord): readonly Removal[] {
  const gone = [...(record.baseline.get(userId)?.keys() ?? [])].filter(
    (skuId) => !holdsDirectly(snapshot, userId, skuId),
  );
  return gone.map((skuId) => ({ userId, skuId }));
}

/** Only people who are still there: `assigned` knows nobody else. */
function recordedIn(wave: WaveSpec, baseline: Baseline, assigned: ReadonlyMap<Guid, string>): Tally {
  const users = [...baseline].filter(([userId]) => assigned.get(userId) === wave.name);
  return tally(users.flatMap(([, licenses]) => [...licenses.keys()]));
}
