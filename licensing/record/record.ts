import { grow, recordedBaseline, type Baseline, type BaselineState } from "./baseline";
import { unpackIds, type PackedPairs } from "./compact-ids";
import { DamagedRecord } from "./damaged-record";
import { openDebts, settledTimes, unpackDebts, withoutSettled, type Debt, type SettledDebts } from "./debts-on-record";
import { grouped } from "../grouped";
import type { ResolvedLoss } from "../loss/loss";
import type { Guid } from "../model";
import type { RecordedNames } from "../catalog/recorded-names";
import { interruptedIn, NOTHING_INTERRUPTED, type EndOfPart, type InterruptedRemovals } from "./interrupted-removals";
import { isSettled, unpackLeaving, type Leaving, type LeavingState, type TakeOffState } from "./leaving-on-record";
import type { PlansBeforeSwap } from "../decision/own-bridge";
import { bridgesIn, growPlans, NO_BRIDGES, NO_PLANS, plansBeforeSwap, type Bridges } from "./bridges-on-record";
import { movesIn, NO_MOVES, withRepairs, type MovesOnRecord, type MoveState } from "./moves-on-record";
import { growReplacing, NO_REPLACING, replacingIn, type ReplacingGroups } from "./replacing-groups";
import type { RefusedRemoval } from "../decision/refused-removals";
import { removalTimes, type RemovalTimes } from "./removals-on-record";
import { unrestoredIn, type Unrestored } from "./unrestored-on-record";
import { movedEnough, outcomeOfParts, type PartUsers, type WaveOutcome } from "../wave-outcome";
import { requireFields } from "./whole-rows";
import { unpackSliceRecord, type PackedSliceRecord, type SliceRecord } from "./slice-record";

/** Recorded departures, needed to judge which of them an acknowledgement covers. */
export interface DeparturesOnRecord {
  /** The day on which a run first saw the departure, by user. */
  readonly days: ReadonlyMap<Guid, string>;
  /** The groups' earlier membership rules, by logical name; `null`: a static group. */
  readonly rules: ReadonlyMap<string, string | null>;
}

export const NO_DEPARTURES: DeparturesOnRecord = { days: new Map(), rules: new Map() };

/** All user plans of a SKU, enabled or not, packed by `packIds`, by SKU. */
export type PlansOnRecord = Readonly<Record<Guid, string>>;

/** What the stack's own state says about earlier runs. Read before planning. */
export interface StackRecord {
  readonly baseline: Baseline;
  readonly waves: ReadonlyMap<string, WaveRecord>;
  /** Removals by the waves that neither a rollback nor a paid debt has put back. */
  readonly removals: RemovalTimes;
  /** Removed licences that could not be put back when required and are still missing. */
  readonly debts: readonly Debt[];
  readonly interrupted: InterruptedRemovals;
  /** True if the state has the debts resource. It is kept, because it records which debts were closed. */
  readonly keepsDebts: boolean;
  /** What this stack did to each group, by logical name, including groups no longer declared. */
  readonly groupLicenses: ReadonlyMap<string, GroupLicenseRecord>;
  /** Groups created by this stack, by logical name. */
  readonly madeGroups: ReadonlyMap<string, MadeGroupRecord>;
  /** Users that only the last wave may take, by each name that an earlier run resolved. */
  readonly moveLast: ReadonlyMap<string, Guid>;
  /** Digest of the gate's findings when it last completed; `null`: it is incomplete. */
  readonly verifiedDigest: string | null;
  readonly replacing: ReplacingGroups;
  readonly bridges: Bridges;
  readonly plansBeforeSwap: PlansBeforeSwap;
  readonly departures: DeparturesOnRecord;
  readonly moves: MovesOnRecord;
}

export interface MadeGroupRecord {
  readonly groupId: Guid;
  /** The rule set by the last run; `null`: a group with assigned members. */
  readonly rule: string | null;
  /** The rule that Entra was last seen to have evaluated; `null`: none yet. */
  readonly evaluatedRule: string | null;
  readonly ownerIds: readonly Guid[];
  /** Users added by this stack. Member lists lag behind, so each is looked up before it is added again. */
  readonly joined: ReadonlySet<Guid>;
}

