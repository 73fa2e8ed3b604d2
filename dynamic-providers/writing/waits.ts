import type { FreshReads, GraphConnection, Limit, Sleep, LicenseWrites, WaitCause } from "../../graph/tenant-graph";
import type { Guid } from "../../licensing/model";
import type { Host } from "../engine/host";
import { STOP_CHECKED_EVERY_MS } from "./limits";

/** The row that shows a wait, and can stop it. */
export interface Row {
  readonly host: Host;
  readonly urn: string;
  /** Why the waiting work is already over; `null` or absent if it goes on. */
  readonly halted?: () => string | null;
}

/** A row that only reads: Ctrl-C ends its waits, because nothing of it must become whole in the state. */
export function readingRow(host: Host, urn: string): Row {
  return { host, urn, halted: () => host.interruption() };
}

async function stopReasonOf(row: Row): Promise<string | null> {
  return row.halted?.() ?? (await row.host.stopReason(row.urn));
}

/** @returns the reason to stop, checked until the end of the wait; `null` after the time */
export function waitOrStop(ms: number, text: string | null, row: Row, isMoot?: () => boolean): Promise<string | null> {
  return inSteps(ms, text, row, () => stopReasonOf(row), isMoot);
}

/** A wait that no stop ends, for work that must not stay half done; shown like any other. */
export async function waitToTheEnd(ms: number, text: string | null, row: Row, isMoot?: () => boolean): Promise<void> {
  await inSteps(ms, text, row, () => Promise.resolve(null), isMoot);
}

/** The tenant for one row, which shows the waits. */
export interface RowGraphs {
  /** A stop ends its waits; the waiting request was not sent and fails with the stop's reason. */
  readonly graph: LicenseWrites;
  /**
   * Waits as long as Graph asks, even after Ctrl-C: for read-backs and repairs, which must leave no user without a
   * service. "Not found" for a group is final here, because its licences may have to be replaced.
   */
  readonly toTheEnd: LicenseWrites;
}

/** @param groupIds groups that this run created or has read: see `GraphSession.awaiting` */
export function graphsOf(connection: GraphConnection, row: Row, groupIds: Iterable<Guid> = []): RowGraphs {
  const graph = row.host.connectForWriting(connection);
  return {
    graph: cutShort(graph.awaiting(groupIds), row),
    toTheEnd: graph.waitingBy(async (ms, why) => {
      await waitToTheEnd(ms, wordsFor(ms, why, row), row, why.isMoot);
      return null;
    }, true),
  };
}

/** The same tenant; a stop, or the end of the row's own work, ends its waits and stops its writes. */
export function cutShort<Role extends FreshReads>(graph: Role, row: Row): Role {
  const sleep: Sleep = (ms, why) => waitOrStop(ms, wordsFor(ms, why, row), row, why.isMoot);
  return graph.waitingBy(sleep, false, () => stopReasonOf(row));
}

/** `null` for a short wait that spreads writes: the row shows progress instead. */
function wordsFor(ms: number, why: WaitCause, { host }: Row): string | null {
  if (why.because === "paced" && ms <= STOP_CHECKED_EVERY_MS) return null;
  return formatUntil(CAUSES[why.because], why.status, host.now() + ms, why.limit);
}

/** `throttled until 14:03:20 UTC (429, writes)`. */
export function formatUntil(what: string, status: number | null, untilMs: number, limit: Limit | null = null): string {
  const time = new Date(untilMs).toISOString().slice(11, 19);
  const details = [...(status === null ? [] : [status]), ...(limit === null ? [] : [LIMIT_WORDS[limit]])];
  return `${what} until ${time} UTC${details.length === 0 ? "" : ` (${details.join(", ")})`}`;
}

const LIMIT_WORDS: Readonly<Record<Limit, string>> = {
  writes: "writes",
  units: "resource units",
  audits: "audit log",
};

export const CAUSES: Readonly<Record<WaitCause["because"], string>> = {
  throttled: "throttled",
  unavailable: "Graph unavailable",
  unreachable: "waiting for the network",
  paced: "keeping to the quota",
  notYet: "waiting for a group that Entra does not show yet",
};

async function inSteps(
  ms: number,
  text: string | null,
  { host, urn }: Row,
  stopReason: () => Promise<string | null>,
  isMoot: () => boolean = () => false,
): Promise<string | null> {
  const untilMs = host.now() + ms;
  for (;;) {
    const stop = await stopReason();
    const leftMs = untilMs - host.now();
    if (stop !== null || leftMs <= 0 || isMoot()) return stop;
    // Repeated at each step, because the display is throttled and another text may have replaced this one.
    if (text !== null) await host.status(urn, text);
    await host.sleep(Math.min(leftMs, STOP_CHECKED_EVERY_MS));
  }
}
