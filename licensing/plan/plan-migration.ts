import { addedPlans } from "../drift/added-plans";
import { baselineOf, grow } from "../record/baseline";
import { judgeDebts, NO_EVIDENCE } from "./debts";
import { present } from "../declaration";
import { afterRemovals } from "../loss/dependents";
import { coveredLicenses } from "../decision/covered";
import type { Membership, Memberships } from "../decision/block-names";
import { departureRefusal } from "../drift/departure-words";
import { lackingNow } from "../drift/lacking";
import { departuresOf, rulesToRecord } from "../drift/departures";
import { driftOf, NOT_ASKED, returnedLicenses } from "../drift/drift";
import { foresee } from "./foresight";
import { planGroup } from "./group-plan";
import { holds } from "./hold";
import { inheritanceDigest } from "../inheritance/inheritance";
import { inErrorNowOrThen } from "../inheritance/members-in-error";
import { begunBy } from "./interrupted-run";
import { inheritingWithoutRecord } from "../drift/lost-record";
import { leftTheFile, leftTheFileFindings } from "../drift/left-the-file";
import { lookAtMoved } from "../drift/moved-users";
import { unforeseenGroups, type OwnGroups } from "../stack-file/own-group";
import type { Guid } from "../model";
import { refusalOf } from "../preflight/finding-words";
import { coveredFindings } from "../preflight/covered-licenses";
import { preflight } from "../preflight/preflight";
import { growBridges, growPlans, type Bridges } from "../record/bridges-on-record";
import type { PlansBeforeSwap } from "../decision/own-bridge";
import { growReplacing, replacing } from "../record/replacing-groups";
import { decideMoves, MovingUsers } from "./decide-group-moves";
import { alsoInTarget } from "./group-move";
import { SeatsTaken } from "./move-seats";
import { movingBy, planWaveMoves, shortOfMoveSeats } from "./plan-group-moves";
import { mayLackSeat } from "./seat-doubts";
import { scopesIn, type TenantSnapshot } from "../snapshot";
import { USUAL_DEPARTURES } from "../stack-file/stack-file";
import { undeclaredLicenses } from "../drift/undeclared-licenses";
import { assignWaves } from "./wave-membership";
import { placed } from "./wave-place";
import { heldForDebts, refusedAfterDepartures } from "./wave-refusal";
import type { PlanInput, MigrationPlan, SlicePlan } from "./plan";
import { standingsOf, goneFrom, planWave, recordedIn } from "./plan-wave";
import { decideAll, movable, withSharedSeats } from "./user-work";

