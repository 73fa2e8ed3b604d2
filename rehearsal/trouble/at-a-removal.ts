import type { Emulator } from "../../emulator";

/** Calls `then` once, when Graph has received a removal and has not yet carried it out. */
export function atARemoval({ faults }: Emulator, afterRemovals: number, then: () => void): { happened(): boolean } {
  const match = { method: "POST", path: /^\/users\/[^/]+\/assignLicense/ };
  const handle = faults.add({ match, after: afterRemovals, times: 1, then });
  return { happened: () => handle.hits > 0 };
}

/** Describes the moment for the report. */
export function middleOf(wave: string, afterRemovals: number): string {
  return `in wave ${wave}, after ${afterRemovals} ${afterRemovals === 1 ? "removal" : "removals"}`;
}
