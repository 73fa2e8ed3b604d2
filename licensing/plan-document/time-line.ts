import type { WavePlan } from "../plan/plan";
import type { WaveSpec } from "../stack-file/stack-file";

/**
 * When each wave was done, or may run at the earliest: with an `up` at every moment that matters, and with
 * `licensing:applyThrough` moved on as soon as it can be. By name, in milliseconds since 1970.
 */
export function startsOf(
  waves: readonly WavePlan[],
  specs: readonly WaveSpec[],
  nowMs: number,
): ReadonlyMap<string, number> {
  const starts = new Map<string, number>();
  let freeMs = nowMs;
  for (const wave of waves) {
    const startMs = wave.doneAtMs ?? freeMs;
    starts.set(wave.name, startMs);
    const soakMs = specs.find(({ name }) => name === wave.name)?.soakMs ?? 0;
    freeMs = Math.max(freeMs, startMs + soakMs);
  }
  return starts;
}