export interface WaveRecord {
  /** When every slice was done and the wave had moved enough users, in milliseconds since 1970; `null`: not yet. */
  readonly doneAtMs: number | null;
  /** All users that the wave has taken. They stay in it. */
  readonly taken: ReadonlySet<Guid>;
  /** Of `taken`, users with a move from group to group alone; absent: none. */
  readonly takenByMoves?: ReadonlySet<Guid>;
  /** Users with every planned removal done. */
  readonly moved: ReadonlySet<Guid>;
  /** Users with a planned removal that is still to be done. */
  readonly missed: ReadonlySet<Guid>;
  /** The same as numbers, with the number of blocked users. */
  readonly outcome: WaveOutcome;
  /** Required share when the wave last ran; see `WaveSpec.minMoved`. */
  readonly minMoved: number;
  /** Removals that Entra refused. */
  readonly refused: readonly RefusedRemoval[];
  /** Licences that a rollback could not put back; absent: none. */
  readonly unrestored?: Unrestored;
}

export interface GroupLicenseRecord {
  readonly groupId: Guid;
  /** The display name at the last `up`. */
  readonly displayName: string;
  /** SKUs that this stack assigned to the group. It may take away only these. */
  readonly given: readonly Guid[];
  /** Losses accepted for this group at the last `up`. A release of the group is judged by these. */
  readonly acceptLoss: readonly ResolvedLoss[];
  /** The plans of its SKUs at the last `up`. */
  readonly plans: PlansOnRecord;
  /** The ids behind its licence names at the last `up`. */
  readonly names: RecordedNames;
  /** Licences recorded to go off the group whose members no run has read back since. */
  readonly leaving: readonly Leaving[];
  /** True if the state has the group's take-off. It is kept, because it records what went off. */
  readonly hasTakeOff: boolean;
}

export const EMPTY_RECORD: StackRecord = {
  baseline: new Map(),
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
  bridges: NO_BRIDGES,
  plansBeforeSwap: NO_PLANS,
  departures: NO_DEPARTURES,
  moves: NO_MOVES,
};

/** Outputs of one slice of a wave that the plan reads. */
export interface SliceOutputs extends PackedSliceRecord {
  readonly wave: string;
  readonly doneAt: string | null;
  /** See `Unrestored`; absent: none. */
  readonly __unrestored?: Readonly<Record<string, PackedPairs>>;
  /** The same by reason; absent in states of earlier versions. */
  readonly __whyUnrestored?: Readonly<Record<string, PackedPairs>>;
  /** Users of this slice by result, and the required share of movable users. */
  readonly outcome: PartOutcome;
  /** Absent: no run has ended. */
  readonly __end?: EndOfPart;
  /** `1 of 4`. */
  readonly slice: string;
}

export interface PartOutcome extends WaveOutcome {
  readonly minMoved: number;
}

/** Outputs of a group's licences that the plan reads. */
export interface GroupLicenseState {
  readonly name: string;
  readonly groupId: Guid;
  readonly displayName: string;
  /**
   * The SKUs that this stack put on the group, the only ones that it may take away. A SKU that was there before is
   * adopted: it gets the declared plans, and stays when no longer declared. A killed run may adopt its own work, which
   * leaves too much, never too little.
   */
  readonly given: readonly Guid[];
  /** Licences that go off the group after this, with the users that have them. */
  readonly __leaving: readonly LeavingState[];
  /** Losses accepted for the release, when the stack file no longer names the group. */
  readonly acceptLoss: readonly ResolvedLoss[];
  /** The service plans of the group's SKUs at that time, so that later additions are reported. */
  readonly __plans: PlansOnRecord;
  readonly __names: RecordedNames;
}

/** Outputs of a group created by this stack. */
export interface MadeGroupState {
  /** The logical name. */
  readonly name: string;
  readonly groupId: Guid;
  readonly ownerIds: readonly Guid[];
  readonly rule: string | null;
}

/** Outputs of a group's members that the plan reads. */
export interface GroupMembersState {
  readonly name: string;
  readonly groupId: Guid;
  readonly __joined: string;
}

/** Outputs of the gate that the plan reads. */
export interface GateState {
  readonly moveLast: Readonly<Record<string, Guid>>;
  readonly settled: string;
  /** True if the last run reached its goal. */
  readonly complete: boolean;
}

