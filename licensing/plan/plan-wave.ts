import { formatSuccession } from "../catalog/successors";
import { type Baseline } from "../record/baseline";
import type { Blocked } from "../decision/block-reason";
import { digestOf } from "../digest";
import { grouped } from "../grouped";
import { type Hold } from "./hold";
import type { Guid, Removal } from "../model";
import { holdsDirectly } from "../drift/moved-users";
import { bridgeOnRecord } from "../decision/own-bridge";
import { bridgePairs, isBridge, NO_PLANS, type Bridges } from "../record/bridges-on-record";
import type { StackRecord, WaveRecord } from "../record/record";
import { circumstancesOf, NOTHING_TO_RESTORE, restoreDigest, restoresFor, type Restore } from "./restore";
import { bySlice, sliceCount, sliceOf } from "../slices";
import { type TenantSnapshot } from "../snapshot";
import { type WaveSpec } from "../stack-file/stack-file";
import { countByName, type CountsByName } from "../counts";
import { formatShortfall } from "../wave-outcome";
import type { MovingUsers } from "./decide-group-moves";
import { fallsShort, standingOf, type WaveStanding } from "./wave-standing";
import { tooManyBlocked } from "./wave-refusal";
import type { PlanInput, WavePlan, SlicePlan, WaveToDoFirst } from "./plan";
import type { PlannedUser, UserWork } from "./user-work";

/** A digest of a slice's decisions, to compare the plan with the wave's recorded result. */
export function sliceDigest(removals: readonly Removal[], blocked: readonly Blocked[]): string {
  return digestOf([
    ...removals.map(({ userId, skuId }) => `${userId} ${skuId} remove`),
    ...blocked.map(({ userId, skuId, reason }) => `${userId} ${skuId} ${JSON.stringify(reason)}`),
  ]);
}

export function planWave(
  wave: WaveSpec,
  hold: Hold | null,
  work: ReadonlyMap<Guid, PlannedUser>,
  assigned: ReadonlyMap<Guid, string>,
  snapshot: TenantSnapshot,
  { record, accepted, waves }: PlanInput,
  standings: ReadonlyMap<string, WaveStanding>,
): Omit<WavePlan, "place" | "recorded" | "mayLackSeat" | "looksAgain" | "moves"> {
  const taken = record.waves.get(wave.name)?.taken ?? new Set<Guid>();
  const standing = standings.get(wave.name);
  const wasDone = standing?.isDone === true;
  const isShort = standing !== undefined && fallsShort(standing, wave) && !wave.rollback && hold === null;
  const mine = [...work.keys()].filter((userId) => assigned.get(userId) === wave.name);
  const onRecord = [...record.baseline.keys()].filter((userId) => assigned.get(userId) === wave.name);
  const whose = wave.rollback === "all" ? "all" : "members";
  // Users without a group and without licences are in no listing; a rollback of all reads them one by one.
  const recorded = whose === "all" ? onRecord : new Set([...onRecord, ...taken]);
  const { restores, disabled, departed, unrestored } = wave.rollback
    ? restoresFor(recorded, record.baseline, snapshot, accepted, whose, record.waves.get(wave.name)?.unrestored)
    : NOTHING_TO_RESTORE;
  const unrecorded = onRecord
    .filter((userId) => !taken.has(userId))
    .flatMap((userId) => goneFrom(userId, snapshot, record));
  const count = sliceCount(
    new Set([...mine, ...takenToRemove(record.waves.get(wave.name)), ...unrecorded.map(({ userId }) => userId)]).size,
  );
  const blockedUsers = mine.filter((userId) => (work.get(userId)?.blocked.length ?? 0) > 0).length;
  const whom = wave.rollback ? [] : mine.flatMap((userId) => work.get(userId) ?? []);
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
    shortfall: isShort ? formatUnproven(formatShortfall(standing.expected, wave.minMoved)) : null,
    wasDone,
    minMoved: wave.minMoved,
    behind: toDoFirst(wave, waves, standings),
    slices: Array.from({ length: count }, (_, index): SlicePlan => {
      const here = (users[index] ?? []).flatMap((userId) => work.get(userId) ?? []);
      const removals = here.flatMap((each) => each.removals);
      const blocked = here.flatMap((each) => each.blocked);
      const bridges = here.flatMap((each) => each.bridges.map(({ userId, skuId }) => ({ userId, skuId })));
      const restoresHere = toRestore[index] ?? [];
      const takesBack = takesBackIn(restoresHere, departed, unrestored, snapshot, record);
      return {
        number: index + 1,
        of: count,
        removals,
        blocked,
        refused: here.flatMap((each) => each.refused),
        restores: restoresHere,
        bridges,
        takesBack,
        plansBefore: takesBack.length > 0 ? record.plansBeforeSwap : NO_PLANS,
        circumstances: restoresHere.map((each) => circumstancesOf(each, snapshot)),
        movedUnrecorded: movedUnrecorded[index] ?? [],
        // Only direct licences belong in the baseline. A blocked licence may have an unknown source.
        // check: what is not in the baseline of before the run needs its receipt
        unrecorded: [
          ...[...removals, ...blocked].filter(
            ({ userId, skuId }) =>
              record.baseline.get(userId)?.has(skuId) !== true &&
              holdsDirectly(snapshot, userId, skuId) &&
              !isBridge(record.bridges, { userId, skuId }),
          ),
          ...bridges.filter((each) => !isBridge(record.bridges, each)),
        ],
        digest: wave.rollback ? restoreDigest(restoresHere) : sliceDigest(removals, blocked),
      };
    }),
    gains: gainsOf(whom, snapshot),
    successions: successionsOf(whom, snapshot),
    swaps: swapsOf(whom, snapshot),
    refusal: hold === null && !wave.rollback ? tooManyBlocked(wave, blockedUsers) : null,
  };
}

