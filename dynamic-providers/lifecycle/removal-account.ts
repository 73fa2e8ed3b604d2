import type { TenantReads } from "../../graph/tenant-graph";
import type { Catalog } from "../../licensing/catalog/catalog";
import { BY_ID } from "../../licensing/people";
import { blockedLines, namesOf, shownInBlockedLines } from "../../licensing/plan/plan-words";
import { counted, total, formatCounts } from "../../licensing/counts";
import type { Host } from "../engine/host";
import type { UnitResult } from "../removal/ledger";
import { peopleNow } from "../removal/people-now";
import type { RemovalInputs } from "./removal-inputs";
import type { RemovalOutputs } from "./removal-outputs";

/** Prints the permanent lines about a run. */
export async function tellRemoval(
  { wave, groups: declared, showNames, __ruled, __urn }: RemovalInputs,
  result: UnitResult,
  { lastRemoved }: RemovalOutputs,
  catalog: Catalog,
  graph: TenantReads,
  host: Host,
): Promise<void> {
  const removed = total(lastRemoved);
  if (removed > 0) {
    await host.say(__urn, `${wave}: removed ${counted(removed, "direct assignment")} (${formatCounts(lastRemoved)})`);
  }
  const ruled = declared.filter(({ name }) => __ruled.includes(name));
  const groups = new Map(ruled.map(({ groupId }) => [groupId, { membershipRule: "" }]));
  const names = namesOf({ declared, catalog, groups });
  const people = showNames ? await peopleNow(graph, shownInBlockedLines(result.blocked, names, catalog)) : BY_ID;
  for (const line of blockedLines(result.blocked, names, catalog, people)) await host.say(__urn, `${wave}: ${line}`);
  if (result.gone.length > 0)
    await host.say(__urn, `${wave}: ${counted(result.gone.length, "user no longer exists", "users no longer exist")}`);
}
