import type { GraphConnection } from "../../graph/tenant-graph";
import type { Successor } from "../../licensing/catalog/successors";
import type { BaselinePattern } from "../../licensing/record/baseline";
import { packBlocked, type PackedBlocked } from "../../licensing/plan/blocked-by-reason";
import { packIds, packPairs, type PackedPairs } from "../../licensing/record/compact-ids";
import { packPlans, type PackedPlans } from "../../licensing/record/bridges-on-record";
import type { DeclaredGroup } from "../../licensing/declaration";
import { patternsShown, type ShownPattern } from "../../licensing/license-patterns";
import { grouped } from "../../licensing/grouped";
import { isDirect, type Guid, type License, type Removal } from "../../licensing/model";
import type { MoveLast, SlicePlan, WavePlan, WaveToDoFirst } from "../../licensing/plan/plan";
import { blockedTally } from "../../licensing/plan/blocked-words";
import { formatHold } from "../../licensing/plan/hold-words";
import { namesOf } from "../../licensing/plan/names-of";
import type { RefusedRemoval } from "../../licensing/decision/refused-removals";
import { failingDigest, failingOf } from "../../licensing/inheritance/reprocessing";
import { packRestores } from "../../licensing/plan/restore";
import type { TenantSnapshot } from "../../licensing/snapshot";
import type { Timeouts } from "../../licensing/stack-file/stack-file";
import { countByName, type CountsByName } from "../../licensing/counts";
import type { WaveBefore } from "../../licensing/plan/wave-place";

/** The work of a part of a wave, user by user. */
export interface RemovalLists {
  /** Direct assignments to remove. */
  readonly planned: PackedPairs;
  /** Direct assignments that are blocked. */
  readonly blocked: PackedBlocked;
  /** See `WavePlan.looksAgain`. */
  readonly looksAgain: boolean;
  /** See `SlicePlan.bridges` and `SlicePlan.takesBack`. */
  readonly bridges: PackedPairs;
  readonly takesBack: PackedPairs;
  /** See `SlicePlan.plansBefore`. */
  readonly plansBefore: PackedPlans;
  /** See `SlicePlan.unrecorded`. */
  readonly unrecorded: PackedPairs;
  /** See `WaveSurroundings.baselineDigest`. */
  readonly baselineDigest: string;
  /** See `WavePlan.wasDone` and `WavePlan.behind`. */
  readonly wasDone: boolean;
  readonly behind: readonly WaveToDoFirst[];
  /** Removals that Entra has refused, and would refuse again. */
  readonly refused: readonly RefusedRemoval[];
  /** Users of this slice in a nested group, by the declared group around it. */
  readonly nested: Readonly<Record<Guid, string>>;
  /** Licences that a rollback puts back. */
  readonly restore: readonly BaselinePattern[];
  /** The same, by the circumstances of each. */
  readonly circumstances: Readonly<Record<string, PackedPairs>>;
  /** Removals by a killed run that could not record them, of users of this slice. */
  readonly moved: PackedPairs;
}

