/** What a contestant tells of itself when it is done. What it did in the tenant, the tenant tells. */
export interface ContestantResult {
  /** From its first request to its last answer; loading the program comes before that. */
  readonly elapsedMs: number;
  readonly cpuMs: number;
  readonly peakMegabytes: number;
  /** Number of users on which the contestant gave up. */
  readonly failed: number;
}

/** Runs the work and tells the benchmark, which has started this process. */
export async function contest(work: () => Promise<{ readonly failed: number }>): Promise<void> {
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  const { failed } = await work();
  const { user, system } = process.cpuUsage(cpu);
  const result: ContestantResult = {
    elapsedMs: performance.now() - startedMs,
    cpuMs: (user + system) / 1000,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    failed,
  };
  process.send?.(result);
  process.disconnect();
}
