import { baselineOf, grow, type Baseline } from "./baseline";
import type { BlockReason } from "./block-reason";
import { declaredSkus, type DeclaredGroup } from "./declaration";
import { digestOf } from "./digest";
import { changesToGroup, type LicenseChange } from "./group-change";
import { holds, type Hold } from "./hold";
import { inheritanceDigest, inheritanceProblems, type InheritanceProblem } from "./inheritance";
import { licensesAfter } from "./licenses-after";
import { lossOfGroupChange, lossRefusal } from "./loss";
import type { Guid, LicensedGroup, NestedGroup } from "./model";
import { predict } from "./prediction";
import type { StackRecord } from "./record";
import { decideUser } from "./replacement";
import { sliceCount, sliceOf } from "./slices";
import { evidenceOf, type TenantSnapshot } from "./snapshot";
import type { WaveSpec } from "./stack-file";
import { tally, type Tally } from "./tally";
import { assignWaves, type NamedMembers } from "./wave-membership";

/** What one run is going to do: plain data, made before anything is written. */
export interface MigrationPlan {
  /** The groups do not give their licences yet: the waves are planned against what the declaration will make of them. */
  readonly predicted: boolean;
  readonly groups: readonly GroupPlan[];
  readonly waves: readonly WavePlan[];
  /** Users with something to move whom no wave takes. */
  readonly inNoWave: number;
  /** Stands for what the gate should find; `null` while that is only predicted. */
  readonly inheritanceDigest: string | null;
}

export interface GroupPlan {
  readonly declared: DeclaredGroup;
  readonly now: LicensedGroup;
  readonly changes: readonly LicenseChange[];
  readonly members: number;
  readonly nested: readonly NestedGroup[];
  readonly problems: readonly InheritanceProblem[];
  /** Why the change is refused: somebody would lose a plan; `null` when nobody would. */
  readonly refusal: string | null;
}

export interface WavePlan {
  readonly name: string;
  /** `null`: this run may do it. */
  readonly hold: Hold | null;
  readonly doneAtMs: number | null;
  readonly slices: readonly SlicePlan[];
  /** Direct assignments that the wave's users hold now or held when they were first seen, by SKU id. */
  readonly recorded: Tally;
  /** Why the wave is refused: more users blocked than the stack file allows; `null` when it is not. */
  readonly refusal: string | null;
}

/** The part of a wave that one resource does. */
export interface SlicePlan {
  /** From 1. */
  readonly number: number;
  readonly of: number;
  readonly removals: readonly Removal[];
  readonly blocked: readonly Blocked[];
  /** Stands for `removals` and `blocked`. */
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
  readonly nowMs: number;
}

/** Makes the plan: pure, so that the same tenant, stack file, record and time always give the same plan. */
export function planMigration(input: PlanInput): MigrationPlan {
  const { snapshot, predicted } = predict(input.snapshot);
  const work = decideAll(snapshot);
  const assigned = assignWaves(snapshot.users.keys(), movable(work, snapshot), input.waves, input.named, input.record);
  const baseline = grow(input.record.baseline, baselineOf(snapshot.users.values(), declaredSkus(snapshot.declared)));
  const held = holds(input.waves, input.applyThrough, input.record, input.nowMs);
  const groups = input.snapshot.declared.map((group) => planGroup(group, input.snapshot, input.record));
  const problems = groups.flatMap((group) => group.problems);
  return {
    predicted,
    groups,
    waves: input.waves.map((wave) => ({
      ...planWave(wave, held.get(wave.name) ?? null, work, assigned, input.record),
      recorded: recordedIn(wave, baseline, assigned),
    })),
    inNoWave: [...work.keys()].filter((userId) => !assigned.has(userId)).length,
    inheritanceDigest: predicted ? null : inheritanceDigest(snapshot.declared, problems),
  };
}

/** What a slice's decisions come down to, for comparing a plan with what a wave left behind. */
export function sliceDigest(removals: readonly Removal[], blocked: readonly Blocked[]): string {
  return digestOf([
    ...removals.map(({ userId, skuId }) => `${userId} ${skuId} remove`),
    // A user who no longer exists is in no later plan either.
    ...blocked
      .filter(({ reason }) => reason.kind !== "user-gone")
      .map(({ userId, skuId, reason }) => `${userId} ${skuId} ${JSON.stringify(reason)}`),
  ]);
}

interface UserWork {
  readonly removals: readonly Removal[];
  readonly blocked: readonly Blocked[];
}

function decideAll(snapshot: TenantSnapshot): ReadonlyMap<Guid, UserWork> {
  const work = new Map<Guid, UserWork>();
  for (const evidence of evidenceOf(snapshot)) {
    const each = workOf(evidence.user.id, decideUser(evidence, snapshot));
    if (each.removals.length + each.blocked.length > 0) work.set(evidence.user.id, each);
  }
  return work;
}

