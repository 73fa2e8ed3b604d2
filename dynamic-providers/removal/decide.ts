import { describeFailure, GraphError, quoteGraph, isFailure, type GraphFailure } from "../../graph/client/failure";
import type { Guid } from "../../licensing/model";
import { prove, type ReplacementProof } from "../../licensing/decision/replacement-proof";
import type { Judgement } from "../../licensing/verdict";
import { PROOF_LASTS_MS } from "../writing/limits";
import type { WaveCoordinator } from "./wave-coordinator";
import { readFreshly } from "./fresh-evidence";
import type { UnitLedger } from "./ledger";
import { peopleNow } from "./people-now";
import { steadiness } from "./steadiness";
import type { UnitContext } from "./unit-context";

/** The decision on a unit's users after a fresh read. */
export type Decided =
  | { readonly verdict: "pass"; readonly proofs: readonly ReplacementProof[]; readonly isGood: () => boolean }
  | (Judgement & { readonly verdict: "wait" })
  /** The wave halts. */
  | (Judgement & { readonly verdict: "fail" });

/**
 * A failed read ends the work, not its account: earlier writes are still read back and counted.
 *
 * @param halt the result of work that ends for this reason
 */
export async function haltingOnFailure<T>(work: () => Promise<T>, halt: (reason: string) => T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GraphError) return halt(error.message);
    throw error;
  }
}

/**
 * Reads the open users, their memberships, the groups and the SKUs together, and proves which licences may go.
 *
 * @throws {GraphError} if the read fails as a whole
 */
export async function decide(
  ledger: UnitLedger,
  {
    graph,
    host,
    declared,
    accepts,
    asksEnds,
    recorded,
    refused,
    bridges,
    nested,
    showNames,
    reads,
    catalog: { accepted },
  }: UnitContext,
  coordinator: WaveCoordinator,
): Promise<Decided> {
  const untilMs = host.now() + PROOF_LASTS_MS;
  const { unsteady } = coordinator;
  const { users, groups, catalog, unreadable } = await readFreshly(ledger.open(), declared, graph, asksEnds, accepted);
  if (unreadable !== null) return { verdict: "fail", reason: unread(unreadable.what, unreadable.failure) };
  const steady = steadiness(declared, groups);
  if (steady.verdict !== "pass") {
    coordinator.sawUnsteadyGroup();
    return { verdict: steady.verdict, reason: steady.reason };
  }
  const proofs: ReplacementProof[] = [];
  const seatsTaken = new Map<Guid, number>();
  for (const [userId, read] of users) {
    if (isFailure(read)) {
      if (read.kind === "notFound") {
        ledger.gone(userId);
        continue;
      }
      const halt = isOfUser(read) ? reads.failed(userId, read) : unread(`user ${await nameOf(userId)}`, read);
      if (halt !== null) return { verdict: "fail", reason: halt };
      // check: a user that can't be read right before the write is not written to
      ledger.unreadable(userId, recorded.get(userId) ?? [], formatUnread(read));
      continue;
    }
    reads.success();
    const { user, memberOf, ending } = read;
    const isNested = (id: Guid) => !memberOf.has(id) && nested.get(id)?.has(userId) === true;
    const nestedIn = new Set(declared.map(({ groupId }) => groupId).filter(isNested));
    const { proof, decisions } = prove(
      { user, memberOf, nestedIn, ending },
      { declared, groups, catalog, accepts, seatsTaken },
      recorded.get(userId) ?? new Set(),
      refused.get(userId),
      bridges.get(userId),
    );
    for (const { skuId } of proof?.add ?? []) seatsTaken.set(skuId, (seatsTaken.get(skuId) ?? 0) + 1);
    ledger.decided(userId, decisions, proof);
    if (proof !== null) proofs.push(proof);
  }
  // check: what one unit sees of a group holds for the others
  // check: a proof gets old
  return { verdict: "pass", proofs, isGood: () => host.now() <= untilMs && coordinator.unsteady === unsteady };

  /** Names are read again, because the failure may concern only the user's memberships. */
  async function nameOf(userId: Guid): Promise<string> {
    return showNames ? (await peopleNow(graph, [userId]))(userId) : userId;
  }
}

/** Graph answers, but not for this user, so the other users are still read. */
function isOfUser({ kind }: GraphFailure): boolean {
  return kind === "forbidden" || kind === "unexpected" || kind === "unavailable" || kind === "throttled";
}

/** A wave of a few users is too small to tell whether the app may read any user, so the permission is named with Graph's words. */
function formatUnread(failure: GraphFailure): string {
  const words = quoteGraph(failure);
  if (failure.kind !== "forbidden") return words;
  const { operation, permissions } = failure;
  return `${words} If that is so for all users, the app may not ${operation}: grant it ${permissions.join(" and ")}.`;
}

function unread(what: string, failure: GraphFailure): string {
  // A stop is not the read's failure, so its own reason is shown.
  if (failure.kind === "stopped") return failure.reason;
  return `${what} could not be read right before the removal: ${describeFailure(failure)}`;
}
