import type { Emulator } from "../../emulator";

/** Happens once, at the moment at which a removal has come to Graph and is not done yet. */
export function atARemoval({ faults }: Emulator, afterRemovals: number, then: () => void): { happened(): boolean } {
  const match = { method: "POST", path: /^\/users\/[^/]+\/assignLicense/ };
  const handle = faults.add({ match, after: afterRemovals, times: 1, then });
  return { happened: () => handle.hits > 0 };
}

/** In the words of a report. */
export function middleOf(wave: string, afterRemovals: number): string {
  return `in wave ${wave}, after ${afterRemovals} ${afterRemovals === 1 ? "removal" : "removals"}`;
}
