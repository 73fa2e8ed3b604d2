import assert from "node:assert/strict";
import type { Loss } from "../../emulator";
import type { Trial } from "./trial";

/**
 * No user lost a plan but by people. What the program itself set off may coincide with people's doing in two ways alone:
 * Entra carried out, in the background and in the program's name, what people had already taken; or they took it in the moment
 * between the last read and the write. Then the program has given the direct licence back, or it has said that it could not, and owes it.
 */
export async function judgeLosses(trial: Trial): Promise<void> {
  const { emulator, others, seen, stack, truth } = trial;
  seen.lostByPeople += emulator.history.losses({ by: "people" }).length;
  const losses = emulator.history.losses({ except: "people" });
  if (losses.length === 0) return;
  const { plan } = await stack.plan();
  const owed = new Set(plan.debts.owed.map(({ userId }) => userId));
  for (const each of losses) {
    const loss = { ...each, planIds: each.planIds.filter((planId) => !isNoLoss(each, planId, trial)) };
    if (loss.planIds.length === 0) continue;
    const bySwap = isBySwap(loss, trial);
    for (const planId of bySwap ? [] : loss.planIds) {
      const sources = [planId, ...truth.successorsOf(planId)];
      const takenMs = Math.min(...sources.map((source) => others.taken.get(`${loss.userId} ${source}`) ?? Infinity));
      assert.ok(takenMs <= loss.at.getTime(), `user ${loss.userId} lost ${planId}: ${wordsOf(loss, trial)}`);
    }
    if (loss.cause.inBackground && !bySwap && !isByLeaving(loss, trial) && !isByTakingOff(loss, trial)) continue;
    seen.lostInTheWindow += 1;
    assert.ok(
      isMadeGood(loss, owed, trial),
      `user ${loss.userId} did not get back what a removal took: ${wordsOf(loss, trial)}`,
    );
  }
}

/**
 * A plan that is kept as its successor; one that a swap had brought, and that went with it when it was taken back; or one that people gave
 * directly between the last read and the write, which no read can show.
 */
function isNoLoss({ userId, at, cause }: Loss, planId: string, trial: Trial): boolean {
  const { emulator, truth, witness, others, seen } = trial;
  const removal = witness.removals.get(userId)?.findLast(({ sentMs }) => sentMs <= at.getTime());
  const given = others.given.get(`${userId} ${planId}`) ?? [];
  const isBehindTheRead = (ms: number) => removal !== undefined && ms >= removal.readMs && ms <= at.getTime();
  if (
    !cause.inBackground &&
    given.some(isBehindTheRead) &&
    !hadAtTheRead(userId, planId, removal?.readMs ?? 0, trial)
  ) {
    seen.givenInTheWindow += 1;
    return true;
  }
  const history = emulator.history.of(userId);
  const then = new Set(history.filter((each) => each.at <= at).at(-1)?.planIds);
  if (truth.isKept(planId, then)) {
    seen.succeeded += 1;
    return true;
  }
  // A removal that Graph answers late is sent again, on a read that no longer shows what the group gave.
  const left = witness.departures
    .get(userId)
    ?.findLast(({ sentMs, gave }) => gave.has(planId) && sentMs <= at.getTime());
  if (left?.way.isBack === true && left.keep?.has(planId) === false) return true;
  const atFirst = history[0]?.planIds ?? [];
  const brought = [...(witness.swapped.get(userId) ?? [])].flatMap((skuId) =>
    truth.plansOf({ skuId, disabledPlans: [] }),
  );
  const isOwn = [planId, ...truth.succeededBy(planId)].some(
    (each) => atFirst.includes(each) && !truth.isKept(each, then),
  );
  return brought.includes(planId) && !isOwn;
}

/** What went because the program took the user out of a group, and not because people took something after that write. */
function isByLeaving({ userId, planIds, at }: Loss, { witness, others }: Trial): boolean {
  const last = witness.departures.get(userId)?.findLast(({ sentMs }) => sentMs <= at.getTime());
  return (
    last !== undefined &&
    planIds.some((planId) => last.gave.has(planId) && (others.lastTaken.get(`${userId} ${planId}`) ?? 0) <= last.sentMs)
  );
}

/**
 * What went because the program took a SKU off a group of which the user still is a member, and not because people took something
 * after that write. Who leaves the group loses all that it gives.
 */
function isByTakingOff({ userId, planIds, at }: Loss, { emulator, witness, others }: Trial): boolean {
  const last = witness.groups.takenOff.findLast(({ gave, sentMs }) => gave.has(userId) && sentMs <= at.getTime());
  if (last !== undefined && !emulator.tenant.group(last.groupId).userMembers.has(userId)) return false;
  const gave = last?.gave.get(userId) ?? new Set();
  const lastTaken = (planId: string) => others.lastTaken.get(`${userId} ${planId}`) ?? 0;
  return last !== undefined && planIds.some((planId) => gave.has(planId) && lastTaken(planId) <= last.sentMs);
}

/** A swap in one call may fail for a member by something that nobody knew before. */
function isBySwap(loss: Loss, trial: Trial): boolean {
  const { userId, at } = loss;
  const last = trial.witness.groups.takenOff.findLast(({ gave, sentMs }) => gave.has(userId) && sentMs <= at.getTime());
  const isInError = trial.emulator.tenant
    .users()
    .some(({ id, holdings }) => id === userId && holdings.assignments.some(({ state }) => state === "Error"));
  return loss.cause.inBackground && last?.isSwap === true && isInError && isByTakingOff(loss, trial);
}

function hadAtTheRead(userId: string, planId: string, readMs: number, { emulator }: Trial): boolean {
  const before = emulator.history.of(userId).filter((each) => each.at.getTime() < readMs);
  return before.at(-1)?.planIds.includes(planId) === true;
}

function isMadeGood(
  { userId, planIds, at }: Loss,
  owed: ReadonlySet<string>,
  { emulator, others, truth, said }: Trial,
): boolean {
  const isThere = emulator.tenant.users().some(({ id }) => id === userId);
  const later = emulator.history.of(userId).filter((each) => each.at >= at);
  return (
    !isThere ||
    later.some((each) => planIds.every((planId) => truth.isKept(planId, new Set(each.planIds)))) ||
    // It was said that it could not, and then it is owed until it can; people may have ended it since.
    (said.some((words) => isAbout(userId, words) && /COULD NOT be (put back|assigned)/.test(words)) &&
      (owed.has(userId) || others.touched.has(userId)))
  );
}

/** A line names a few of many users. */
function isAbout(userId: string, words: string): boolean {
  return words.includes(userId) || / and [\d,]+ more\)/.test(words);
}

function wordsOf({ cause, at }: Loss, { said }: Trial): string {
  return `${cause.what}, ${cause.inBackground ? "in the background" : "at once"}, at ${at.toISOString()}\n${said.join("\n")}`;
}
