import { describeFailure, GraphError, isFailure, type GraphFailure } from "../../graph/failure";
import type { TenantGraph } from "../../graph/tenant-graph";
import type { Guid, License, LicensedUser } from "../../licensing/model";
import type { Restore } from "../../licensing/restore";
import { counted, tally, thousands, type Tally } from "../../licensing/tally";
import type { Host } from "../host/host";
import { whyNotPutBack } from "./not-put-back";

export interface RestoreContext {
  readonly graph: TenantGraph;
  readonly host: Host;
}

/** What a rollback did. */
export interface RestoreResult {
  readonly restored: readonly Restore[];
  /** Users who could not get their licence back, by why: no seat, a conflict. Others went on. */
  readonly refused: Tally;
  readonly notRestored: readonly Restore[];
  /** Why it ended early; `null` when it did not. */
  readonly halt: string | null;
}

/** As many as one batch of writes holds. */
const USERS_PER_UNIT = 20;

/**
 * Puts direct licences back, unit by unit: reads the users again, leaves what is there, assigns the rest with exactly
 * the disabled plans it had. Adding takes nothing from anybody, so it needs no proof; it takes seats where the user
 * inherits nothing, as far as there are some.
 */
export async function restoreAll(
  restores: readonly Restore[],
  { graph, host }: RestoreContext,
  urn: string,
): Promise<RestoreResult> {
  const byUser = new Map<Guid, License[]>();
  for (const { userId, license } of restores) byUser.set(userId, [...(byUser.get(userId) ?? []), license]);
  const userIds = [...byUser.keys()];
  const restored: Restore[] = [];
  const notRestored: Restore[] = [];
  const reasons: string[] = [];
  const soFar = (halt: string | null): RestoreResult => ({ restored, notRestored, refused: tally(reasons), halt });
  for (let at = 0; at < userIds.length; at += USERS_PER_UNIT) {
    const stop = await host.stopReason(urn);
    if (stop !== null) return soFar(stop);
    const unit = userIds.slice(at, at + USERS_PER_UNIT);
    const users = await usersOrFailure(unit, graph);
    if (!(users instanceof Map)) return soFar(describeFailure(users));
    const unanswered: GraphFailure[] = [];
    const work = unit.flatMap((userId) => {
      const user = users.get(userId);
      if (user === undefined) return [];
      if (isFailure(user)) {
        if (user.kind !== "notFound") unanswered.push(user);
        return [];
      }
      const missing = (byUser.get(userId) ?? []).filter(
        ({ skuId }) => !user.assignments.some((entry) => entry.skuId === skuId && entry.assignedByGroup === null),
      );
      return missing.length === 0 ? [] : [{ userId, licenses: missing }];
    });
    const outcomes = await graph.assignDirect(work);
    for (const { userId, licenses } of work) {
      const outcome = outcomes.get(userId);
      const pairs = licenses.map((license) => ({ userId, license }));
      if (outcome?.kind === "done") restored.push(...pairs);
      else if (outcome !== undefined && isFinal(outcome.failure)) {
        notRestored.push(...pairs);
        reasons.push(whyNotPutBack(outcome.failure));
      } else unanswered.push(outcome?.failure ?? { kind: "lost", detail: "no outcome" });
    }
    // An outage or a missing permission says nothing about these users: the run ends unfinished, and the next goes on.
    const stopped = unanswered.find(({ kind }) => kind === "stopped");
    if (stopped !== undefined) return soFar(describeFailure(stopped));
    if (unanswered[0] !== undefined) {
      return soFar(`${counted(unanswered.length, "user")} without an answer: ${describeFailure(unanswered[0])}`);
    }
    await host.status(
      urn,
      `put back ${thousands(Math.min(at + USERS_PER_UNIT, userIds.length))} of ${counted(userIds.length, "user")}`,
    );
  }
  return soFar(null);
}

/** Entra itself said no to this user: no seat, a conflict of plans, somebody who was deleted. */
function isFinal({ kind }: GraphFailure): boolean {
  return kind === "licenseRule" || kind === "notFound";
}

async function usersOrFailure(
  userIds: readonly Guid[],
  graph: TenantGraph,
): Promise<Map<Guid, LicensedUser | GraphFailure> | GraphFailure> {
  try {
    return await graph.users(userIds);
  } catch (error) {
    if (error instanceof GraphError) return error.failure;
    throw error;
  }
}
