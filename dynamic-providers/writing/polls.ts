const FIRST_MS = 1_000;
/** Also the interval at which a log shows that the gate still waits. */
const LONGEST_MS = 10_000;

/** Pauses between reads, in milliseconds: short at first, because small groups are quick, then doubling. */
export function* polls(): Generator<number, never> {
  for (let ms = FIRST_MS; ; ms = Math.min(ms * 2, LONGEST_MS)) yield ms;
}