export interface RemovalInputs {
  readonly connection: GraphConnection;
  readonly wave: string;
  /** `1 of 1`. */
  readonly slice: string;
  /** The wave's place among the waves: `2 of 3`. */
  readonly order: string;
  /** Number of users of the whole wave with something to remove. */
  readonly users: number;
  /** The nearest earlier wave that moves any user. */
  readonly after: WaveBefore;
  /** Users of `licensing:moveLast` with something to remove in this slice, by their name in the stack file. */
  readonly moveLast: Readonly<Record<string, Guid>>;
  readonly mode: "remove" | "restore";
  /** Direct assignments to put back, by SKU. */
  readonly restore: CountsByName;
  readonly groups: readonly DeclaredGroup[];
  /** Direct assignments to remove, by SKU. */
  readonly remove: CountsByName;
  /** Users that are swapped in one call; see `WavePlan.swaps`. */
  readonly swaps: CountsByName;
  /** Direct assignments that stay, by reason. */
  readonly blocked: CountsByName;
  /** The same as `remove` or `restore`, by SKU and disabled plans, with the first users of each. */
  readonly patterns: Readonly<Record<string, ShownPattern>>;
  /** True if this run leaves the wave alone. */
  readonly waits: boolean;
  /** See `WaveSpec.minMoved`. */
  readonly minMoved: number;
  /** The reason for a refusal; empty if there is none. */
  readonly refusal: string;
  /** SKUs in their grace period that count as in force, by name. */
  readonly acceptGrace: readonly string[];
  /** Whether users may be moved although nothing could put their direct licence back, or the SKUs, by name. */
  readonly acceptNoWayBack: boolean | readonly string[];
  /** True if each unit checks for time-limited memberships; this tenant can list them. */
  readonly asksMembershipEnds: boolean;
  /** See `GateInputs.reprocess`. */
  readonly reprocess: boolean;
  readonly settleMs: number;
  readonly putBackMs: number;
  readonly steadyMs: number;
  /** Digest of the removals and blocked licences, user by user. */
  readonly digest: string;
  /** True if diagnostics may name people; the state has only ids. */
  readonly showNames: boolean;
  /** Why this run leaves the wave alone, as text that may change from run to run; empty if the wave may run. */
  readonly __hold: string;
  readonly __acceptGrace: readonly Guid[];
  /** Successors that the stack file accepts. */
  readonly __successors: readonly Successor[];
  /** See `Catalog.trials`. */
  readonly __trials: Readonly<Record<Guid, boolean>>;
  /** See `acceptNoWayBack`. */
  readonly __noWayBack: readonly Guid[];
  /** Digest of this part's users with licence errors; see `failingDigest`. */
  readonly __failing: string;
  /** Members in error when the plan was made, by group. */
  readonly __inError: Readonly<Record<Guid, number>>;
  /** Declared groups with a membership rule, by logical name; users cannot be added to them by hand. */
  readonly __ruled: readonly string[];
  readonly __lists: RemovalLists;
  /** See `Lifecycle.refusal`: the engine does not tell a provider. */
  readonly __preview?: boolean;
  readonly __urn: string;
}

/** Inputs that all parts of all waves share. */
export interface WaveSurroundings {
  readonly connection: GraphConnection;
  readonly snapshot: TenantSnapshot;
  /** Users of nested groups, by the declared group around them. */
  readonly nestedUsers: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  /** Members in error, by declared group. */
  readonly inError: Readonly<Record<Guid, number>>;
  /** Users reserved for the last wave. */
  readonly moveLast: MoveLast;
  /** Digest of the final contents of this run's baseline. */
  readonly baselineDigest: string;
  readonly timeouts: Timeouts;
  /** See `StackFile.showNames`. */
  readonly showNames: boolean;
  /** See `GateInputs.reprocess`; `false` if absent. */
  readonly reprocess?: boolean;
}

