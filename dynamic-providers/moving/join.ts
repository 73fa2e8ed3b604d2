import { describeFailure, isFailure, quoteGraph, GraphError, type GraphFailure } from "../../graph/client/failure";
import { REFERENCES_PER_WRITE, REQUESTS_PER_BATCH } from "../../graph/client/limits";
import { freeSeats } from "../../licensing/catalog/subscription";
import { counted, thousands } from "../../licensing/counts";
import { licensesDigest } from "../../licensing/decision/refused-removals";
import type { Guid, LicensedUser } from "../../licensing/model";
import { usersWithoutSeat } from "../../licensing/plan/move-seats";
import type { JoinOutcome } from "../../graph/tenant-graph";
import { afterFailure } from "../removal/after-failure";
import { PATIENT } from "../writing/patience";
import { isDoubtful, RefusalStreak } from "../writing/refusal-streak";
import { failureIn, untilClear, type Cleared } from "../writing/until-clear";
import type { MoveAccount } from "./account";
import type { MoveContext } from "./move-context";

/** One batch; a stop is noticed between batches. */
const USERS_PER_UNIT = REQUESTS_PER_BATCH * REFERENCES_PER_WRITE;

/**
 * Adds users to the group that they join, as many as its licences have free seats. The others are blocked: Entra would
 * decide which members get no licence.
 *
 * @param waiting users that are members already and have no seat yet: their seats are taken
 * @returns why to stop; `null` to go on
 * @throws {GraphError} if users or SKUs cannot be read
 */
export async function joinAll(
  userIds: readonly Guid[],
  waiting: readonly Guid[],
  context: MoveContext,
  account: MoveAccount,
): Promise<string | null> {
  if (userIds.length === 0) return null;
  const { host, urn, graph, join } = context;
  const { fitting, users } = await withSeats(userIds, waiting, context, account);
  const refusals = new RefusalStreak();
  for (let at = 0; at < fitting.length; at += USERS_PER_UNIT) {
    const stop = await host.stopReason(urn);
    if (stop !== null) return stop;
    const unit = fitting.slice(at, at + USERS_PER_UNIT);
    const cleared = await untilClear(unit, (ids) => graph.addMembers(join.groupId, ids), context, PATIENT);
    const halt = keepAccount(cleared.outcomes, users, refusals, account) ?? cleared.stop;
    if (halt !== null) return halt;
    const done = thousands(at + unit.length);
    await host.status(urn, `${done} of ${counted(fitting.length, "user")} added to ${join.displayName}`);
  }
  return null;
}

/** @returns why the move halts: a refusal that concerns more than single users; `null` to go on */
function keepAccount(
  outcomes: Cleared<JoinOutcome>["outcomes"],
  users: ReadonlyMap<Guid, LicensedUser>,
  refusals: RefusalStreak,
  account: MoveAccount,
): string | null {
  refusals.newBatch();
  let halt: string | null = null;
  let forbidden: GraphFailure | null = null;
  for (const [userId, outcome] of outcomes) {
    const failure = failureIn(outcome);
    if (failure === null) {
      account.added.add(userId);
      refusals.success();
    } else if (failure.kind === "notFound" && failure.id === userId) account.gone.add(userId);
    else if (failure.kind !== "stopped") {
      account.blocked.set(userId, { kind: "refused", detail: quoteGraph(failure) });
      if (failure.kind === "forbidden") forbidden = failure;
      const user = users.get(userId);
      // check: a user that Graph refused to add is on record, and not tried again while the licences are the same
      if (user !== undefined && isFinal(failure)) account.refused.set(userId, licensesDigest(user));
      const ofAll = isDoubtful(failure) ? refusals.failed(userId, failure) : null;
      // check: a refusal that all users share keeps no user out of the new group
      if (ofAll !== null) account.takeBack(refusals.users);
      halt ??= ofAll;
    }
  }
  if (forbidden === null || refusals.unclear.size === 0) return halt;
  // Without a success the app may lack the permission.
  account.takeBack(refusals.unclear);
  return halt ?? describeFailure(forbidden);
}

function isFinal(failure: GraphFailure): boolean {
  const next = afterFailure(failure, true);
  return next.kind === "blocked" && next.isFinal;
}

async function withSeats(
  userIds: readonly Guid[],
  waiting: readonly Guid[],
  { graph, join }: MoveContext,
  account: MoveAccount,
): Promise<{ readonly fitting: readonly Guid[]; readonly users: ReadonlyMap<Guid, LicensedUser> }> {
  const now = await graph.group(join.groupId);
  const skus = await graph.subscribedSkus();
  const skuIds = (now?.licenses ?? []).map(({ skuId }) => skuId);
  const users = new Map<Guid, LicensedUser>();
  for (const [userId, read] of await graph.users([...userIds, ...waiting])) {
    if (!isFailure(read)) users.set(userId, read);
    else if (read.kind === "notFound") account.gone.add(userId);
    else if (userIds.includes(userId)) throw new GraphError(read);
  }
  const needs = (userId: Guid, skuId: Guid) =>
    users.get(userId)?.assignedLicenses.every((held) => held.skuId !== skuId) === true;
  const free = new Map(
    skuIds.map((skuId) => {
      const sku = skus.find(({ id }) => id === skuId);
      return [skuId, freeSeats(sku, "enabled") - waiting.filter((userId) => needs(userId, skuId)).length];
    }),
  );
  const there = userIds.filter((userId) => users.has(userId));
  const short = usersWithoutSeat(there, free, needs);
  for (const [userId, skuId] of short) account.blocked.set(userId, { kind: "no-seat", skuId });
  // check: a move adds no more users than there are free seats
  const fitting = there.filter((userId) => !short.has(userId));
  return { fitting, users };
}
