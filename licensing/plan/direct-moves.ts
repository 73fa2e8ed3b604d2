import { counted, thousands } from "../counts";
import type { MigrationPlan } from "./plan";

/** Numbers of users, by how much of their direct licences the waves remove, in this run or later. */
export interface DirectMoves {
  readonly whole: number;
  readonly inPart: number;
  /** All of their direct licences are blocked. */
  readonly notAtAll: number;
}

/** One count for the plan document and the preview, so that both show the same numbers. */
export function directMovesOf({
  waves,
  blockedInNoWave,
}: Pick<MigrationPlan, "waves" | "blockedInNoWave">): DirectMoves {
  const slices = waves.flatMap((wave) => wave.slices);
  const idsOf = (each: readonly { readonly userId: string }[]) => new Set(each.map(({ userId }) => userId));
  const moving = idsOf(slices.flatMap(({ removals }) => removals));
  const blocked = idsOf([...slices.flatMap((slice) => slice.blocked), ...blockedInNoWave]);
  const inPart = [...blocked].filter((userId) => moving.has(userId)).length;
  return { whole: moving.size - inPart, inPart, notAtAll: blocked.size - inPart };
}

/** `36 users move with everything, 3 in part, 5 not at all.` Empty if there is nothing to move. */
export function formatDirectMoves({ whole, inPart, notAtAll }: DirectMoves): string {
  return whole + inPart + notAtAll === 0
    ? ""
    : `${counted(whole, "user moves", "users move")} with everything, ${thousands(inPart)} in part, ${thousands(notAtAll)} not at all.`;
}
