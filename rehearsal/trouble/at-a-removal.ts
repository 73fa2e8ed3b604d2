import type { Emulator } from "../../emulator";

/** A moment in a wave, which removes direct licences first and takes members out of their old groups afterwards. */
export interface MiddleOfWave {
  readonly wave: string;
  readonly of: "removals" | "moves";
  /** Removals of this kind that come before. */
  readonly after: number;
}

const REQUESTS = {
  removals: { method: "POST", path: /^\/users\/[^/]+\/assignLicense/ },
  moves: { method: "DELETE", path: /^\/groups\/[^/]+\/members\// },
} as const;

/** Calls `then` once, when Graph has received a removal and has not yet carried it out. */
export function atARemoval({ faults }: Emulator, { of, after }: MiddleOfWave, then: () => void): void {
  faults.add({ match: REQUESTS[of], after, times: 1, then });
}

/** Describes the moment for the report. */
export function formatMiddle({ wave, of, after }: MiddleOfWave): string {
  const what = of === "removals" ? "removal" : "move from group to group";
  const plural = of === "removals" ? "removals" : "moves from group to group";
  return `in wave ${wave}, after ${after} ${after === 1 ? what : plural}`;
}
