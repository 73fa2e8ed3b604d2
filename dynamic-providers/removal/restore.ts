import type { DirectWork } from "../../graph/writes/license-writes";
import { Catalog } from "../../licensing/catalog/catalog";
import { bridgeOnRecord, type PlansBeforeSwap } from "../../licensing/decision/own-bridge";
import { NO_BRIDGES, NO_PLANS, type Bridges } from "../../licensing/record/bridges-on-record";
import { failureOf, isFailure } from "../../graph/client/failure";
import { REQUESTS_PER_BATCH } from "../../graph/client/limits";
import type { LicenseWrites } from "../../graph/tenant-graph";
import { isDirect, type Guid, type License } from "../../licensing/model";
import type { Restore } from "../../licensing/plan/restore";
import { counted, thousands } from "../../licensing/counts";
import { ONCE_MORE, type Persistence } from "../writing/patience";
import { untilClear } from "../writing/until-clear";
import type { Row } from "../writing/waits";
import { assignAndSee } from "./assign-and-see";
import { RestoreAccount, type RestoreOutcome, type RestoreResult } from "./restore-account";

/** What swaps have added, and what judges whether it may go in the write that puts the old licence back. */
export interface SwapsToTakeBack {
  readonly bridges: Bridges;
  readonly plansBefore: PlansBeforeSwap;
}

const NO_SWAPS: SwapsToTakeBack = { bridges: NO_BRIDGES, plansBefore: NO_PLANS };

/**
 * Puts direct licences back, unit by unit: reads the users, leaves existing licences, assigns the rest with their
 * disabled plans. Adding needs no proof, but may need seats. Users without a clear answer are tried again at the end.
 *
 * @param putBackMs how long one attempt is retried while Graph or the sign-in is unavailable
 */
export async function restoreAll(
  restores: readonly Restore[],
  graph: LicenseWrites,
  row: Row,
  putBackMs: number,
  swaps: SwapsToTakeBack = NO_SWAPS,
): Promise<RestoreResult> {
  // check: a debt is paid, and a rollback done, as patiently as the stack file says
  const patient: Persistence = { canStop: true, patienceMs: putBackMs };
  const wanted = new Map<Guid, License[]>();
  for (const { userId, license } of restores) wanted.set(userId, [...(wanted.get(userId) ?? []), license]);
  const missing = new Map<Guid, readonly License[]>();
  const account = new RestoreAccount(wanted, missing);
  const send = (userIds: readonly Guid[]) => putBackMissing(userIds, wanted, missing, graph, swaps);
  const userIds = [...wanted.keys()];
  for (let at = 0; at < userIds.length; at += REQUESTS_PER_BATCH) {
    const asked = await row.host.stopReason(row.urn);
    if (asked !== null) return account.result(asked);
    const { outcomes, stop } = await untilClear(userIds.slice(at, at + REQUESTS_PER_BATCH), send, row, patient);
    const halt = account.note(outcomes);
    if (stop !== null || halt !== null) return account.result(stop ?? halt);
    const done = Math.min(at + REQUESTS_PER_BATCH, userIds.length);
    await row.host.status(row.urn, `put back ${thousands(done)} of ${counted(userIds.length, "user")}`);
  }
  // An outage may begin in the middle of a unit, which did not wait for its end; no other user waits now.
  // check: an outage that begins in the middle of a unit is waited for, too
  const persistence = account.waitsForGraph() ? patient : ONCE_MORE;
  const { outcomes, stop } = await untilClear(account.open(), send, row, persistence);
  const halt = account.note(outcomes);
  return account.result(stop ?? halt ?? account.unanswered());
}

/**
 * Reads first, because an attempt with a lost answer may have taken effect.
 *
 * @param missing licences that each user lacked at the first read, kept between attempts
 */
async function putBackMissing(
  userIds: readonly Guid[],
  wanted: ReadonlyMap<Guid, readonly License[]>,
  missing: Map<Guid, readonly License[]>,
  graph: LicenseWrites,
  { bridges, plansBefore }: SwapsToTakeBack,
): Promise<ReadonlyMap<Guid, RestoreOutcome>> {
  const isSwapped = userIds.some((userId) => bridges.has(userId));
  const skus = isSwapped ? await graph.subscribedSkus().catch(failureOf) : [];
  const users = "kind" in skus ? skus : await graph.users(userIds).catch(failureOf);
  if ("kind" in users) return new Map(userIds.map((userId) => [userId, { kind: "failed", failure: users }]));
  const catalog = new Catalog("kind" in skus ? [] : skus);
  const outcomes = new Map<Guid, RestoreOutcome>();
  const work: DirectWork[] = [];
  for (const [userId, user] of users) {
    if (isFailure(user)) {
      outcomes.set(userId, user.kind === "notFound" ? { kind: "there" } : { kind: "failed", failure: user });
      continue;
    }
    const licenses = (wanted.get(userId) ?? []).filter(
      ({ skuId }) => !user.assignments.some((entry) => entry.skuId === skuId && isDirect(entry)),
    );
    if (!missing.has(userId)) missing.set(userId, licenses);
    const back = { licenses, plansBefore, catalog };
    const takeBack = bridgeOnRecord(bridges.get(userId) ?? new Set(), user, back);
    if (licenses.length > 0) work.push({ userId, licenses, ...(takeBack && { takeBack }) });
    else outcomes.set(userId, { kind: "there" });
  }
  return new Map([...outcomes, ...(await assignAndSee(graph, work))]);
}
