import { terminalTable } from "../../cli/terminal-table";
import type { EngineFigures } from "./engine/engine-run";
import type { StartUp } from "./engine/start-up";
import { medianOf } from "./median";
import { assignmentsPerSecond, requestsPerAssignment, shareOfQuota, type Rate, type Results } from "./results";
import type { Verdict } from "./verdicts";

/** The results for people: a table for each question, in the order of the documents. */
export function tablesOf(results: Results): readonly string[] {
  return [
    ...(results.rates.length > 0 ? [ratesTable(results.rates)] : []),
    ...(results.migrations.length > 0 ? [migrationsTable(results)] : []),
    ...(results.startUp === null ? [] : [startUpTable(results.startUp)]),
    ...(results.plans.length > 0 ? [plansTable(results)] : []),
    ...(results.work.length > 0 ? [workTable(results)] : []),
  ];
}

export function verdictsTable(verdicts: readonly Verdict[]): string {
  return table(
    ["number to hold", "limit", "measured", ""],
    verdicts.map(({ number, limit, measured, holds }) => [
      number,
      limit,
      measured ?? "not measured",
      holds === null ? "" : holds ? "holds" : "MISSED",
    ]),
  );
}

function ratesTable(rates: readonly Rate[]): string {
  const head = ["removals", "users", "a second", "requests each", "of quota", "429s", "early", "lost", "given up"];
  return table(
    [...head, "CPU s", "peak MiB", "Graph's CPU s"],
    rates.map((rate) => [
      `${rate.scenario}: ${rate.contestant}`,
      count(rate.users),
      assignmentsPerSecond(rate).toFixed(0),
      requestsPerAssignment(rate).toFixed(2),
      share(shareOfQuota(rate)),
      count(rate.graph.throttled),
      count(rate.graph.early),
      count(rate.graph.servicesLost),
      count(rate.failed),
      seconds(rate.cpuMs),
      rate.peakMegabytes.toFixed(0),
      seconds(rate.graph.cpuMs),
    ]),
  );
}

function migrationsTable({ migrations }: Results): string {
  const head = ["on the real engine", "users", "wall s", "own CPU s", "Graph's CPU s", "requests"];
  return table(
    [...head, "engine MiB", "program MiB", "provider MiB"],
    migrations.flatMap(({ users, stateBytes, ...steps }) => {
      const perUser = `state: ${count(stateBytes)} bytes, ${(stateBytes / users).toFixed(0)} for a user`;
      return [
        engineRow("first preview", users, steps.preview),
        engineRow("up: groups, gate, baseline", users, steps.licenseGroups),
        engineRow("up: all waves", users, steps.removeDirect),
        engineRow("up: nothing to do", users, steps.noChange),
        [perUser, count(users), "", "", "", "", "", "", ""],
      ];
    }),
  );
}

function engineRow(name: string, users: number, { wallMs, cpuMs, graph, peakMegabytes: peaks }: EngineFigures) {
  const megabytes = (peak: number | undefined) => (peak === undefined ? "" : peak.toFixed(0));
  return [
    name,
    count(users),
    seconds(wallMs),
    cpuMs === null ? "" : seconds(cpuMs),
    seconds(graph.cpuMs),
    count(graph.http),
    megabytes(peaks.engine),
    megabytes(peaks.program),
    megabytes(peaks.provider),
  ];
}

function startUpTable({ ours, empty }: StartUp): string {
  const row = (name: string, runs: readonly EngineFigures[]) => {
    const cpus = runs.flatMap(({ cpuMs }) => cpuMs ?? []);
    const walls = runs.map(({ wallMs }) => wallMs);
    return [
      name,
      seconds(medianOf(walls)),
      seconds(Math.min(...walls)),
      cpus.length === 0 ? "" : seconds(medianOf(cpus)),
    ];
  };
  return table(
    ["up with nothing to do", "median wall s", "shortest s", "median CPU s"],
    [row("an empty program", empty), row("the seed's example, done", ours)],
  );
}

function plansTable({ plans }: Results): string {
  return table(
    ["the plan and its files", "users", "own CPU s", "Graph's CPU s", "peak MiB", "plan.md", "plan.html", "opens in s"],
    plans.map((plan) => [
      "5 % blocked",
      count(plan.users),
      seconds(plan.planCpuMs + plan.filesCpuMs),
      seconds(plan.graph.cpuMs),
      plan.peakMegabytes.toFixed(0),
      count(plan.markdownCharacters),
      count(plan.pageBytes),
      plan.pageOpensMs === null ? "no browser" : seconds(plan.pageOpensMs),
    ]),
  );
}

function workTable({ work }: Results): string {
  return table(
    ["elements looked at", "from → to", "small", "large", "times", "bound", ""],
    work.map(({ work: name, sizes, small, large, bound, holds }) => [
      name,
      sizes,
      count(small),
      count(large),
      small === 0 ? "" : (large / small).toFixed(2),
      bound,
      holds ? "holds" : "MISSED",
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return terminalTable(head, rows, {
    colAligns: head.map((_, index) => (index === 0 ? "left" : "right")),
    width: Infinity,
  });
}

const count = (value: number) => value.toLocaleString("en-US");
const seconds = (ms: number) => (ms / 1000).toFixed(ms < 10_000 ? 2 : 1);
const share = (value: number | null) => (value === null ? "" : `${(value * 100).toFixed(0)} %`);