export function standingsOf(
  work: ReadonlyMap<Guid, UserWork>,
  assigned: ReadonlyMap<Guid, string>,
  snapshot: TenantSnapshot,
  { waves, record }: PlanInput,
  moving: MovingUsers,
): ReadonlyMap<string, WaveStanding> {
  const all = new Set([...work.keys(), ...record.baseline.keys(), ...moving.all]);
  const users = grouped(all, (userId) => assigned.get(userId) ?? "");
  /** Number of users that this wave and those before it have not taken. */
  const isWork = (userId: Guid) => work.has(userId) || moving.all.has(userId);
  let free = [...all].filter(isWork).length;
  return new Map(
    waves.map((spec) => {
      const before = record.waves.get(spec.name);
      const mine = users.get(spec.name) ?? [];
      const toRemove = mine.filter((userId) => (work.get(userId)?.removals.length ?? 0) > 0);
      const toMove = [...toRemove, ...mine.filter((userId) => moving.movable.has(userId))];
      const blocked = mine.filter(
        (userId) => (work.get(userId)?.blocked.length ?? 0) > 0 || moving.blocked.has(userId),
      );
      const unrecorded = mine.filter(
        (userId) =>
          before?.taken.has(userId) !== true &&
          (goneFrom(userId, snapshot, record).length > 0 || moving.unread.has(userId)),
      );
      free -= mine.filter(isWork).length;
      const removing = mine.filter((userId) => work.has(userId) || record.baseline.has(userId));
      const parts = sliceCount(new Set([...removing, ...takenToRemove(before)]).size);
      const withWork = new Set([...toRemove, ...unrecorded].map((userId) => sliceOf(userId, parts))).size;
      // check: a wave by count without candidates yet is not empty
      const notChosen = spec.takes.kind === "count" && mine.length === 0 ? free : 0;
      return [
        spec.name,
        standingOf(before, {
          toMove,
          blocked: new Set(blocked),
          unrecorded,
          parts: withWork + moving.partsOf(spec.name, assigned),
          notChosen,
        }),
      ];
    }),
  );
}

