import assert from "node:assert/strict";
import type { Loss } from "../../emulator";
import type { Trial } from "./trial";

/**
 * No user lost a plan but by people. What the program itself set off may coincide with people's doing in two ways alone:
 * Entra carried out, in the background and in the program's name, what people had already taken; or they took it in the moment
 * between the last read and the write. Then the program has given the direct licence back, or it has said that it could not, and owes it.
 */
export async function judgeLosses(trial: Trial): Promise<void> {
  const { emulator, others, seen, stack } = trial;
  seen.lostByPeople += emulator.history.losses({ by: "people" }).length;
  const losses = emulator.history.losses({ except: "people" });
  if (losses.length === 0) return;
  const { plan } = await stack.plan();
  const owed = new Set(plan.debts.owed.map(({ userId }) => userId));
  for (const loss of losses) {
    for (const planId of loss.planIds) {
      const takenMs = others.taken.get(`${loss.userId} ${planId}`) ?? Infinity;
      assert.ok(takenMs <= loss.at.getTime(), `user ${loss.userId} lost ${planId}: ${wordsOf(loss, trial)}`);
    }
    if (loss.cause.inBackground) continue;
    seen.lostInTheWindow += 1;
    assert.ok(
      isMadeGood(loss, owed, trial),
      `user ${loss.userId} did not get back what a removal took: ${wordsOf(loss, trial)}`,
    );
  }
}

function isMadeGood(
  { userId, planIds, at }: Loss,
  owed: ReadonlySet<string>,
  { emulator, others, said }: Trial,
): boolean {
  const isThere = emulator.tenant.users().some(({ id }) => id === userId);
  const later = emulator.history.of(userId).filter((each) => each.at >= at);
  return (
    !isThere ||
    later.some((each) => planIds.every((planId) => each.planIds.includes(planId))) ||
    // It was said that it could not, and then it is owed until it can; people may have ended it since.
    (said.some((words) => words.includes(userId) && words.includes("COULD NOT be put back")) &&
      (owed.has(userId) || others.touched.has(userId)))
  );
}

function wordsOf({ cause, at }: Loss, { said }: Trial): string {
  return `${cause.what}, ${cause.inBackground ? "in the background" : "at once"}, at ${at.toISOString()}\n${said.join("\n")}`;
}
