import type { FreshReads } from "../../graph/tenant-graph";
import type { DeclaredGroup } from "../../licensing/declaration";
import { isConverged } from "../../licensing/loss/group-change";
import type { Catalog } from "../../licensing/catalog/catalog";
import { groupOfToday } from "../../licensing/catalog/of-today";
import type { Guid, LicensedGroup } from "../../licensing/model";
import { formatDuration, formatSeconds } from "../../licensing/duration";
import { MEMBERS_IN_ERROR } from "../../licensing/inheritance/reprocessing";
import { REPROCESS } from "../../licensing/decision/remedy";
import type { Timeouts } from "../../licensing/stack-file/stack-file";
import type { Verdict } from "../../licensing/verdict";
import type { Host } from "../engine/host";
import type { GateInputs } from "./gate";
import { polls } from "../writing/polls";
import { readingRow, waitOrStop } from "../writing/waits";

/** The groups after processing. `wait`: a group is not processed yet, with the reasons in `unfinished`. */
export interface Waited {
  readonly verdict: Verdict;
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
    const waiting = groups.filter((group) => verdictOfGroup(group, now.get(group.groupId), catalog) !== "pass");
    if (waiting.length === 0) return { verdict: "pass", now, unfinished: [] };
    const waitedMs = host.now() - startedMs;
    const words = waiting.map(
      (group) => `${group.displayName}: ${now.get(group.groupId)?.processingState ?? "not started"}`,
    );
    if (waitedMs >= timeouts.processingMs) {
      return { verdict: "wait", now, unfinished: words.map((each) => tooLong(each, timeouts)) };
    }
    const text = `waiting for Entra (${formatSeconds(waitedMs)}): ${words.join("; ")}`;
    const stop = await waitOrStop(pauses.next().value, text, readingRow(host, __urn));
    if (stop === null) continue;
    return { verdict: "wait", now, unfinished: [`Stopped while waiting for ${words.join("; ")}: ${stop}`] };
  }
}

/** A group that was not read, or whose processing state is unknown, waits. */
function verdictOfGroup(group: DeclaredGroup, now: LicensedGroup | undefined, catalog: Catalog): Verdict {
  return now !== undefined && isConverged(group, groupOfToday(now, catalog)) ? "pass" : "wait";
}

function tooLong(group: string, { processingMs }: Timeouts): string {
  return (
    `${group} for more than ${formatDuration(processingMs)}. Nothing was removed. Entra usually needs minutes, ` +
    "and up to a day for 60,000 users: run pulumi up again, raise licensing:timeouts.processing, " +
    `or, after a day, list the members in error (${MEMBERS_IN_ERROR}) and ${REPROCESS}.`
  );
}
