import { describeFailure, GraphError, isFailure, type GraphFailure } from "../../graph/failure";
import type { TenantGraph, WriteOutcome } from "../../graph/tenant-graph";
import { lostPlans } from "../../licensing/effective-plans";
import type { Guid, License, LicensedUser } from "../../licensing/model";
import type { UnitLedger, Written } from "./ledger";
import type { UnitContext } from "./unit";

/**
 * Reads back every user that the unit wrote to. A plan that worked before and is missing now, twice in a row over the
 * settling time, puts the direct licences back at once, with exactly the disabled plans they had.
 *
 * @returns why the wave must halt, or `null` when everybody has what they had
 */
export async function readBack(ledger: UnitLedger, context: UnitContext): Promise<string | null> {
  const written = new Map(ledger.written().map((each) => [each.before.id, each]));
  if (written.size === 0) return null;
  const atFirst = await look(written, context);
  if (atFirst.size === 0) return null;
  // Graph may be behind its own write: only what is still missing after a while is missing.
  await context.host.sleep(context.settleMs);
  const missing = await look(new Map([...written].filter(([userId]) => atFirst.has(userId))), context);
  if (missing.size === 0) return null;
  return putBack(missing, written, ledger, context);
}

/** What is wrong with each user, in words; absent are those who have what they had. Unknown counts as wrong. */
async function look(
  written: ReadonlyMap<Guid, Written>,
  { graph, catalog }: UnitContext,
): Promise<ReadonlyMap<Guid, string>> {
  const wrong = new Map<Guid, string>();
  const users = await usersOrUnknown(written.keys(), graph);
  for (const [userId, { before }] of written) {
    const user = users.get(userId);
    if (user === undefined) wrong.set(userId, "could not be read back");
    else if (isFailure(user)) {
      if (user.kind !== "notFound") wrong.set(userId, `could not be read back: ${describeFailure(user)}`);
    } else {
      const lost = lostPlans(before, user, catalog);
      if (lost.length > 0) wrong.set(userId, `misses ${lost.map((id) => catalog.planName(id)).join(", ")}`);
    }
  }
  return wrong;
}

/** A read that fails as a whole leaves every user unknown. */
async function usersOrUnknown(
  userIds: Iterable<Guid>,
  graph: TenantGraph,
): Promise<ReadonlyMap<Guid, LicensedUser | GraphFailure>> {
  const ids = [...userIds];
  try {
    return await graph.users(ids);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return new Map(ids.map((id) => [id, error.failure]));
  }
}

async function putBack(
  missing: ReadonlyMap<Guid, string>,
  written: ReadonlyMap<Guid, Written>,
  ledger: UnitLedger,
  context: UnitContext,
): Promise<string> {
  const work = [...missing.keys()].flatMap((userId) => {
    const each = written.get(userId);
    return each === undefined ? [] : [{ userId, licenses: directLicenses(each.before, each.skuIds) }];
  });
  const outcomes = await assignPersistently(work, context);
  const lines = work.map(({ userId }) => {
    const outcome = outcomes.get(userId);
    const trouble = missing.get(userId) ?? "";
    if (outcome?.kind === "done") {
      ledger.restored(userId);
      return `user ${userId} ${trouble} after the removal; the direct licence was put back`;
    }
    const why = outcome === undefined ? "no outcome" : describeFailure(outcome.failure);
    return `user ${userId} ${trouble} after the removal, and the direct licence COULD NOT be put back: ${why}`;
  });
  return `${lines.join("; ")}. See why the group's licence did not hold, then run pulumi up again.`;
}

/** How often a licence is put back whose write met another one, or whose answer was lost. */
const ATTEMPTS = 10;
const PAUSE_MS = 2_000;
const PASSING: ReadonlySet<GraphFailure["kind"]> = new Set([
  "conflict",
  "lost",
  "throttled",
  "unavailable",
  "unreachable",
]);

/** Somebody is without a service: what may pass is tried again. To assign what is assigned already does no harm. */
async function assignPersistently(
  work: Parameters<TenantGraph["assignDirect"]>[0],
  { graph, host }: UnitContext,
): Promise<ReadonlyMap<Guid, WriteOutcome>> {
  const outcomes = new Map<Guid, WriteOutcome>();
  let open = work;
  for (let attempt = 1; open.length > 0 && attempt <= ATTEMPTS; attempt += 1) {
    if (attempt > 1) await host.sleep(PAUSE_MS);
    for (const [userId, outcome] of await graph.assignDirect(open)) outcomes.set(userId, outcome);
    open = open.filter(({ userId }) => {
      const outcome = outcomes.get(userId);
      return outcome?.kind === "failed" && PASSING.has(outcome.failure.kind);
    });
  }
  return outcomes;
}

function directLicenses(before: LicensedUser, skuIds: ReadonlySet<Guid>): readonly License[] {
  return before.assignments
    .filter((entry) => entry.assignedByGroup === null && skuIds.has(entry.skuId))
    .map(({ skuId, disabledPlans }) => ({ skuId, disabledPlans }));
}