/** Outputs of the debts resource that the plan reads. */
export interface DebtsState {
  readonly __settled: readonly SettledDebts[];
}

/** Outputs of a membership rule that the plan reads. */
export interface EvaluatedRuleState {
  readonly name: string;
  readonly groupId: Guid;
  readonly rule: string;
  readonly evaluated: boolean;
}

/** Outputs of one part of a move that the plan reads. */
export type MoveOutputsInState = SliceOutputs & MoveState;

/** The outputs in the state, by kind of resource. */
interface OutputsInState {
  readonly baselines: readonly BaselineState[];
  readonly slices: readonly SliceOutputs[];
  readonly groupLicenses: readonly GroupLicenseState[];
  readonly madeGroups?: readonly MadeGroupState[];
  readonly groupMembers?: readonly GroupMembersState[];
  readonly evaluatedRules?: readonly EvaluatedRuleState[];
  readonly gates?: readonly GateState[];
  readonly debts?: readonly DebtsState[];
  readonly takeOffs?: readonly TakeOffState[];
  readonly moves?: readonly MoveOutputsInState[];
}

/**
 * Builds the record from the outputs in the state.
 *
 * @throws DamagedRecord if an output is incomplete or inconsistent
 */
export function recordOf(found: OutputsInState): StackRecord {
  try {
    requireWholeRows(found);
    return recordIn(found);
  } catch (error) {
    // A state can be edited or cut by hand: a field that a row must have may be missing.
    if (error instanceof TypeError) throw new DamagedRecord(`a row lacks a part of its record (${error.message})`);
    throw error;
  }
}

/** Fields of a group's row that a run, or the release of the group, relies on. */
export const GROUP_FIELDS: readonly (keyof GroupLicenseState)[] = [
  ...(["name", "groupId", "displayName", "given", "__leaving", "acceptLoss", "__plans", "__names"] as const),
];

function requireWholeRows(found: OutputsInState): void {
  const { baselines, slices, groupLicenses, gates = [], debts = [] } = found;
  for (const row of baselines) requireFields("the baseline", row, ["__entries", "digest", "__departed", "__rules"]);
  for (const row of slices) {
    requireFields(`wave ${row.wave} (${row.slice})`, row, ["wave", "slice", "doneAt", "outcome"]);
    // A soak after no time at all would be over.
    if (row.doneAt !== null && Number.isNaN(Date.parse(row.doneAt)))
      throw new DamagedRecord(`wave ${row.wave} (${row.slice}) was done at "${row.doneAt}", which is no time`);
  }
  for (const row of groupLicenses) requireFields(`the licences of group ${row.name}`, row, GROUP_FIELDS);
  for (const row of gates) requireFields("the gate", row, ["moveLast", "settled", "complete"]);
  for (const row of debts) requireFields("the debts", row, ["__settled"]);
  for (const row of found.groupMembers ?? [])
    requireFields(`the members of group ${row.name}`, row, ["name", "groupId", "__joined"]);
  for (const row of found.takeOffs ?? [])
    requireFields(`what goes off group ${row.name}`, row, ["name", "groupId", "off", "owed"]);
  for (const row of found.evaluatedRules ?? [])
    requireFields(`the rule of group ${row.name}`, row, ["name", "groupId", "rule", "evaluated"]);
}

