import type { Cost } from "./quotas";

interface Price {
  /** Segments of the path after the version; `*` stands for an id. A longer path (a type cast) costs the same. */
  readonly path: readonly string[];
  readonly units: number;
}

/**
 * Base costs of reads that cost more than one resource unit; Microsoft's `me/` rows apply to `users/{id}/` too.
 * https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits
 */
const DEARER_READS: readonly Price[] = [
  { path: ["groups", "*", "transitiveMembers"], units: 5 },
  { path: ["groups", "*", "members"], units: 3 },
  { path: ["users", "*", "memberOf"], units: 2 },
  { path: ["subscribedSkus"], units: 3 },
  // Applied to the listing and, to be safe, to a single user: the table gives only the path.
  { path: ["users"], units: 2 },
];

const ANY_OTHER = 1;

/** A page smaller than this costs one unit less. */
const SMALL_PAGE = 20;

/**
 * The quota cost of one request, alone or in a batch; a `$batch` itself costs nothing.
 * https://learn.microsoft.com/graph/throttling#throttling-and-batching
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
