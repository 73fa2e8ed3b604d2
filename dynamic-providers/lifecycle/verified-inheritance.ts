import { GraphError, isFailure } from "../../graph/failure";
import type { GraphConnection, TenantGraph } from "../../graph/tenant-graph";
import { Catalog } from "../../licensing/catalog";
import type { DeclaredGroup } from "../../licensing/declaration";
import { isConverged } from "../../licensing/group-change";
import {
  inheritanceDigest,
  inheritanceProblems,
  problemWords,
  type InheritanceProblem,
} from "../../licensing/inheritance";
import type { Guid, LicensedGroup } from "../../licensing/model";
import type { Timeouts } from "../../licensing/stack-file";
import { counted, tally, thousands, type Tally } from "../../licensing/tally";
import { durationWords } from "../../licensing/plan-words";
import type { Host } from "../host/host";
import type { Lifecycle } from "./lifecycle";

export interface GateInputs {
  readonly connection: GraphConnection;
  readonly groups: readonly DeclaredGroup[];
  readonly timeouts: Timeouts;
  /** Stands for what a verification would find now; empty while the groups do not give their licences yet. */
  readonly digest: string;
  readonly __urn: string;
}

export interface GateOutputs {
  /** By logical name. */
  readonly verified: Readonly<Record<string, VerifiedGroup>>;
  /** Stands for what the last verification found. */
  readonly settled: string;
  readonly verifiedAt: string;
}

export interface VerifiedGroup {
  readonly processingState: string | null;
  readonly members: number;
  /** Members who have all that the group gives. */
  readonly verified: number;
  /** Members who do not, by what is wrong. */
  readonly errors: Tally;
  /** What the audit log says about the group's licences, newest last. It lags, and proves nothing by itself. */
  readonly evidence: readonly string[];
}

const FIRST_POLL_MS = 1_000;
const LONGEST_POLL_MS = 30_000;
const EVIDENCE_WINDOW_MS = 7 * 24 * 3_600_000;
const SHOWN_EVIDENCE = 3;

/**
 * The gate: waits until Entra has processed every group, then looks at every member. Members in error do not hold the
 * others up: they are counted, and blocked where it matters. Only a group that is not processed stops the run.
 */
export const verifiedInheritance: Lifecycle<GateInputs, GateOutputs> = {
  idOf: ({ connection }) => `inheritance-${connection.tenant}`,

  refusal: () => null,

  hasChanges: ({ digest }, { settled }) => digest !== settled,

  async converge(inputs, _before, host) {
    const graph = host.connect(inputs.connection);
    const catalog = new Catalog(await graph.subscribedSkus());
    const waited = await waitForProcessing(graph, inputs, host);
    const found = await waitForMembers(graph, inputs, catalog, host);
    const groups = await Promise.all(
      inputs.groups.map(
        async (group) => [group.name, await describe(graph, group, waited, found, catalog, host)] as const,
      ),
    );
    const outputs: GateOutputs = {
      verified: Object.fromEntries(groups),
      settled: inheritanceDigest(inputs.groups, found.problems),
      verifiedAt: new Date(host.now()).toISOString(),
    };
    return { outputs, unfinished: waited.unfinished };
  },

  release: () => Promise.resolve(),
};

interface Waited {
  readonly now: ReadonlyMap<Guid, LicensedGroup>;
  readonly unfinished: readonly string[];
}

async function waitForProcessing(
  graph: TenantGraph,
  { groups, timeouts, __urn }: GateInputs,
  host: Host,
): Promise<Waited> {
  const startedMs = host.now();
  let pollMs = FIRST_POLL_MS;
  for (;;) {
    const now = await readGroups(graph, groups);
    const waiting = groups.filter((group) => {
      const each = now.get(group.groupId);
      return each === undefined || !isConverged(group, each);
    });
    if (waiting.length === 0) return { now, unfinished: [] };
    const waitedMs = host.now() - startedMs;
    const words = waiting.map(
      (group) => `${group.displayName}: ${now.get(group.groupId)?.processingState ?? "not started"}`,
    );
    if (waitedMs >= timeouts.processingMs) return { now, unfinished: words.map((each) => tooLong(each, timeouts)) };
    const stop = await host.stopReason(__urn);
    if (stop !== null)
      return { now, unfinished: [`Stopped while waiting for the groups (${words.join("; ")}): ${stop}`] };
    await host.status(__urn, `waiting for Entra (${seconds(waitedMs)}): ${words.join("; ")}`);
    await host.sleep(pollMs);
    pollMs = Math.min(pollMs * 2, LONGEST_POLL_MS);
  }
}

