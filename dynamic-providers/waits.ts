import type { GraphConnection, TenantGraph, WaitCause } from "../graph/tenant-graph";
import type { Host } from "./host/host";

/** Where a wait is shown, and where somebody may ask to stop. */
export interface Row {
  readonly host: Host;
  readonly urn: string;
}

/** A wait looks this often whether it should go on. Graph may ask for ten minutes, and nobody should wait that long for a stop. */
const STEP_MS = 5_000;

/** @returns why the run is to stop, looked for until the very end of the wait; `null` after the time */
export function waitOrStop(ms: number, text: string, row: Row, isMoot?: () => boolean): Promise<string | null> {
  return inSteps(ms, text, row, () => row.host.stopReason(row.urn), isMoot);
}

/** For what must not be left half done: shown as well, and never cut short. */
export async function waitToTheEnd(ms: number, text: string, row: Row, isMoot?: () => boolean): Promise<void> {
  await inSteps(ms, text, row, () => Promise.resolve(null), isMoot);
}

/** The tenant as a row works with it: what Graph makes it wait for is shown there. */
export interface RowGraphs {
  /** A stop ends its waits: what waited was not sent, and fails with the stop's reason. */
  readonly graph: TenantGraph;
  /** Waits as long as Graph asks, whoever presses Ctrl-C: for reading back and putting back, so that nobody is left without a service. */
  readonly toTheEnd: TenantGraph;
}

export function graphsOf(connection: GraphConnection, row: Row): RowGraphs {
  const graph = row.host.connect(connection);
  const textFor = (ms: number, why: WaitCause) => untilWords(CAUSES[why.because], why.status, row.host.now() + ms);
  return {
    graph: graph.waitingBy((ms, why) => waitOrStop(ms, textFor(ms, why), row, why.isMoot)),
    toTheEnd: graph.waitingBy(async (ms, why) => {
      await waitToTheEnd(ms, textFor(ms, why), row, why.isMoot);
      return null;
    }, true),
  };
}

/** `throttled until 14:03:20 UTC (429)`. */
export function untilWords(what: string, status: number | null, untilMs: number): string {
  const time = new Date(untilMs).toISOString().slice(11, 19);
  return `${what} until ${time} UTC${status === null ? "" : ` (${status})`}`;
}

export const CAUSES: Readonly<Record<WaitCause["because"], string>> = {
  throttled: "throttled",
  unavailable: "Graph unavailable",
  unreachable: "waiting for the network",
  paced: "paced",
};

async function inSteps(
  ms: number,
  text: string,
  { host, urn }: Row,
  stopReason: () => Promise<string | null>,
  isMoot: () => boolean = () => false,
): Promise<string | null> {
  const untilMs = host.now() + ms;
  for (;;) {
    const stop = await stopReason();
    const leftMs = untilMs - host.now();
    if (stop !== null || leftMs <= 0 || isMoot()) return stop;
    // Again with each step: what is shown is paced, and another text may have taken its place.
    await host.status(urn, text);
    await host.sleep(Math.min(leftMs, STEP_MS));
  }
}