/** What a user's decisions leave to do or to report. */
export function workOf(userId: Guid, decisions: ReturnType<typeof decideUser>): UserWork {
  return {
    removals: decisions.flatMap((each) => (each.verdict === "remove" ? [{ userId, skuId: each.skuId }] : [])),
    blocked: decisions.flatMap((each) =>
      each.verdict === "blocked" ? [{ userId, skuId: each.skuId, reason: each.reason }] : [],
    ),
  };
}

/** A wave by count chooses among members who hold something directly, so that a canary is never made of bystanders. */
function movable(work: ReadonlyMap<Guid, UserWork>, snapshot: TenantSnapshot): ReadonlySet<Guid> {
  const members = [...snapshot.members.values()];
  return new Set([...work.keys()].filter((userId) => members.some((ids) => ids.has(userId))));
}

function planWave(
  wave: WaveSpec,
  hold: Hold | null,
  work: ReadonlyMap<Guid, UserWork>,
  assigned: ReadonlyMap<Guid, string>,
  record: StackRecord,
): Omit<WavePlan, "recorded"> {
  const taken = record.waves.get(wave.name)?.taken ?? new Set<Guid>();
  const mine = [...work.keys()].filter((userId) => assigned.get(userId) === wave.name);
  const count = sliceCount(new Set([...mine, ...taken]).size);
  const bySlice = Array.from({ length: count }, (): UserWork[] => []);
  for (const userId of mine) {
    const each = work.get(userId);
    if (each !== undefined) bySlice[sliceOf(userId, count)]?.push(each);
  }
  const blockedUsers = mine.filter((userId) => (work.get(userId)?.blocked.length ?? 0) > 0).length;
  return {
    name: wave.name,
    hold,
    doneAtMs: record.waves.get(wave.name)?.doneAtMs ?? null,
    slices: bySlice.map((users, index) => planSlice(users, index + 1, count)),
    refusal: hold === null ? tooManyBlocked(wave, blockedUsers) : null,
  };
}

/** Only people who are still there: `assigned` knows nobody else. */
function recordedIn(wave: WaveSpec, baseline: Baseline, assigned: ReadonlyMap<Guid, string>): Tally {
  const users = [...baseline].filter(([userId]) => assigned.get(userId) === wave.name);
  return tally(users.flatMap(([, licenses]) => [...licenses.keys()]));
}

function planSlice(users: readonly UserWork[], number: number, of: number): SlicePlan {
  const removals = users.flatMap((each) => each.removals);
  const blocked = users.flatMap((each) => each.blocked);
  return { number, of, removals, blocked, digest: sliceDigest(removals, blocked) };
}

function tooManyBlocked(wave: WaveSpec, blockedUsers: number): string | null {
  if (wave.maxBlocked === null || blockedUsers <= wave.maxBlocked) return null;
  return (
    `wave ${wave.name}: ${blockedUsers} users are blocked, and maxBlocked allows ${wave.maxBlocked}. ` +
    "Nothing was removed. See the reasons above and mend them, or raise maxBlocked: " +
    "blocked users keep their direct licences either way."
  );
}

function planGroup(declared: DeclaredGroup, snapshot: TenantSnapshot, record: StackRecord): GroupPlan {
  const now = snapshot.groups.get(declared.groupId);
  if (now === undefined) throw new Error(`the snapshot lacks the declared group ${declared.groupId}`);
  const memberIds = snapshot.members.get(declared.groupId) ?? new Set<Guid>();
  const members = [...memberIds].flatMap((id) => snapshot.users.get(id) ?? []);
  const changes = changesToGroup(declared.licenses, now.licenses);
  return {
    declared,
    now,
    changes,
    members: members.length,
    nested: snapshot.nested.get(declared.groupId) ?? [],
    problems: members.flatMap((user) => inheritanceProblems(user, declared, snapshot.catalog)),
    refusal: refusalOf(declared, now, members, snapshot, record),
  };
}

/** Giving fewer plans, or no longer a SKU that this stack gave, must take nothing from anybody. */
function refusalOf(
  declared: DeclaredGroup,
  now: LicensedGroup,
  members: Parameters<typeof lossOfGroupChange>[0],
  { catalog }: TenantSnapshot,
  record: StackRecord,
): string | null {
  const before = record.groupLicenses.get(declared.name);
  const given = before?.groupId === declared.groupId ? before.licenses.map(({ skuId }) => skuId) : [];
  const after = licensesAfter(declared, now, given);
  const losses = lossOfGroupChange(members, declared.groupId, after, catalog);
  if (losses.length === 0) return null;
  return lossRefusal(`The change to the licences of ${declared.displayName}`, losses, catalog);
}
