import type { Contest } from "./contest";
import type { StartUp } from "./engine/start-up";
import type { WholeMigration } from "./engine/whole-migration";
import type { PlanRun } from "./plan/plan-files";
import type { CountedWork } from "./work/counted";

/** How one contestant fared in one scenario. */
export interface Rate extends Contest {
  readonly scenario: Scenario;
  readonly contestant: string;
  readonly users: number;
  /** Writes that the quota of the scenario allows in a second; `null`: it has none. */
  readonly quotaPerSecond: number | null;
}

export type Scenario = "no quota" | "quota" | "trouble";

/** All that one run of the benchmark found: what `--out` writes. */
export interface Results {
  readonly measuredAt: string;
  readonly processors: number;
  readonly node: string;
  /** How many processes wanted a processor, on average of the minute before the run: the more, the less a wall clock says. */
  readonly loadBefore: number;
  readonly latencyMs: number;
  readonly rates: readonly Rate[];
  readonly plans: readonly PlanRun[];
  readonly migrations: readonly WholeMigration[];
  /** `null`: not measured. */
  readonly startUp: StartUp | null;
  readonly work: readonly CountedWork[];
}

export function assignmentsPerSecond({ graph, elapsedMs }: Contest): number {
  return (graph.removed * 1000) / elapsedMs;
}

export function requestsPerAssignment({ graph }: Pick<Contest, "graph">): number {
  return graph.http / graph.removed;
}

/** Of the whole quota, while it was removing: what comes before the first write and after the last one writes nothing. */
export function shareOfQuota({ graph, quotaPerSecond }: Rate): number | null {
  if (quotaPerSecond === null || graph.busyMs === 0) return null;
  return (graph.writes * 1000) / graph.busyMs / quotaPerSecond;
}
