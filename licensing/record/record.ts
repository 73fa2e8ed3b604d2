import { grow, recordedBaseline, type Baseline, type BaselineState } from "./baseline";
import { unpackIds, type PackedPairs } from "./compact-ids";
import { openDebts, settledTimes, withoutSettled, type Debt, type SettledDebts } from "./debts-on-record";
import { grouped } from "../grouped";
import type { ResolvedLoss } from "../loss/loss";
import type { Guid } from "../model";
import type { RecordedNames } from "../catalog/recorded-names";
import { interruptedIn, NOTHING_INTERRUPTED, type EndOfPart, type InterruptedRemovals } from "./interrupted-removals";
import { growReplacing, NO_REPLACING, replacingIn, type ReplacingGroups } from "./replacing-groups";
import type { RefusedRemoval } from "../decision/refused-removals";
import { removalTimes, type RemovalTimes } from "./removals-on-record";
import { unrestoredIn, type Unrestored } from "./unrestored-on-record";
import { addOutcomes, NO_OUTCOME, movedEnough, type WaveOutcome } from "../wave-outcome";
import { unpackSliceRecord, type PackedSliceRecord, type SliceRecord } from "./slice-record";

/** What the state keeps of departures, so that the last acknowledgement means something. */
export interface DeparturesOnRecord {
  /** By user: the day on which a run first saw the departure. */
  readonly days: ReadonlyMap<Guid, string>;
  /** The rules of the groups as they were before, by logical name; `null`: a static group. */
  readonly rules: ReadonlyMap<string, string | null>;
}

export const NO_DEPARTURES: DeparturesOnRecord = { days: new Map(), rules: new Map() };

/** All plans of a SKU that are a user's, switched on or off, by SKU: see `packIds`. */
export type PlansOnRecord = Readonly<Record<Guid, string>>;

/** What the stack itself remembers of earlier runs: read from its state, before anything is planned. */
export interface StackRecord {
  readonly baseline: Baseline;
  /** The state has a row for it, however much is in it. */
  readonly hasBaseline: boolean;
  readonly waves: ReadonlyMap<string, WaveRecord>;
  /** What the waves removed, and neither a rollback nor a paid debt put back. */
  readonly removals: RemovalTimes;
  /** What was removed, could not be put back when it had to, and was not made good since. */
  readonly debts: readonly Debt[];
  readonly interrupted: InterruptedRemovals;
  /** The state has a row of debts: it stays, because it says which of them have ended. */
  readonly keepsDebts: boolean;
  /** By logical name: what this stack did to a group, whether or not it still declares it. */
  readonly groupLicenses: ReadonlyMap<string, GroupLicenseRecord>;
  /** By logical name: the groups that this stack made. */
  readonly madeGroups: ReadonlyMap<string, MadeGroupRecord>;
  /** Users whom the last wave alone may take, by every word that an earlier run found one under. */
  readonly moveLast: ReadonlyMap<string, Guid>;
  /** Stands for what the gate found when it was last done; `null`: it has work to do. */
  readonly verifiedDigest: string | null;
  readonly replacing: ReplacingGroups;
  readonly departures: DeparturesOnRecord;
}

export interface MadeGroupRecord {
  readonly groupId: Guid;
  /** As the last run left it; `null` for a group whose members are added one by one. */
  readonly rule: string | null;
  /** The rule as Entra was last seen to have evaluated it; `null`: none yet. */
  readonly evaluatedRule: string | null;
  readonly ownerIds: readonly Guid[];
  /** Whom this stack added. Lists of members lag behind: these are looked up one by one before they are added again. */
  readonly joined: ReadonlySet<Guid>;
}

export interface WaveRecord {
  /** When every part of the wave was done and it had moved enough, in milliseconds since 1970; `null`: not yet. */
  readonly doneAtMs: number | null;
  /** Everybody the wave has taken: they stay in it for good. */
  readonly taken: ReadonlySet<Guid>;
  /** Users from whom all went that a plan of the wave thought movable. */
  readonly moved: ReadonlySet<Guid>;
  /** Users with something that a plan of the wave thought movable, and that is still there. */
  readonly missed: ReadonlySet<Guid>;
  /** The same in numbers, with how many are blocked. */
  readonly outcome: WaveOutcome;
  /** What the wave had to move when it last ran; see `WaveSpec.minMoved`. */
  readonly minMoved: number;
  /** Removals that Entra has refused. */
  readonly refused: readonly RefusedRemoval[];
  /** What a rollback could not put back; absent: nothing. */
  readonly unrestored?: Unrestored;
}

