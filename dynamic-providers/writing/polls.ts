const FIRST_MS = 1_000;
/** Also how often a log hears that the gate still waits. */
const LONGEST_MS = 10_000;

/** How long to wait between looks: soon at first, because small groups are quick, then twice as long each time. */
export function* polls(): Generator<number, never> {
  for (let ms = FIRST_MS; ; ms = Math.min(ms * 2, LONGEST_MS)) yield ms;
}
