import type { WavePlan } from "../plan/plan";
import type { WaveSpec } from "../stack-file/stack-file";

/**
 * The time each wave was done, or its earliest start if `up` runs and `licensing:applyThrough` is advanced without
 * delay. By wave name, in milliseconds since 1970.
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