function recordIn(found: OutputsInState): StackRecord {
  const slices = found.slices.map((slice) => ({ ...slice, ...unpackSliceRecord(slice) }));
  const moves = (found.moves ?? []).map((part) => ({ ...part, ...unpackSliceRecord(part) }));
  const removals = removalTimes(slices.flatMap(({ removed }) => removed));
  const settled = settledTimes((found.debts ?? []).flatMap(({ __settled }) => __settled));
  const waves = new Map(
    [...grouped([...slices, ...moves.map((part) => ({ ...part, refused: [] }))], ({ wave }) => wave)].map(
      ([name, ofWave]): [string, WaveRecord] => {
        const removing = new Set(slices.filter(({ wave }) => wave === name).flatMap(({ taken }) => taken));
        const all = waveOf(ofWave);
        const byMoves = [...all.taken].filter((userId) => !removing.has(userId));
        return [name, { ...all, ...(byMoves.length > 0 && { takenByMoves: new Set(byMoves) }) }];
      },
    ),
  );
  const baseline = found.baselines.map(recordedBaseline).reduce(grow, new Map());
  const begun = found.baselines.find(({ __begun }) => __begun !== undefined)?.__begun;
  const ends = new Map(
    slices.flatMap(({ wave, slice, __end }) => (__end ? [[`${wave} ${parseInt(slice)}`, __end] as const] : [])),
  );
  return {
    baseline,
    interrupted: interruptedIn(begun, baseline, ends, settled),
    bridges: withRepairs(
      found.baselines.map(({ __bridges }) => bridgesIn(__bridges)).find(({ size }) => size > 0) ?? NO_BRIDGES,
      moves,
    ),
    plansBeforeSwap: found.baselines
      .map(({ __plansBefore }) => plansBeforeSwap(__plansBefore))
      .reduce(growPlans, NO_PLANS),
    moves: movesIn(moves, found.baselines.find(({ __moving }) => __moving !== undefined)?.__moving),
    replacing: found.baselines.map(({ __entries }) => replacingIn(__entries)).reduce(growReplacing, NO_REPLACING),
    departures: {
      days: new Map(
        found.baselines
          .flatMap(({ __departed }) => __departed)
          .flatMap(({ day, users }) => unpackIds(users).map((userId) => [userId, day] as const)),
      ),
      rules: new Map(found.baselines.flatMap(({ __rules }) => Object.entries(__rules))),
    },
    waves,
    verifiedDigest: found.gates?.find(({ complete }) => complete)?.settled ?? null,
    removals: withoutSettled(removals, settled),
    debts: openDebts(
      [
        ...[...slices, ...moves].flatMap(({ owed = [] }) => owed),
        ...(found.takeOffs ?? []).flatMap(({ owed }) => unpackDebts(owed)),
      ],
      settled,
      removals,
    ),
    keepsDebts: (found.debts ?? []).length > 0,
    groupLicenses: new Map(
      found.groupLicenses.map((state) => {
        const { name, groupId, displayName, acceptLoss, __plans, __names } = state;
        const own = { groupId, displayName, acceptLoss, plans: __plans, names: __names };
        return [name, { ...own, ...leavingOf(state, found.takeOffs ?? []) }];
      }),
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

/** A SKU that went off the group is not this stack's any more, should another administrator put it back. */
function leavingOf(
  { name, groupId, given, __leaving }: GroupLicenseState,
  takeOffs: readonly TakeOffState[],
): Pick<GroupLicenseRecord, "given" | "leaving" | "hasTakeOff"> {
  const takeOff = takeOffs.find((each) => each.name === name && each.groupId === groupId);
  const off = new Set(__leaving.filter((each) => isSettled(each, takeOff)).map(({ skuId }) => skuId));
  return {
    given: given.filter((skuId) => !off.has(skuId)),
    leaving: __leaving.filter(({ skuId }) => !off.has(skuId)).map(unpackLeaving),
    hasTakeOff: takeOff !== undefined,
  };
}

/** Merges all slices in one pass; merging one by one would copy the users each time. */
function waveOf(slices: readonly (SliceOutputs & SliceRecord)[]): WaveRecord {
  const doneAtMs = slices.map(({ doneAt }) => (doneAt === null ? null : Date.parse(doneAt))).reduce(latest);
  const outcome = outcomeOfParts(slices.map(partUsers));
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
    unrestored: new Map(
      slices.flatMap(({ __unrestored = {}, __whyUnrestored = {} }) => [...unrestoredIn(__unrestored, __whyUnrestored)]),
    ),
  };
}

/** The users of a part by its record. A rollback counts none. */
export function partUsers({ outcome, removed, missed = [] }: SliceOutputs & SliceRecord): PartUsers {
  const open = new Set(outcome.missed === 0 ? [] : missed);
  const done = outcome.moved === 0 ? [] : removed.flatMap(({ pairs }) => pairs.map(({ userId }) => userId));
  return { outcome, moved: new Set(done.filter((userId) => !open.has(userId))), missed: open };
}

/** The end of the last slice; `null` while one is not done. */
function latest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}
