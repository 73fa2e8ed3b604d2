import type { Cost } from "./quotas";

interface Price {
  /** Segments of the path, after the version; `*` stands for an id. A longer path (a type cast) costs the same. */
  readonly path: readonly string[];
  readonly units: number;
}

/**
 * Base costs of reads that cost more than one resource unit. A path under `me/` stands in Microsoft's table for `users/{id}/` too.
 * https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits
 */
const DEARER_READS: readonly Price[] = [
  { path: ["groups", "*", "transitiveMembers"], units: 5 },
  { path: ["groups", "*", "members"], units: 3 },
  { path: ["users", "*", "memberOf"], units: 2 },
  { path: ["subscribedSkus"], units: 3 },
  // Of the listing and, to be careful, of one user: the table names the path alone.
  { path: ["users"], units: 2 },
];

const ANY_OTHER = 1;

/** A page below this size costs a unit less. */
const SMALL_PAGE = 20;

/**
 * What one request takes of the quotas, inside a batch or outside of it; a `$batch` itself takes nothing: each request in it is counted
 * by itself. https://learn.microsoft.com/graph/throttling#throttling-and-batching
 *
 * @param url relative to the version, or a next link
 */
export function costOf(method: string, url: string): Cost {
  const { pathname, searchParams } = new URL(url, "https://graph");
  const path = pathname.split("/").filter((part) => part !== "");
  if (/^(v1\.0|beta)$/.test(path[0] ?? "")) path.shift();
  const audits = path[0] === "auditLogs" ? 1 : 0;
  if (method !== "GET") return { writes: 1, units: 1, audits };
  const base = DEARER_READS.find((price) => isUnder(path, price.path))?.units ?? ANY_OTHER;
  const top = searchParams.get("$top");
  const discount = (searchParams.has("$select") ? 1 : 0) + (top !== null && Number(top) < SMALL_PAGE ? 1 : 0);
  return { writes: 0, units: Math.max(1, base - discount), audits };
}

function isUnder(path: readonly string[], start: readonly string[]): boolean {
  return start.every((part, at) => (part === "*" ? path[at] !== undefined : path[at] === part));
}
