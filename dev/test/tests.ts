import { runProgram } from "./program";
import type { RunReport } from "./reporter";
import { add, nothing, type Tally } from "./tally";

/** Mocha with these words. Its tally tells the truth also where mocha itself broke. */
export async function runTests(words: readonly string[]): Promise<RunReport> {
  const { code, messages } = await runProgram({ file: "mocha/bin/mocha.js", words, isShown: true });
  const report = messages.at(-1) as RunReport | undefined;
  return { tally: honestTally(code, report?.tally), msByFile: report?.msByFile ?? {} };
}

/** A run that ended badly without a failed test, as when a test file can't be loaded, counts as one failed. */
export function honestTally(code: number | null, reported: Tally | undefined): Tally {
  const tally = reported ?? nothing;
  if (code === 0 && reported !== undefined) return tally;
  if (tally.failed > 0) return tally;
  const failure = `mocha ended with ${code === null ? "a signal" : `exit code ${code}`}, and not for a failed test`;
  return add(tally, { ...nothing, failed: 1, failures: [failure] });
}
