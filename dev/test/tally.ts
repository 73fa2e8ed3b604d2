/** What a run of checks or tests came to. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** Each failed check or test with the first line of its error, for the end of a long log. */
  readonly failures: readonly string[];
  readonly skipped: number;
  /** Why tests were skipped and how they would run, each reason once. */
  readonly reasons: readonly string[];
}

export const nothing: Tally = { passed: 0, failed: 0, failures: [], skipped: 0, reasons: [] };

export function add(left: Tally, right: Tally): Tally {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    failures: [...left.failures, ...right.failures],
    skipped: left.skipped + right.skipped,
    reasons: [...new Set([...left.reasons, ...right.reasons])],
  };
}

/** The end of every test run: "12 passed, 0 failed" is a line of its own, above it the failures and the skipped tests. */
export function closingLines({ passed, failed, failures, skipped, reasons }: Tally): string {
  const failedAbove = failures.map((failure) => `    ✘ ${failure}`);
  const skippedAbove = skipped > 0 ? [`${skipped} skipped`, ...reasons.map((reason) => `    ${reason}`)] : [];
  return [...failedAbove, ...skippedAbove, `${passed} passed, ${failed} failed`].join("\n");
}
