import type { Catalog } from "../catalog/catalog";
import type { AuditDoubt, Drift, DriftTally } from "./drift";
import { usersShown, type People } from "../people";
import { counted, thousands } from "../counts";

/** One line for each SKU that came back, then lines about gaps and doubts of the audit log. Empty without drift. */
export function driftLines(
  { returned, tallies, auditGap }: Drift,
  catalog: Catalog,
  people?: People,
): readonly string[] {
  const lines = [...new Set(returned.map(({ skuId }) => skuId))].map((skuId) => {
    const licenses = returned.filter((each) => each.skuId === skuId);
    const parts = tallies.filter((each) => each.skuId === skuId).map(formatDriftTally);
    const users = licenses.map(({ userId }) => userId);
    return (
      `${thousands(licenses.length)} direct ${catalog.skuName(skuId)} came back on moved users: ` +
      `${parts.join(", ")} (${usersShown(users, people)}). No user lacks a service because of that. An up removes them again, under ` +
      "the same proof, where the wave may run. To end it, stop what assigns them."
    );
  });
  const unknown = returned.filter(({ actor }) => actor === null).length;
  const doubts = doubtLine(returned);
  return [...lines, ...(unknown === 0 ? [] : [formatUnknown(unknown, auditGap)]), ...(doubts === null ? [] : [doubts])];
}

const DOUBTS: Readonly<Record<AuditDoubt, string>> = {
  late: "the audit log lags up to an hour, so a later record may not be there yet",
  cut: "not all records of the audit log were read",
  unnamed: "another record of that time names no actor",
};

/** Explains why some names are followed by `or someone since`; `null`: none is. */
export function doubtLine(returned: Iterable<{ readonly doubt: AuditDoubt | null }>): string | null {
  const doubts = [...new Set([...returned].flatMap(({ doubt }) => (doubt === null ? [] : [DOUBTS[doubt]])))];
  return doubts.length === 0 ? null : `"or someone since": ${doubts.join("; ")}.`;
}

/** `12 by svc-licensing on 2026-11-20`, `2 unknown on 2026-11-21`. */
export function formatDriftTally({ count, actor, day }: DriftTally): string {
  const who = actor === null ? "unknown" : `by ${actor}`;
  return `${thousands(count)} ${who}${day === null ? "" : ` on ${day}`}`;
}

function formatUnknown(count: number, auditGap: string | null): string {
  const unknown = `The actor that assigned ${counted(count, "direct licence")} again is not known.`;
  return auditGap === null
    ? `${unknown} The audit log names no actor at that time: it lags up to an hour, and forgets after 7 or 30 days.`
    : `${unknown} ${auditGap}`;
}
