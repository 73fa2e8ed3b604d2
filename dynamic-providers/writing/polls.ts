import { FIRST_POLL_MS, LONGEST_POLL_MS } from "../../graph/client/limits";

/** Pauses between reads, in milliseconds: short at first, because small groups are quick, then doubling. */
export function* polls(): Generator<number, never> {
  for (let ms = FIRST_POLL_MS; ; ms = Math.min(ms * 2, LONGEST_POLL_MS)) yield ms;
}
