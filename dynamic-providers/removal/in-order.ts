import { addOutcomes, movedEnough, formatShortfall } from "../../licensing/wave-outcome";
import type { Receipts } from "../engine/receipts";
import type { WaveToDoFirst } from "../../licensing/plan/plan";

/** A part of a wave, of removals or of a move. */
export interface PartInTurn {
  readonly wave: string;
  readonly slice: string;
  readonly waits: boolean;
  readonly mode: "remove" | "restore";
  readonly __lists: { readonly behind: readonly WaveToDoFirst[] };
}

/**
 * The reason why this part of a wave may not begin: an earlier wave is not done or has moved too few users. `null` if
 * it may.
 */
export function outOfOrder({ wave, slice, waits, mode, __lists }: PartInTurn, receipts: Receipts): string | null {
  if (waits || mode === "restore") return null;
  for (const first of __lists.behind) {
    const { parts, shown } = receipts.waveOf(first.wave);
    const reached = addOutcomes(first.recorded, shown);
    // check: what comes later waits in the same run, too, until the wave before it has shown enough
    const why =
      parts.size < first.parts
        ? "this run has not done all of it. Where --target or --exclude leaves it out, run pulumi up without them"
        : movedEnough(reached, first.minMoved)
          ? null
          : `${formatShortfall(reached, first.minMoved)}. See why its users are blocked, and run pulumi up again`;
    if (why !== null) {
      return `wave ${wave} (${slice}) was not begun: ${first.wave} comes first and is not done: ${why}. Nothing was removed from this part's users.`;
    }
  }
  return null;
}