/** Users of the wave's rows of removals; a move has rows of its own. */
function takenToRemove(wave: WaveRecord | undefined): readonly Guid[] {
  if (wave === undefined) return [];
  const { taken, takenByMoves } = wave;
  return takenByMoves === undefined ? [...taken] : [...taken].filter((userId) => !takenByMoves.has(userId));
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

function formatUnproven(why: string): string {
  return `not done: ${why}. Later waves wait: mend what blocks these users, or let it pass with minMoved: 0 %`;
}

function gainsOf(users: readonly PlannedUser[], { catalog }: TenantSnapshot): CountsByName {
  return countByName(users.flatMap(({ gains }) => [...gains].map((planId) => catalog.planName(planId))));
}

function swapsOf(users: readonly PlannedUser[], { catalog }: TenantSnapshot): CountsByName {
  return countByName(
    users.flatMap(({ bridges }) =>
      [...grouped(bridges, ({ insteadOf }) => insteadOf)].map(
        ([insteadOf, added]) =>
          `${catalog.skuName(insteadOf)} for a direct ${added.map(({ skuId }) => catalog.skuName(skuId)).join(" and ")}`,
      ),
    ),
  );
}

/**
 * What swaps have added to users that this rollback gives back all that is on record: the added licence excludes what
 * comes back. Where something is left out, it stays.
 */
function takesBackIn(
  restores: readonly Restore[],
  departed: readonly Guid[],
  unrestored: readonly Restore[],
  snapshot: TenantSnapshot,
  { bridges, plansBeforeSwap: plansBefore }: StackRecord,
): readonly Removal[] {
  const { catalog, goneGroups, users } = snapshot;
  const inPart = new Set([...departed, ...unrestored.map(({ userId }) => userId)]);
  return [...grouped(restores, ({ userId }) => userId)].flatMap(([userId, mine]) => {
    const user = users.get(userId);
    if (inPart.has(userId) || user === undefined) return [];
    const licenses = mine.map(({ license }) => license);
    const bridge = bridgeOnRecord(bridges.get(userId) ?? new Set(), user, {
      ...{ licenses, plansBefore, catalog },
      ...(goneGroups && { goneGroups }),
    });
    return (bridge?.skuIds ?? []).map((skuId) => ({ userId, skuId }));
  });
}

function successionsOf(users: readonly PlannedUser[], { catalog }: TenantSnapshot): CountsByName {
  const words = users.flatMap(({ successions }) => [
    ...new Set(successions.map((each) => formatSuccession(each, catalog))),
  ]);
  return countByName(words);
}

/** The recorded licences that the user no longer holds directly. */
export function goneFrom(userId: Guid, snapshot: TenantSnapshot, record: StackRecord): readonly Removal[] {
  const gone = [...(record.baseline.get(userId)?.keys() ?? [])].filter(
    (skuId) => !holdsDirectly(snapshot, userId, skuId),
  );
  return gone.map((skuId) => ({ userId, skuId }));
}

/**
 * Counts by SKU id, with what swaps have added and is still there. Only users still in scope, because `assigned` has no
 * others.
 */
export function recordedIn(
  wave: WaveSpec,
  baseline: Baseline,
  assigned: ReadonlyMap<Guid, string>,
  snapshot: TenantSnapshot,
  bridges: Bridges,
): CountsByName {
  const isHere = (userId: Guid) => assigned.get(userId) === wave.name;
  const users = [...baseline].filter(([userId]) => isHere(userId));
  const added = bridgePairs(bridges).filter(
    ({ userId, skuId }) => isHere(userId) && holdsDirectly(snapshot, userId, skuId),
  );
  return countByName([...users.flatMap(([, licenses]) => [...licenses.keys()]), ...added.map(({ skuId }) => skuId)]);
}