export interface GroupLicenseRecord {
  readonly groupId: Guid;
  /** As it was called at the last `up`. */
  readonly displayName?: string;
  /** The SKUs that this stack put there: all that it may ever take away. */
  readonly given: readonly Guid[];
  /** Losses that the stack file accepted for this group in the last run: what its release is judged by. */
  readonly acceptLoss: readonly ResolvedLoss[];
  /** What its SKUs consisted of at the last `up`; absent: a state of an older version. */
  readonly plans?: PlansOnRecord;
  /** What the names of its licences stood for at the last `up`; absent: nothing is on record. */
  readonly names?: RecordedNames;
}

export const EMPTY_RECORD: StackRecord = {
  baseline: new Map(),
  hasBaseline: false,
  waves: new Map(),
  removals: new Map(),
  debts: [],
  interrupted: NOTHING_INTERRUPTED,
  keepsDebts: false,
  groupLicenses: new Map(),
  madeGroups: new Map(),
  moveLast: new Map(),
  verifiedDigest: null,
  replacing: NO_REPLACING,
  departures: NO_DEPARTURES,
};

/** The outputs of one slice of a wave, as far as the plan needs them. */
export interface SliceOutputs extends PackedSliceRecord {
  readonly wave: string;
  readonly doneAt: string | null;
  /** See `Unrestored`; absent: none. */
  readonly __unrestored?: Readonly<Record<string, PackedPairs>>;
  /** The users of this part by what became of them, and what share of the movable ones the wave had to move. */
  readonly outcome: PartOutcome;
  /** Absent: none has run, or a state of an older version. */
  readonly __end?: EndOfPart;
  /** `1 of 4`; absent from no state. */
  readonly slice?: string;
}

export interface PartOutcome extends WaveOutcome {
  readonly minMoved: number;
}

/** The outputs of one group's licence, as far as the plan needs them. */
export interface GroupLicenseState {
  readonly name: string;
  readonly groupId: Guid;
  readonly displayName?: string;
  /** See `givenOf`. */
  readonly given?: readonly Guid[];
  readonly acceptLoss?: readonly ResolvedLoss[];
  readonly __plans?: PlansOnRecord;
  readonly __names?: RecordedNames;
}

/**
 * The SKUs that this stack put on a group. States of older versions do not tell them from SKUs that were there before: then none
 * are, because what is left on a group takes nothing from anybody.
 */
export function givenOf({ given }: Pick<GroupLicenseState, "given">): readonly Guid[] {
  return given ?? [];
}

/** A group that this stack made, as the state has it. */
export interface MadeGroupState {
  /** The logical name. */
  readonly name: string;
  readonly groupId: Guid;
  readonly ownerIds: readonly Guid[];
  readonly rule: string | null;
}

/** The outputs of a group's members, as far as the plan needs them. */
export interface GroupMembersState {
  readonly name: string;
  readonly groupId: Guid;
  readonly __joined: string;
}

/** The outputs of the gate, as far as the plan needs them. */
export interface GateState {
  readonly moveLast: Readonly<Record<string, Guid>>;
  readonly settled: string;
  /** Absent before the state has it. */
  readonly complete?: boolean;
}

/** The outputs of the row of debts, as far as the plan needs them. */
export interface DebtsState {
  readonly __settled: readonly SettledDebts[];
}

/** The outputs of a rule, as far as the plan needs them. */
export interface EvaluatedRuleState {
  readonly name: string;
  readonly groupId: Guid;
  readonly rule: string;
  readonly evaluated: boolean;
}

/**
 * The record from the outputs that the state holds, sorted by what kind of resource they are of.
 *
 * @throws DamagedRecord where something in it is not whole
 */
