import { isFailure } from "../../graph/client/failure";
import { counted, thousands } from "../../licensing/counts";
import type { Guid, LicensedUser } from "../../licensing/model";
import { reprocess } from "../reprocessing/reprocess";
import { polls } from "../writing/polls";
import { waitOrStop } from "../writing/waits";
import type { MoveContext } from "./move-context";

/**
 * Waits until each user has the licences of the group, or an error for one of them, and the group is processed. Users
 * that are still without one after the time are left to the next run.
 *
 * @param reprocesses whether Entra is asked to try again for users in error
 * @returns why to stop; `null` to go on
 * @throws {GraphError} if users or the group cannot be read
 */
export async function arriveAll(
  userIds: readonly Guid[],
  context: MoveContext,
  reprocesses: boolean,
): Promise<string | null> {
  const { host, graph, join, timeouts } = context;
  const untilMs = host.now() + timeouts.processingMs;
  const pauses = polls();
  let open = userIds;
  const failing: Guid[] = [];
  while (userIds.length > 0) {
    const users = await graph.users(open);
    const seen = open.flatMap((userId) => {
      const user = users.get(userId);
      return user === undefined || isFailure(user) ? [] : [user];
    });
    failing.push(...seen.filter((user) => isInError(user, context)).map(({ id }) => id));
    open = seen.filter((user) => !isThere(user, context)).map(({ id }) => id);
    const group = await graph.group(join.groupId);
    if (open.length === 0 && group?.processingState === "ProcessingComplete") break;
    if (host.now() >= untilMs) break;
    const done = thousands(userIds.length - open.length);
    const text = `${done} of ${counted(userIds.length, "user")} have the licences of ${join.displayName}`;
    const stop = await waitOrStop(pauses.next().value, text, context);
    if (stop !== null) return stop;
  }
  if (reprocesses && failing.length > 0) await reprocess(graph, failing, context);
  return null;
}

/** Each licence of the group is there, or has failed: waiting longer does not help. */
function isThere(user: LicensedUser, { join }: MoveContext): boolean {
  return (
    isInError(user, { join }) ||
    join.licenses.every(({ skuId }) => entriesOf(user, join.groupId, skuId).some(({ state }) => state === "Active"))
  );
}

function isInError(user: LicensedUser, { join }: Pick<MoveContext, "join">): boolean {
  return join.licenses.some(({ skuId }) => entriesOf(user, join.groupId, skuId).some(({ error }) => error !== null));
}

function entriesOf({ assignments }: LicensedUser, groupId: Guid, skuId: Guid) {
  return assignments.filter((entry) => entry.assignedByGroup === groupId && entry.skuId === skuId);
}
