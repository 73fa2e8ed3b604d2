import type { FreshReads } from "../../graph/tenant-graph";
import { isConverged } from "../../licensing/loss/group-change";
import type { Catalog } from "../../licensing/catalog/catalog";
import { groupOfToday } from "../../licensing/catalog/of-today";
import type { Guid, LicensedGroup } from "../../licensing/model";
import { formatDuration } from "../../licensing/plan/plan-words";
import { MEMBERS_IN_ERROR } from "../../licensing/inheritance/reprocessing";
import { REPROCESS } from "../../licensing/decision/block-reason";
import type { Timeouts } from "../../licensing/stack-file/stack-file";
import type { Host } from "../engine/host";
import type { GateInputs } from "./gate";
import { polls } from "../writing/polls";
import { readingRow, waitOrStop } from "../writing/waits";

/** The groups after processing, or the reasons why it is unfinished. */
export interface Waited {
  readonly now: ReadonlyMap<Guid, LicensedGroup>;
  readonly unfinished: readonly string[];
}

/** Waits until every group has its declared licences and Entra has processed them, at most `timeouts.processingMs`. */
export async function waitForProcessing(
  graph: FreshReads,
  { groups, timeouts, __urn }: GateInputs,
  catalog: Catalog,
  host: Host,
): Promise<Waited> {
  const startedMs = host.now();
  const pauses = polls();
  for (;;) {
    const now = await graph.presentGroups(groups.map(({ groupId }) => groupId));
    const waiting = groups.filter((group) => {
      const each = now.get(group.groupId);
      return each === undefined || !isConverged(group, groupOfToday(each, catalog));
    });
    if (waiting.length === 0) return { now, unfinished: [] };
    const waitedMs = host.now() - startedMs;
    const words = waiting.map(
      (group) => `${group.displayName}: ${now.get(group.groupId)?.processingState ?? "not started"}`,
    );
    if (waitedMs >= timeouts.processingMs) return { now, unfinished: words.map((each) => tooLong(each, timeouts)) };
    const text = `waiting for Entra (${seconds(waitedMs)}): ${words.join("; ")}`;
    const stop = await waitOrStop(pauses.next().value, text, readingRow(host, __urn));
    if (stop !== null) return { now, unfinished: [`Stopped while waiting for ${words.join("; ")}: ${stop}`] };
  }
}

function tooLong(group: string, { processingMs }: Timeouts): string {
  return (
    `${group} for more than ${formatDuration(processingMs)}. Nothing was removed. Entra usually needs minutes, ` +
    "and up to a day for 60,000 users: run pulumi up again, raise licensing:timeouts.processing, " +
    `or, after a day, list the members in error (${MEMBERS_IN_ERROR}) and ${REPROCESS}.`
  );
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}
