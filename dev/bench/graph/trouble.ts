import type { FaultEffect, FaultRule, Faults } from "../../../emulator";

/** What befalls a busy service, in equal parts. All pass by themselves, as long as one waits or asks again. */
const EFFECTS: readonly FaultEffect[] = [
  { status: 429, retryAfter: 1 },
  { status: 503, retryAfter: 1 },
  // It was done, and the answer says that it was not.
  { status: 504, afterDoing: true },
  "reset",
];

/** @param share of all requests and items of batches that meet trouble */
export function addTrouble(faults: Faults, share: number): void {
  for (const rule of troubleRules(share)) faults.add(rule);
}

function troubleRules(share: number): readonly FaultRule[] {
  return EFFECTS.map((then) => ({ probability: share / EFFECTS.length, then }));
}