/** Makes the plan. Pure: the same input always gives the same plan. */
export function planMigration(input: PlanInput): MigrationPlan {
  const own = input.own ?? new Map();
  const { joining, joined, trouble, snapshot, predicted, whenGiven } = foresee(input);
  const decided = decideAll(snapshot, input.record);
  const { moves = [] } = input;
  const decidedMoves = decideMoves(moves, snapshot, input.record, input.accepted, input.country ?? null);
  const moving = new MovingUsers(decidedMoves);
  const candidates = new Set([...movable(decided, snapshot, input.record), ...moving.movable, ...moving.unread]);
  const last = new Set(input.moveLast.values());
  const assigned = assignWaves(snapshot.users.keys(), candidates, input.waves, input.named, input.record, last);
  const { record } = input;
  const accepted = alsoInTarget(input.accepted, moves);
  const order = input.waves.map(({ name }) => name);
  const work = withSharedSeats(decided, assigned, order, snapshot, record);
  const moved = lookAtMoved(snapshot, record, accepted);
  const evidence = input.debtEvidence ?? NO_EVIDENCE;
  const debts = judgeDebts(record.debts, moved.regressions, snapshot, record.baseline, accepted, evidence);
  const baseline = grow(
    input.record.baseline,
    baselineOf(snapshot.users.values(), withoutBridges(scopesIn(snapshot), record.bridges)),
  );
  const standings = standingsOf(work, assigned, snapshot, input, moving);
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
  const toRemove = [...work].flatMap(([userId, { removals: own }]) => (own.length > 0 ? [userId] : []));
  const toMove = new Set([...toRemove, ...moving.movable]);
  const gone = [...input.record.baseline.keys()].filter(
    (userId) => goneFrom(userId, snapshot, input.record).length > 0,
  );
  const isAnyMoved = gone.some((userId) => [...snapshot.members.values()].some((ids) => ids.has(userId)));
  const limit = input.departureLimit ?? USUAL_DEPARTURES;
  const left = departuresOf(moved.departures, input.snapshot, input.record, limit, input.nowMs);
  const telling = { limit, nowMs: input.nowMs, audit: input.groupAudit ?? new Map(), people: input.people };
  const tooManyLeft = departureRefusal(left.groups, telling);
  const seatsTaken = new SeatsTaken(trouble.seats);
  const afterDebts = heldForDebts(
    placed(input.waves, assigned, toMove, [...gone, ...moving.moved], empty).map(({ wave, place }) => {
      const hold = held.get(wave.name) ?? null;
      const planned = planWave(wave, hold, work, assigned, snapshot, { ...input, accepted }, standings);
      const { wasDone } = planned;
      const ofMoves = planWaveMoves(wave, decidedMoves, assigned, snapshot, record, seatsTaken, wasDone);
      const isNow = hold === null && !wave.rollback;
      if (isNow) for (const { seats } of ofMoves) for (const each of seats) seatsTaken.take(each);
      const removals = planned.slices.flatMap((slice) => slice.removals);
      return {
        ...planned,
        moves: ofMoves,
        refusal: planned.refusal ?? (isNow && !wasDone ? shortOfMoveSeats(wave.name, ofMoves, snapshot) : null),
        place,
        recorded: recordedIn(wave, baseline, assigned, snapshot, record.bridges),
        mayLackSeat: mayLackSeat(removals, trouble.seats, snapshot),
        looksAgain: true,
      };
    }),
    debts.owed,
  );
  const waves = refusedAfterDepartures(afterDebts, tooManyLeft);
  const running = waves.flatMap((wave) => (wave.hold === null ? wave.slices : []));
  const removals = running.flatMap((slice) => slice.removals);
  // The record of new users is written at once, so that the baseline does not change while their wave waits.
  const firstSeen = waves
    .flatMap((wave) => wave.slices.flatMap((slice) => slice.removals))
    .filter(({ userId }) => !input.record.baseline.has(userId));
  const usersLater = afterRemovals(snapshot.users, removals);
  const comingBack = [...waves.flatMap((wave) => wave.slices.flatMap(({ restores }) => restores)), ...debts.owed].map(
    ({ userId, license: { skuId } }) => ({ userId, skuId }),
  );
  const planned = input.snapshot.declared.map((group) =>
    planGroup(group, {
      ...input,
      own,
      joining,
      usersLater,
      membersLater: snapshot.members,
      whenGiven,
      trouble,
      comingBack,
    }),
  );
  // Checks treat joining users as members, with their present licences.
  const slices = waves.flatMap((wave) => wave.slices);
  const foreseen = preflight(planned, joined, input.country ?? null, trouble, slices, moved.ontoEnded);
  const covered = coveredLicenses(snapshot);
  const findings = [
    ...foreseen,
    ...coveredFindings(covered, snapshot.catalog),
    ...leftTheFileFindings(leftTheFile(snapshot, record), covered, snapshot),
    ...(input.notes ?? []),
  ];
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
    // check: rows are protected while a user depends on them
    isProtected:
      groups.some((group) => group.isProtected || (group.dependents.users > 0 && isAnyMoved)) || removals.length > 0,
    departures: moved.departures,
    lacking: lackingNow(moved.departures, snapshot, input.record, limit),
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
    covered,
    undeclared: undeclaredLicenses(input.snapshot, input.record),
    baseline,
    begun: begunBy(waves, input.record),
    moving: movingBy(waves, input.record, input.snapshot),
    bridges: growBridges(
      input.record.bridges,
      running.flatMap((slice) => slice.bridges),
    ),
    plansBeforeSwap: growPlans(input.record.plansBeforeSwap, replacedBySwaps(running, snapshot)),
    replacing: growReplacing(input.record.replacing, replacing([...removals, ...firstSeen], snapshot)),
    inheritingWithoutRecord: inheritingWithoutRecord(input.snapshot, input.record),
    memberships: membershipsOf(own),
    inNoWave: [...work].filter(([userId, { removals }]) => removals.length > 0 && !assigned.has(userId)).length,
    blockedInNoWave: [...work].flatMap(([userId, { blocked }]) => (assigned.has(userId) ? [] : blocked)),
    inError: inErrorNowOrThen(input.snapshot, snapshot),
    inheritanceDigest: digest,
    accepted: input.accepted,
    moveLast: input.moveLast,
  };
}

function membershipsOf(own: OwnGroups): Memberships {
  return new Map(
    [...own.values()].flatMap(({ groupId, members, isEvaluated }): [Guid, Membership][] => {
      if (!isEvaluated) return [[groupId, "unevaluated"]];
      return members.kind === "direct-holders" ? [[groupId, members.kind]] : [];
    }),
  );
}

function deletedGroup({ declared }: TenantSnapshot): string | null {
  return declared.find(({ deleted }) => deleted !== undefined)?.displayName ?? null;
}

/** The plans, as of today, of the SKUs that swaps of this run replace. */
function replacedBySwaps(slices: readonly SlicePlan[], { catalog }: TenantSnapshot): PlansBeforeSwap {
  const skuIds = slices.flatMap(({ bridges, removals }) => {
    const swapping = new Set(bridges.map(({ userId }) => userId));
    return removals.filter(({ userId }) => swapping.has(userId)).map(({ skuId }) => skuId);
  });
  return new Map([...new Set(skuIds)].map((skuId) => [skuId, catalog.plansWithSuccessors(skuId)] as const));
}

/** What a swap has added is none of the user's own licences. */
function withoutBridges(
  scopeOf: (userId: Guid) => ReadonlySet<Guid>,
  bridges: Bridges,
): (userId: Guid) => ReadonlySet<Guid> {
  return (userId) => {
    const added = bridges.get(userId);
    const scope = scopeOf(userId);
    return added === undefined ? scope : new Set([...scope].filter((skuId) => !added.has(skuId)));
  };
}
