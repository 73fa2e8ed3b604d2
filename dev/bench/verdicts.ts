import { OURS, SAMPLE_SCRIPT } from "./contest";
import { SEED_USERS, type WholeMigration } from "./engine/whole-migration";
import type { EngineFigures } from "./engine/engine-run";
import { medianOf } from "./median";
import { assignmentsPerSecond, requestsPerAssignment, shareOfQuota, type Rate, type Results } from "./results";

/** A number to hold, and what was measured. */
export interface Verdict {
  readonly number: string;
  readonly limit: string;
  /** `null`: this run did not measure it. */
  readonly measured: string | null;
  readonly holds: boolean | null;
}

/** The share of the quota that a run takes, unless the stack file says otherwise. */
const PACE = 0.8;

const LARGE = 100_000;
const TENTH = 10_000;

/** Every number to hold, in the order of the issue that asks for it; those that were not measured as well. */
export function verdicts(results: Results): readonly Verdict[] {
  const { rates, plans, startUp, migrations, work } = results;
  const oursIn = (scenario: Rate["scenario"]) => rateOf(rates, scenario, OURS);
  const free = oursIn("no quota");
  const script = rateOf(rates, "no quota", SAMPLE_SCRIPT);
  const limited = oursIn("quota");
  const all = rates.filter(({ contestant }) => contestant === OURS);
  const seed = migrations.find(({ users }) => users === SEED_USERS);
  const atLarge = migrations.find(({ users }) => users === LARGE);
  const atTenth = migrations.find(({ users }) => users === TENTH);
  const plan = plans.find(({ users }) => users === 20_000);
  const largePlan = plans.find(({ users }) => users === LARGE);
  const starts = [...plans, ...migrations]
    .filter(({ users }) => users === LARGE)
    .map(({ graphStartMs }) => graphStartMs);
  const growth = atLarge && atTenth ? growths(atTenth, atLarge) : null;
  const share = limited === undefined ? null : shareOfQuota(limited);

  return [
    atLeast(
      "assignments a second without a quota, beside the sample script",
      25,
      free && script ? assignmentsPerSecond(free) / assignmentsPerSecond(script) : null,
      (times) => `${times.toFixed(1)} times`,
    ),
    atLeast("of the paced quota, where there is one", 0.95, share === null ? null : share / PACE, percent),
    atMost(
      "429s for which ours is to blame",
      0,
      sumOf(all, ({ graph }) => graph.throttled),
      String,
    ),
    atMost(
      "requests of ours before Retry-After was over",
      0,
      sumOf(all, ({ graph }) => graph.early),
      String,
    ),
    atMost(
      "services lost",
      0,
      sumOf([...all, ...migrations.map(({ removeDirect }) => removeDirect)], ({ graph }) => graph.servicesLost),
      String,
    ),
    atMost(
      "HTTP requests for an assignment, on the seed's example",
      0.26,
      seed ? requestsPerAssignment(seed.removeDirect) : null,
      (requests) => requests.toFixed(3),
    ),
    atMost("the plan of 20,000 users, own time", 3_000, plan ? plan.planCpuMs + plan.filesCpuMs : null, seconds),
    atMost("plan.html of 100,000 users opens", 2_000, largePlan?.pageOpensMs ?? null, seconds),
    atMost("plan.md of 100,000 users", 60_000, largePlan?.markdownCharacters ?? null, (count) => `${count} characters`),
    atMost(
      "a run with nothing to do, beside an empty program",
      1.5,
      startUp ? medianWall(startUp.ours) / medianWall(startUp.empty) : null,
      (times) => `${times.toFixed(2)} times`,
    ),
    atMost("preview of 100,000 users, own time", 60_000, atLarge?.preview.cpuMs ?? null, seconds),
    atMost(
      "memory in any of our processes at 100,000 users",
      1_024,
      atLarge ? mostMemory(atLarge) : null,
      (megabytes) => `${megabytes.toFixed(0)} MiB`,
    ),
    atMost(
      // What a state has besides its users counts for little only where they are many.
      "state for a user, at 100,000",
      60,
      atLarge ? atLarge.stateBytes / atLarge.users : null,
      (bytes) => `${bytes.toFixed(0)} bytes`,
    ),
    atMost("growth of the own time of any step, 10,000 to 100,000", 11, growth?.time ?? null, times),
    atMost("growth of the memory of any of our processes, 10,000 to 100,000", 11, growth?.memory ?? null, times),
    atMost("growth of the state, 10,000 to 100,000", 11, growth?.state ?? null, times),
    atMost(
      "the embedded Graph starts with 100,000 users",
      3_000,
      starts.length > 0 ? Math.min(...starts) : null,
      seconds,
    ),
    atMost(
      "counted work beyond its bound",
      0,
      work.length === 0 ? null : work.filter(({ holds }) => !holds).length,
      (parts) => `${parts} of ${work.length} parts`,
    ),
  ];
}

function atLeast(number: string, limit: number, measured: number | null, words: (value: number) => string): Verdict {
  return { number, limit: `at least ${words(limit)}`, ...judged(measured, (value) => value >= limit, words) };
}

function atMost(number: string, limit: number, measured: number | null, words: (value: number) => string): Verdict {
  return { number, limit: `at most ${words(limit)}`, ...judged(measured, (value) => value <= limit, words) };
}

function judged(measured: number | null, isWithin: (value: number) => boolean, words: (value: number) => string) {
  return measured === null ? { measured: null, holds: null } : { measured: words(measured), holds: isWithin(measured) };
}

function rateOf(rates: readonly Rate[], scenario: Rate["scenario"], contestant: string): Rate | undefined {
  return rates.find((each) => each.scenario === scenario && each.contestant === contestant);
}

function sumOf<T>(all: readonly T[], of: (each: T) => number): number | null {
  return all.length === 0 ? null : all.reduce((sum, each) => sum + of(each), 0);
}

function growths(small: WholeMigration, large: WholeMigration) {
  const smallSteps = stepsOf(small);
  const times: number[] = [];
  const memories: number[] = [];
  for (const [index, { cpuMs, peakMegabytes: peaks }] of stepsOf(large).entries()) {
    const before = smallSteps[index];
    if (before === undefined || before.cpuMs === null || cpuMs === null) continue;
    times.push(cpuMs / before.cpuMs);
    for (const part of OURS_OF_ENGINE) {
      const [was, is] = [before.peakMegabytes[part], peaks[part]];
      if (was !== undefined && is !== undefined) memories.push(is / was);
    }
  }
  return { time: most(times), memory: most(memories), state: large.stateBytes / small.stateBytes };
}

/** The engine and its language host are Pulumi's own. */
const OURS_OF_ENGINE = ["program", "provider"] as const;

function mostMemory(of: WholeMigration): number | null {
  return most(stepsOf(of).flatMap(({ peakMegabytes }) => OURS_OF_ENGINE.flatMap((part) => peakMegabytes[part] ?? [])));
}

function stepsOf({ preview, licenseGroups, removeDirect, noChange }: WholeMigration): readonly EngineFigures[] {
  return [preview, licenseGroups, removeDirect, noChange];
}

function most(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}

function medianWall(runs: readonly { readonly wallMs: number }[]): number {
  return medianOf(runs.map(({ wallMs }) => wallMs));
}

const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const times = (value: number) => `${value.toFixed(1)}-fold`;
