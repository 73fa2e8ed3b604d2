import { GraphError, isFailure } from "../../graph/client/failure";
import type { TenantReads } from "../../graph/tenant-graph";
import type { Catalog } from "../../licensing/catalog/catalog";
import type { DeclaredGroup } from "../../licensing/declaration";
import { grouped } from "../../licensing/grouped";
import { inheritanceProblems, type InheritanceProblem } from "../../licensing/inheritance/inheritance";
import type { Guid, LicensedUser } from "../../licensing/model";
import { counted, thousands } from "../../licensing/counts";
import type { Host } from "../engine/host";
import type { GateInputs } from "./gate";
import { polls } from "../writing/polls";
import { readingRow, waitOrStop } from "../writing/waits";

/** The result of checking every member. */
export interface Found {
  /** Number of first-level users, by group. */
  readonly members: ReadonlyMap<Guid, number>;
  readonly problems: readonly InheritanceProblem[];
}

/**
 * Checks every first-level member of every group. Listings lag behind writes, so users that this run added and the
 * listing lacks are read one by one.
 *
 * @throws {GraphError} if a listing or a user cannot be read
 */
export async function verifyMembers(
  graph: TenantReads,
  { groups, __urn }: GateInputs,
  catalog: Catalog,
  host: Host,
): Promise<Found> {
  const members = new Map<Guid, number>();
  const problems: InheritanceProblem[] = [];
  for (const group of groups) {
    let seen = 0;
    // Unreadable users are listed by the plan, and a removal reads each user again.
    const unreadable = new Map<Guid, string>();
    // check: the gate looks at new members that no list shows yet
    const unlisted = new Set(host.receipts.joinedTo(group.groupId));
    const look = async (users: readonly LicensedUser[]) => {
      seen += users.length;
      problems.push(...users.flatMap((user) => inheritanceProblems(user, group, catalog)));
      for (const { id } of users) unlisted.delete(id);
      await host.status(__urn, `verified ${thousands(seen)} members of ${group.displayName}`);
    };
    for await (const page of graph.memberPages(group.groupId, unreadable)) await look(page);
    if (unlisted.size > 0) {
      const words = counted(unlisted.size, "new member is", "new members are");
      await host.status(__urn, `${group.displayName}: ${words} not in Entra's list yet, and read one by one`);
      await look(await presentUsers(graph, unlisted));
    }
    members.set(group.groupId, seen);
  }
  return { members, problems };
}

/** Users that were deleted meanwhile are left out. */
async function presentUsers(graph: TenantReads, ids: ReadonlySet<Guid>): Promise<readonly LicensedUser[]> {
  return [...(await graph.users(ids)).values()].flatMap((user) => {
    if (!isFailure(user)) return [user];
    if (user.kind === "notFound") return [];
    throw new GraphError(user);
  });
}

/**
 * Checks members without the licence again, one by one, because a processed group proves nothing about one user, and
 * listings lag. Ends when all have it or `inheritanceMs` is over; the remaining members are blocked.
 */
export async function waitForMembers(
  graph: TenantReads,
  { groups, timeouts, __urn }: GateInputs,
  found: Found,
  catalog: Catalog,
  host: Host,
): Promise<Found> {
  const startedMs = host.now();
  const pauses = polls();
  let open = found.problems;
  while (open.some(isOnItsWay) && host.now() - startedMs < timeouts.inheritanceMs) {
    const text = `${counted(open.filter(isOnItsWay).length, "member")} still without the licence`;
    const stop = await waitOrStop(pauses.next().value, text, readingRow(host, __urn));
    if (stop !== null) break;
    open = await lookAgain(graph, groups, open, catalog);
  }
  return { ...found, problems: open };
}

function isOnItsWay({ kind }: InheritanceProblem): boolean {
  return kind === "missing" || kind === "plans-differ";
}

/** @param waiting the users to check again */
export async function lookAgain(
  graph: TenantReads,
  groups: readonly DeclaredGroup[],
  problems: readonly InheritanceProblem[],
  catalog: Catalog,
  waiting: ReadonlySet<Guid> = new Set(problems.filter(isOnItsWay).map(({ userId }) => userId)),
): Promise<readonly InheritanceProblem[]> {
  const users = await graph.users(waiting);
  const settled = problems.filter(({ userId }) => !waiting.has(userId));
  const again = groups.flatMap((group) => {
    const ofGroup = problems.filter(({ userId, groupId }) => groupId === group.groupId && waiting.has(userId));
    return [...grouped(ofGroup, ({ userId }) => userId)].flatMap(([userId, known]) => {
      const user = users.get(userId);
      if (user !== undefined && !isFailure(user)) return inheritanceProblems(user, group, catalog);
      // A deleted user has no problem left; after any other failure the known problem stays.
      return user?.kind === "notFound" ? [] : known;
    });
  });
  return [...settled, ...again];
}
