import assert from "node:assert/strict";
import type { Loss } from "../../emulator";
import type { Trial } from "./trial";

/**
 * Nobody lost a plan but by people. What the program itself set off may coincide with people's doing in two ways alone:
 * Entra carried out, in the background and in the program's name, what people had already taken; or they took it in the moment
 * between the last read and the write. Then the program has given the direct licence back, or it has said that it could not.
 */
export function judgeLosses(trial: Trial): void {
  const { emulator, others, seen } = trial;
  seen.lostByPeople += emulator.history.losses({ by: "people" }).length;
  for (const loss of emulator.history.losses({ except: "people" })) {
    for (const planId of loss.planIds) {
      const takenMs = others.taken.get(`${loss.userId} ${planId}`) ?? Infinity;
      assert.ok(takenMs <= loss.at.getTime(), `user ${loss.userId} lost ${planId}: ${wordsOf(loss, trial)}`);
    }
    if (loss.cause.inBackground) continue;
    seen.lostInTheWindow += 1;
    assert.ok(
      isMadeGood(loss, trial),
      `user ${loss.userId} did not get back what a removal took: ${wordsOf(loss, trial)}`,
    );
  }
}

function isMadeGood({ userId, planIds, at }: Loss, { emulator, said }: Trial): boolean {
  const isThere = emulator.tenant.users().some(({ id }) => id === userId);
  const later = emulator.history.of(userId).filter((each) => each.at >= at);
  return (
    !isThere ||
    later.some((each) => planIds.every((planId) => each.planIds.includes(planId))) ||
    said.some((words) => words.includes(userId) && words.includes("COULD NOT be put back"))
  );
}

function wordsOf({ cause, at }: Loss, { said }: Trial): string {
  return `${cause.what}, ${cause.inBackground ? "in the background" : "at once"}, at ${at.toISOString()}\n${said.join("\n")}`;
}