/** The resource inputs for one part of a wave, which previews and saved plans show. */
export function removalInputs(
  wave: WavePlan,
  slice: SlicePlan,
  {
    connection,
    snapshot,
    nestedUsers,
    inError,
    moveLast,
    baselineDigest,
    timeouts,
    showNames,
    reprocess = false,
  }: WaveSurroundings,
): Omit<RemovalInputs, "__urn"> {
  const { catalog, declared, accepts } = snapshot;
  const { noWayBack = false } = accepts ?? {};
  const users = new Set([...slice.removals, ...slice.blocked].map(({ userId }) => userId));
  return {
    connection,
    wave: wave.name,
    slice: `${slice.number} of ${slice.of}`,
    order: `${wave.place.number} of ${wave.place.of}`,
    users: wave.place.users,
    after: wave.place.after,
    moveLast: goingHere(slice, moveLast),
    mode: wave.mode,
    groups: declared,
    remove: countByName(slice.removals.map(({ skuId }) => catalog.skuName(skuId))),
    patterns: patternsShown([...directLicenses(slice.removals, snapshot), ...slice.restores], catalog),
    restore: countByName(slice.restores.map(({ license }) => catalog.skuName(license.skuId))),
    blocked: blockedTally(slice.blocked, namesOf(snapshot)),
    swaps: wave.swaps,
    waits: wave.hold !== null,
    minMoved: wave.minMoved,
    refusal: wave.refusal ?? "",
    acceptGrace: [...(accepts?.grace ?? [])].map((skuId) => catalog.skuName(skuId)).sort(),
    acceptNoWayBack:
      typeof noWayBack === "boolean" ? noWayBack : [...noWayBack].map((skuId) => catalog.skuName(skuId)).sort(),
    asksMembershipEnds: snapshot.membershipEnds?.kind === "checked",
    reprocess,
    settleMs: timeouts.settleMs,
    putBackMs: timeouts.putBackMs,
    steadyMs: timeouts.inheritanceMs,
    digest: slice.digest,
    showNames,
    __hold: wave.hold === null ? "" : formatHold(wave.hold),
    __failing: failingDigest(failingOf(slice.blocked), catalog),
    __successors: catalog.accepted,
    __trials: trialsIn(snapshot),
    __noWayBack: typeof noWayBack === "boolean" ? [] : [...noWayBack].sort(),
    __acceptGrace: [...(accepts?.grace ?? [])].sort(),
    __inError: inError,
    __ruled: declared
      .filter(({ groupId }) => (snapshot.groups.get(groupId)?.membershipRule ?? null) !== null)
      .map(({ name }) => name),
    __lists: {
      planned: packPairs(slice.removals),
      blocked: packBlocked(slice.blocked),
      looksAgain: wave.looksAgain,
      bridges: packPairs(slice.bridges),
      takesBack: packPairs(slice.takesBack),
      plansBefore: packPlans(slice.plansBefore),
      unrecorded: packPairs(slice.unrecorded),
      baselineDigest,
      wasDone: wave.wasDone,
      behind: wave.behind,
      refused: slice.refused,
      nested: nestedAmong(users, nestedUsers),
      restore: packRestores(slice.restores),
      circumstances: byCircumstances(slice),
      moved: packPairs(slice.movedUnrecorded),
    },
  };
}

/** Of the SKUs that are replaced, what the subscriptions say: the others are never judged by it. */
function trialsIn({ catalog, declared }: TenantSnapshot): Readonly<Record<Guid, boolean>> {
  const replaced = new Set(declared.flatMap(({ replaces = [] }) => replaces.map(({ skuId }) => skuId)));
  return Object.fromEntries([...catalog.trials].filter(([skuId]) => replaced.has(skuId)).sort());
}

function byCircumstances({ restores, circumstances }: SlicePlan): Readonly<Record<string, PackedPairs>> {
  const each = restores.map(({ userId, license: { skuId } }, at) => ({ userId, skuId, word: circumstances[at] ?? "" }));
  return Object.fromEntries([...grouped(each, ({ word }) => word)].map(([word, mine]) => [word, packPairs(mine)]));
}

/** The direct assignments to remove, with their current disabled plans. */
function directLicenses(
  removals: readonly Removal[],
  { users }: TenantSnapshot,
): readonly { readonly userId: Guid; readonly license: License }[] {
  return removals.flatMap(({ userId, skuId }) =>
    (users.get(userId)?.assignments ?? [])
      .filter((entry) => entry.skuId === skuId && isDirect(entry))
      .map((license) => ({ userId, license })),
  );
}

function goingHere({ removals }: SlicePlan, users: MoveLast): Record<string, Guid> {
  const going = new Set(removals.map(({ userId }) => userId));
  return Object.fromEntries([...users].filter(([, userId]) => going.has(userId)));
}

/** Iterates over the few users of the slice, not over all users of nested groups. */
function nestedAmong(users: ReadonlySet<Guid>, nestedUsers: WaveSurroundings["nestedUsers"]): Record<Guid, string> {
  const entries = [...nestedUsers]
    .filter(([, nested]) => nested.size > 0)
    .map(([groupId, nested]) => [groupId, packIds([...users].filter((userId) => nested.has(userId)))] as const);
  return Object.fromEntries(entries.filter(([, packed]) => packed !== ""));
}
