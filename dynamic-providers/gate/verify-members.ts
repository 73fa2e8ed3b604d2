import { GraphError, isFailure } from "../../graph/client/failure";
import type { TenantGraph } from "../../graph/tenant-graph";
import type { Catalog } from "../../licensing/catalog/catalog";
import type { DeclaredGroup } from "../../licensing/declaration";
import { grouped } from "../../licensing/grouped";
import { inheritanceProblems, type InheritanceProblem } from "../../licensing/inheritance/inheritance";
import type { Guid, LicensedUser } from "../../licensing/model";
import { counted, thousands } from "../../licensing/counts";
import type { Host } from "../engine/host";
import type { GateInputs } from "./gate";
import { polls } from "../writing/polls";
import { waitOrStop } from "../writing/waits";

/** What a look at every member found. */
export interface Found {
  /** First-level users, by group. */
  readonly members: ReadonlyMap<Guid, number>;
  readonly problems: readonly InheritanceProblem[];
}

/**
 * Looks at every first-level member of every group. Lists lag behind writes, so those whom this run has just added and a list does not show
 * yet are read one by one: a list without them says nothing about them.
 */
export async function verifyMembers(
  graph: TenantGraph,
  { groups, __urn }: GateInputs,
  catalog: Catalog,
  host: Host,
): Promise<Found> {
  const members = new Map<Guid, number>();
  const problems: InheritanceProblem[] = [];
  for (const group of groups) {
    let seen = 0;
    // The plan names them, and a removal reads each user anew.
    const unreadable = new Map<Guid, string>();
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

/** Users who were deleted meanwhile are no members. */
async function presentUsers(graph: TenantGraph, ids: ReadonlySet<Guid>): Promise<readonly LicensedUser[]> {
  return [...(await graph.users(ids)).values()].flatMap((user) => {
    if (!isFailure(user)) return [user];
    if (user.kind === "notFound") return [];
    throw new GraphError(user);
  });
}

/**
 * Looks again, one by one, at members whose licence is still on its way: a group that is processed says nothing about
 * one user, and lists lag behind. Ends when nobody is left, or after a time; who is left then is blocked, not lost.
 */
export async function waitForMembers(
  graph: TenantGraph,
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
    const stop = await waitOrStop(pauses.next().value, text, { host, urn: __urn });
    if (stop !== null) break;
    open = await lookAgain(graph, groups, open, catalog);
  }
  return { ...found, problems: open };
}

function isOnItsWay({ kind }: InheritanceProblem): boolean {
  return kind === "missing" || kind === "plans-differ";
}

/** @param waiting those who are looked at */
export async function lookAgain(
  graph: TenantGraph,
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
      // Somebody who was deleted has no problem left; any other failure leaves what is known.
      return user?.kind === "notFound" ? [] : known;
    });
  });
  return [...settled, ...again];
}
