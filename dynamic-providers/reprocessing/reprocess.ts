import { describeFailure, isFailure } from "../../graph/client/failure";
import { REQUESTS_PER_BATCH } from "../../graph/client/limits";
import type { FreshReads, LicenseWrites } from "../../graph/tenant-graph";
import { isFromGroup, type Guid } from "../../licensing/model";
import { mayReprocess } from "../../licensing/inheritance/reprocessing";
import { counted, thousands } from "../../licensing/counts";
import { REPROCESSED_WITHIN_MS } from "../writing/limits";
import { PATIENT } from "../writing/patience";
import { polls } from "../writing/polls";
import { failureIn, untilClear } from "../writing/until-clear";
import { waitOrStop, type Row } from "../writing/waits";

/** Number of users in one fresh read. */
const USERS_PER_READ = 200;

/**
 * Asks Entra to process the licences of members in error again, each user once a run, and waits briefly for the result.
 * Nothing depends on it; a missing permission is reported once.
 *
 * @returns the users that Entra has processed again in this run, which must be decided again
 */
export async function reprocess(graph: LicenseWrites, userIds: Iterable<Guid>, row: Row): Promise<ReadonlySet<Guid>> {
  const { receipts } = row.host;
  const all = [...new Set(userIds)].sort();
  const asked: Guid[] = [];
  // check: no user is reprocessed twice in a run
  const open = all.filter((userId) => !receipts.wasReprocessed(userId));
  for (let at = 0; at < open.length && receipts.mayReprocess; at += USERS_PER_READ) {
    const fit = await inTheirGroups(graph, open.slice(at, at + USERS_PER_READ));
    const { done, isStopped } = await ask(graph, fit, row);
    asked.push(...done);
    await row.host.status(
      row.urn,
      `Entra tries again for ${thousands(asked.length)} of ${counted(open.length, "member")} in error`,
    );
    if (isStopped) break;
  }
  await untilTried(graph, asked, row);
  return new Set(all.filter((userId) => receipts.wasReprocessed(userId)));
}

/** By fresh reads, because Entra would end licences from groups that a user has left. */
async function inTheirGroups(graph: FreshReads, userIds: readonly Guid[]): Promise<readonly Guid[]> {
  const { users, memberships } = await graph.freshUsers(userIds, []);
  return userIds.filter((userId) => {
    const user = users.get(userId);
    const memberOf = memberships.get(userId);
    if (user === undefined || memberOf === undefined || isFailure(user) || isFailure(memberOf)) return false;
    return mayReprocess(user, memberOf);
  });
}

async function ask(
  graph: LicenseWrites,
  userIds: readonly Guid[],
  row: Row,
): Promise<{ readonly done: readonly Guid[]; readonly isStopped: boolean }> {
  const { receipts } = row.host;
  const done: Guid[] = [];
  for (let at = 0; at < userIds.length; at += REQUESTS_PER_BATCH) {
    const batch = userIds.slice(at, at + REQUESTS_PER_BATCH);
    const { outcomes, stop } = await untilClear(batch, (ids) => graph.reprocess(ids), row, PATIENT);
    const failures = batch.map((userId) => failureIn(outcomes.get(userId)));
    done.push(...batch.filter((_userId, index) => failures[index] === null));
    // Refused users too: once a run is enough.
    receipts.haveReprocessed(batch.filter((userId) => outcomes.has(userId)));
    if (stop !== null) return { done, isStopped: true };
    const [first] = failures;
    if (first?.kind === "forbidden" && failures.every((failure) => failure?.kind === "forbidden")) {
      receipts.mayReprocess = false;
      await row.host.say(
        row.urn,
        `Members in error are not reprocessed: ${describeFailure(first)} Nothing else depends on it.`,
      );
      break;
    }
  }
  return { done, isStopped: false };
}

/** Waits until none of the users has a licence error, or at most `REPROCESSED_WITHIN_MS`. */
async function untilTried(graph: FreshReads, userIds: readonly Guid[], row: Row): Promise<void> {
  const startedMs = row.host.now();
  let open = userIds;
  for (const ms of polls()) {
    const users = await graph.users(open);
    open = open.filter((userId) => {
      const user = users.get(userId);
      return (
        user !== undefined &&
        !isFailure(user) &&
        user.assignments.some((entry) => isFromGroup(entry) && (entry.state === "Error" || entry.error !== null))
      );
    });
    if (open.length === 0 || row.host.now() - startedMs + ms > REPROCESSED_WITHIN_MS) return;
    const stop = await waitOrStop(ms, `Entra tries again for ${counted(open.length, "member")} in error`, row);
    if (stop !== null) return;
  }
}
