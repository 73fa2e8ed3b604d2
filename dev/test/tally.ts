/** What a run of checks or tests came to. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Why tests were skipped and how they would run, each reason once. */
  readonly reasons: readonly string[];
}

export const nothing: Tally = { passed: 0, failed: 0, skipped: 0, reasons: [] };

export function add(left: Tally, right: Tally): Tally {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
    reasons: [...new Set([...left.reasons, ...right.reasons])],
  };
}

/** The end of every test run: "12 passed, 0 failed" is a line of its own, above it what was skipped when anything was. */
export function closingLines({ passed, failed, skipped, reasons }: Tally): string {
  const above = skipped > 0 ? [`${skipped} skipped`, ...reasons.map((reason) => `    ${reason}`)] : [];
  return [...above, `${passed} passed, ${failed} failed`].join("\n");
}