export function recordOf(found: {
  readonly baselines: readonly BaselineState[];
  readonly slices: readonly SliceOutputs[];
  readonly groupLicenses: readonly GroupLicenseState[];
  readonly madeGroups?: readonly MadeGroupState[];
  readonly groupMembers?: readonly GroupMembersState[];
  readonly evaluatedRules?: readonly EvaluatedRuleState[];
  readonly gates?: readonly GateState[];
  readonly debts?: readonly DebtsState[];
}): StackRecord {
  const slices = found.slices.map((slice) => ({ ...slice, ...unpackSliceRecord(slice) }));
  const removals = removalTimes(slices.flatMap(({ removed }) => removed));
  const settled = settledTimes((found.debts ?? []).flatMap(({ __settled }) => __settled));
  const waves = new Map(
    [...grouped(slices, ({ wave }) => wave)].map(([name, ofWave]): [string, WaveRecord] => [name, waveOf(ofWave)]),
  );
  const baseline = found.baselines.map(recordedBaseline).reduce(grow, new Map());
  const begun = found.baselines.find(({ __begun }) => __begun !== undefined)?.__begun;
  const ends = new Map(
    slices.flatMap(({ wave, slice = "1", __end }) => (__end ? [[`${wave} ${parseInt(slice)}`, __end] as const] : [])),
  );
  return {
    baseline,
    interrupted: interruptedIn(begun, baseline, ends, settled),
    hasBaseline: found.baselines.length > 0,
    replacing: found.baselines.map(({ __entries }) => replacingIn(__entries)).reduce(growReplacing, NO_REPLACING),
    departures: {
      days: new Map(
        found.baselines
          .flatMap(({ __departed }) => __departed ?? [])
          .flatMap(({ day, users }) => unpackIds(users).map((userId) => [userId, day] as const)),
      ),
      rules: new Map(found.baselines.flatMap(({ __rules }) => Object.entries(__rules ?? {}))),
    },
    waves,
    verifiedDigest: found.gates?.find(({ complete }) => complete === true)?.settled ?? null,
    removals: withoutSettled(removals, settled),
    debts: openDebts(
      slices.flatMap(({ owed = [] }) => owed),
      settled,
      removals,
    ),
    keepsDebts: (found.debts ?? []).length > 0,
    groupLicenses: new Map(
      found.groupLicenses.map(({ name, groupId, acceptLoss, __plans, __names, ...state }) => [
        name,
        {
          groupId,
          ...(state.displayName === undefined ? {} : { displayName: state.displayName }),
          given: givenOf(state),
          acceptLoss: acceptLoss ?? [],
          ...(__names === undefined ? {} : { names: __names }),
          ...(__plans === undefined ? {} : { plans: __plans }),
        },
      ]),
    ),
    madeGroups: new Map(
      (found.madeGroups ?? []).map(({ name, groupId, ownerIds, rule }) => {
        const isMine = (each: { readonly name: string; readonly groupId: Guid }) =>
          each.name === name && each.groupId === groupId;
        const evaluated = found.evaluatedRules?.find((each) => isMine(each) && each.evaluated);
        const joined = unpackIds(found.groupMembers?.find(isMine)?.__joined ?? "");
        return [name, { groupId, ownerIds, rule, evaluatedRule: evaluated?.rule ?? null, joined: new Set(joined) }];
      }),
    ),
    moveLast: new Map((found.gates ?? []).flatMap(({ moveLast }) => Object.entries(moveLast))),
  };
}

/** All parts at once: joined one by one, those before would be copied for each further one. */
function waveOf(slices: readonly (SliceOutputs & SliceRecord)[]): WaveRecord {
  const doneAtMs = slices.map(({ doneAt }) => (doneAt === null ? null : Date.parse(doneAt))).reduce(latest);
  const outcome = slices.map((slice) => slice.outcome).reduce(addOutcomes, NO_OUTCOME);
  const minMoved = Math.max(...slices.map((slice) => slice.outcome.minMoved));
  const missed = new Set(slices.flatMap((slice) => slice.missed ?? []));
  const moved = slices.flatMap(({ removed }) => removed.flatMap(({ pairs }) => pairs.map(({ userId }) => userId)));
  return {
    doneAtMs: movedEnough(outcome, minMoved) ? doneAtMs : null,
    moved: new Set(moved.filter((userId) => !missed.has(userId))),
    missed,
    outcome,
    minMoved,
    taken: new Set(slices.flatMap(({ taken }) => taken)),
    refused: slices.flatMap(({ refused }) => refused),
    unrestored: new Map(slices.flatMap(({ __unrestored = {} }) => [...unrestoredIn(__unrestored)])),
  };
}

/** A wave is done when its last part is; not at all while one part is not. */
function latest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}