function tooLong(group: string, { processingMs }: Timeouts): string {
  return (
    `${group} for more than ${durationWords(processingMs)}. Nothing was removed. Entra usually needs minutes, ` +
    "and up to a day for 60,000 users: run pulumi up again, raise licensing:timeouts.processing, " +
    "or, after a day, reprocess the group in the admin center."
  );
}

interface Found {
  readonly members: ReadonlyMap<Guid, number>;
  readonly problems: readonly InheritanceProblem[];
}

/** Looks at every member, and again at those whose licence is still on its way: a processed group says nothing about one user. */
async function waitForMembers(
  graph: TenantGraph,
  { groups, timeouts, __urn }: GateInputs,
  catalog: Catalog,
  host: Host,
): Promise<Found> {
  const members = new Map<Guid, number>();
  const problems: InheritanceProblem[] = [];
  for (const group of groups) {
    let seen = 0;
    for await (const page of graph.memberPages(group.groupId)) {
      seen += page.length;
      problems.push(...page.flatMap((user) => inheritanceProblems(user, group, catalog)));
      await host.status(__urn, `verified ${thousands(seen)} members of ${group.displayName}`);
    }
    members.set(group.groupId, seen);
  }
  const startedMs = host.now();
  let pollMs = FIRST_POLL_MS;
  let open: readonly InheritanceProblem[] = problems;
  while (open.some(isOnItsWay) && host.now() - startedMs < timeouts.inheritanceMs) {
    if ((await host.stopReason(__urn)) !== null) break;
    await host.status(__urn, `${counted(open.filter(isOnItsWay).length, "member")} still without the licence`);
    await host.sleep(pollMs);
    pollMs = Math.min(pollMs * 2, LONGEST_POLL_MS);
    open = await lookAgain(graph, groups, open, catalog);
  }
  return { members, problems: open };
}

function isOnItsWay({ kind }: InheritanceProblem): boolean {
  return kind === "missing" || kind === "plans-differ";
}

async function lookAgain(
  graph: TenantGraph,
  groups: readonly DeclaredGroup[],
  problems: readonly InheritanceProblem[],
  catalog: Catalog,
): Promise<readonly InheritanceProblem[]> {
  const waiting = new Set(problems.filter(isOnItsWay).map(({ userId }) => userId));
  const users = await graph.users(waiting);
  const settled = problems.filter(({ userId }) => !waiting.has(userId));
  const again = groups.flatMap((group) => {
    const ofGroup = problems.filter(({ userId, groupId }) => groupId === group.groupId && waiting.has(userId));
    return [...new Set(ofGroup.map(({ userId }) => userId))].flatMap((userId) => {
      const user = users.get(userId);
      if (user !== undefined && !isFailure(user)) return inheritanceProblems(user, group, catalog);
      // Somebody who was deleted has no problem left; any other failure leaves what is known.
      return user?.kind === "notFound" ? [] : ofGroup.filter((problem) => problem.userId === userId);
    });
  });
  return [...settled, ...again];
}

async function describe(
  graph: TenantGraph,
  group: DeclaredGroup,
  { now }: Waited,
  { members, problems }: Found,
  catalog: Catalog,
  host: Host,
): Promise<VerifiedGroup> {
  const mine = problems.filter(({ groupId }) => groupId === group.groupId);
  const count = members.get(group.groupId) ?? 0;
  return {
    processingState: now.get(group.groupId)?.processingState ?? null,
    members: count,
    verified: count - new Set(mine.map(({ userId }) => userId)).size,
    errors: tally(mine.map((problem) => problemWords(problem, catalog))),
    evidence: await evidence(graph, group.groupId, host),
  };
}

async function evidence(graph: TenantGraph, groupId: Guid, host: Host): Promise<readonly string[]> {
  try {
    const records = await graph.groupEvidence(groupId, new Date(host.now() - EVIDENCE_WINDOW_MS));
    return records
      .slice(-SHOWN_EVIDENCE)
      .map(({ at, activity, assigned, failed }) =>
        assigned === null ? `${at} ${activity}` : `${at} ${activity}: ${assigned} assigned, ${failed ?? 0} failed`,
      );
  } catch (error) {
    // The audit log may not be readable, and proves nothing: its lack is said, and stops nothing.
    if (error instanceof GraphError) return [`not read: ${error.message}`];
    throw error;
  }
}

async function readGroups(
  graph: TenantGraph,
  declared: readonly DeclaredGroup[],
): Promise<ReadonlyMap<Guid, LicensedGroup>> {
  const groups = await graph.groups(declared.map(({ groupId }) => groupId));
  return new Map(
    [...groups].map(([id, group]) => {
      if (isFailure(group)) throw new GraphError(group);
      return [id, group];
    }),
  );
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}
