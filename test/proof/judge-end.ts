import assert from "node:assert/strict";
import type { DirectAssignment, License } from "../../emulator";
import { judgeRefusal } from "./judge-refusal";
import type { RunEnd, Trial } from "./trial";

/**
 * The end that every case must reach once the trouble is over, whatever was in between: a user with covered direct plans has no
 * direct licence of that SKU any more, all others keep theirs and is blocked for a true reason.
 */
export async function judgeEnd(trial: Trial, atFirst: readonly DirectAssignment[], end: RunEnd): Promise<void> {
  if (end.isOwing === true) {
    await judgeOwed(trial);
    return;
  }
  if (end.refused) {
    judgeRefusal(trial, end);
    return;
  }
  await judgeBlocked(trial);
  judgeDirect(trial, atFirst);
  judgeGroups(trial);
}

/** What stays owed is true: the user has no direct licence of that SKU, and nothing is removed from anybody meanwhile. */
async function judgeOwed({ emulator, stack, seen }: Trial): Promise<void> {
  seen.owedAtTheEnd += 1;
  const { plan } = await stack.plan();
  const direct = new Set(emulator.tenant.directAssignments().map(({ userId, skuId }) => `${userId} ${skuId}`));
  assert.ok(plan.debts.owed.length > 0, "a run that says so owes nothing");
  for (const { userId, license } of plan.debts.owed) assert.ok(!direct.has(`${userId} ${license.skuId}`), userId);
  assert.ok(
    plan.waves.every(({ hold, mode }) => hold !== null || mode === "restore"),
    "a wave goes on while something is owed",
  );
}

/** Why a licence stays that would be replaced, if nothing ended by itself and there were a way back. */
const ENDING: ReadonlySet<string> = new Set([
  "subscription-ended",
  "subscription-ending",
  "membership-ends",
  "no-usage-location",
  "not-assignable-again",
  "sku-not-listed",
]);

async function judgeBlocked({ emulator, stack, truth, seen }: Trial): Promise<void> {
  const writesBefore = emulator.requests.writes().length;
  const { plan } = await stack.plan();
  assert.equal(emulator.requests.writes().length, writesBefore, "planning has written");
  const slices = plan.waves.flatMap((wave) => wave.slices);
  assert.deepEqual(
    slices.flatMap(({ removals }) => removals),
    [],
    "something is left to remove",
  );
  const blocked = slices.flatMap((slice) => slice.blocked);
  seen.blocked += blocked.length;
  seen.ending += blocked.filter(({ reason }) => ENDING.has(reason.kind)).length;
  seen.trials += blocked.filter(({ reason }) => reason.kind === "trial").length;
  seen.withoutSeat += blocked.filter(({ reason }) => reason.kind === "no-seat-to-swap").length;
  assert.deepEqual(
    blocked.map(({ userId, skuId, reason }) => truth.lieIn(userId, skuId, reason)).filter((lie) => lie !== null),
    [],
    "a reason is not true",
  );
  const expected = emulator.tenant.users().flatMap(({ id, holdings: { assignments, hidden } }) => {
    const direct = assignments.filter((entry) => entry.assignedByGroup === null);
    const unknown = hidden.filter(({ skuId }) => !assignments.some((entry) => entry.skuId === skuId));
    return [...direct, ...unknown]
      .filter(({ skuId }) => truth.isInScope(id, skuId))
      .map(({ skuId }) => `${id} ${skuId}`);
  });
  assert.deepEqual(
    [...new Set(blocked.map(({ userId, skuId }) => `${userId} ${skuId}`))].sort(),
    [...new Set(expected)].sort(),
    "blocked are not exactly the users that still hold a licence directly, or from an unknown source",
  );
}

function judgeDirect({ emulator, truth, witness, others, seen }: Trial, atFirst: readonly DirectAssignment[]): void {
  const declared = truth.skuIds();
  const there = new Map(emulator.tenant.directAssignments().map((each) => [`${each.userId} ${each.skuId}`, each]));
  for (const each of there.values()) {
    if (!truth.isInScope(each.userId, each.skuId)) continue;
    const seenNow = truth.seenNow(each.userId);
    assert.ok(
      (!truth.mayGo(each, seenNow) && !truth.shouldSwap(each, seenNow)) || truth.wasRefused(each.userId),
      `user ${each.userId} is covered and still holds ${each.skuId} directly`,
    );
  }
  for (const before of atFirst) {
    const now = there.get(`${before.userId} ${before.skuId}`);
    if (now === undefined) seen.removed += 1;
    if (others.touched.has(before.userId)) continue;
    const seenNow = truth.seenNow(before.userId);
    if (now === undefined && !declared.has(before.skuId)) seen.replaced += 1;
    if (now === undefined && (seenNow.location === null || truth.statusOf(before.skuId) === "ended"))
      seen.noWayBack += 1;
    const isSwapped = witness.swappedAway.has(`${before.userId} ${before.skuId}`);
    // What stood for it at the removal, the user may have left for a group that gives its plans, or the group gives another SKU by now.
    const isOther = seen.declaredAnew > 0 || witness.departures.has(before.userId);
    if (now === undefined && (isSwapped || isOther)) {
      if (isSwapped) seen.swapped += 1;
      const there = truth.sourced(before.userId);
      assert.ok(
        truth.plansOf(before).every((plan) => truth.isKept(plan, there)),
        `user ${before.userId} lacks what ${before.skuId} gave before the swap, the move or the change of a group`,
      );
      continue;
    }
    const mayGo = truth.mayGo(before, seenNow) && !truth.wasRefused(before.userId);
    const stays = !truth.isInScope(before.userId, before.skuId) || !mayGo;
    // What a group gave and what then was missing, the user has directly, with the plans of that group.
    if (witness.groups.takenOff.some(({ gave }) => gave.has(before.userId))) continue;
    // A plan that was retired is left out of what is put back.
    const ofToday = (of: DirectAssignment | undefined) => of && { ...of, disabledPlans: truth.offToday(of) };
    if (stays) assert.deepEqual(ofToday(now), ofToday(before), "an uncovered user keeps the direct licence as it was");
    else assert.equal(now, undefined, `user ${before.userId} should have been moved`);
  }
}

/** Each group gives what is declared, and no SKU that the stack file names to go; what a swap in one call names stays where nothing came. */
function judgeGroups({ truth }: Trial): void {
  const words = (licenses: readonly License[]) =>
    licenses.map(({ skuId, disabledPlans }) => `${skuId} ${[...disabledPlans].sort().join()}`).sort();
  for (const { id, licenses } of truth.groups()) {
    const declared = truth.declaredOf(id);
    const given = licenses.filter(({ skuId }) => declared.some((license) => license.skuId === skuId));
    assert.deepEqual(words(given), words(declared), `group ${id} does not give what is declared`);
    const { named } = truth.goingOff(id);
    assert.deepEqual(
      words(licenses.filter(({ skuId }) => named.has(skuId))),
      [],
      `group ${id} still has what is to go`,
    );
  }
}
