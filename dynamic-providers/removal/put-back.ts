import { failureOf, isFailure } from "../../graph/client/failure";
import type { LicenseWrites } from "../../graph/tenant-graph";
import type { DirectWork } from "../../graph/writes/license-writes";
import { bridgeOfRun } from "../../licensing/decision/own-bridge";
import { removedLicenses, type RemovedLicenses } from "../../licensing/decision/after-removal";
import type { Guid } from "../../licensing/model";
import { BY_ID, byName, usersShown, type People } from "../../licensing/people";
import { counted } from "../../licensing/counts";
import type { Persistence } from "../writing/patience";
import { untilClear } from "../writing/until-clear";
import { assignAndSee, type AssignOutcome } from "./assign-and-see";
import type { UnitLedger } from "./ledger";
import { whyNotPutBack } from "./not-put-back";
import type { UnitContext } from "./unit-context";

/**
 * Assigns the removed direct licences again, with exactly their disabled plans.
 *
 * @param troubles the reason as text, by user
 * @returns one line for each reason, with its users
 */
export async function putBack(
  troubles: ReadonlyMap<Guid, string>,
  written: ReadonlyMap<Guid, RemovedLicenses>,
  ledger: UnitLedger,
  context: UnitContext,
): Promise<readonly string[]> {
  const work = [...troubles.keys()].flatMap((userId) => {
    const removed = written.get(userId);
    return removed === undefined ? [] : [{ userId, licenses: removedLicenses(removed, context.catalog), removed }];
  });
  const licenses = new Map(work.map((each) => [each.userId, each]));
  const assign = (userIds: readonly Guid[]) =>
    assignBack(
      context.toTheEnd,
      userIds.flatMap((userId) => licenses.get(userId) ?? []),
    );
  // The user lacks a service, so no stop ends this. Assigning an existing licence does no harm.
  // check: no stop ends putting back
  // check: putting back is tried again
  const toTheEnd: Persistence = { canStop: false, patienceMs: context.putBackMs };
  const { outcomes } = await untilClear([...licenses.keys()], assign, context, toTheEnd);
  const lines = new Map<string, Guid[]>();
  for (const { userId } of work) {
    const outcome = outcomes.get(userId);
    // check: what could not be put back is owed
    if (outcome?.kind === "done") ledger.restored(userId);
    else if (outcome?.kind === "partly") ledger.owed(userId, whyNot(outcome), outcome.refused);
    // A user that was deleted meanwhile is owed nothing.
    else if (outcome?.failure.kind !== "notFound") ledger.owed(userId, whyNot(outcome));
    const line = `${troubles.get(userId) ?? ""} after the removal${endOf(outcome, context)}`;
    lines.set(line, [...(lines.get(line) ?? []), userId]);
  }
  // Names as the proofs have read them.
  const people = context.showNames ? byName(new Map([...written].map(([id, { before }]) => [id, before]))) : BY_ID;
  return [...lines].map(([line, userIds]) => `${whom(userIds, people)}: ${line}`);
}

interface Back extends DirectWork {
  readonly removed: RemovedLicenses;
}

/**
 * A swap is put back by one write, too, which takes back what it added: the two exclude each other. Each attempt reads
 * the user first, because an earlier one may have taken effect, and Graph refuses to remove what is not there.
 */
async function assignBack(graph: LicenseWrites, work: readonly Back[]): Promise<ReadonlyMap<Guid, AssignOutcome>> {
  const swapped = work.filter(({ removed }) => (removed.added ?? []).length > 0);
  if (swapped.length === 0) return assignAndSee(graph, work);
  const users = await graph.users(swapped.map(({ userId }) => userId)).catch(failureOf);
  const unread = new Map<Guid, AssignOutcome>();
  const known = work.flatMap((each): DirectWork[] => {
    if (!swapped.includes(each)) return [each];
    const user = "kind" in users ? users : (users.get(each.userId) ?? NOT_READ);
    if (isFailure(user)) {
      unread.set(each.userId, { kind: "failed", failure: user });
      return [];
    }
    const takeBack = bridgeOfRun(each.removed, user);
    return [{ userId: each.userId, licenses: each.licenses, ...(takeBack && { takeBack }) }];
  });
  return new Map([...unread, ...(await assignAndSee(graph, known))]);
}

const NOT_READ = { kind: "unseen", detail: "No answer came to the read of this user" } as const;

function endOf(outcome: AssignOutcome | undefined, { catalog }: UnitContext): string {
  if (outcome?.kind === "done") return "; the direct licence was put back";
  const which =
    outcome?.kind === "partly" ? ` ${[...outcome.refused].map((id) => catalog.skuName(id)).join(" and ")}` : "";
  return `, and the direct licence${which} COULD NOT be put back: ${whyNot(outcome).replace(/\.$/, "")}`;
}

function whyNot(outcome: Exclude<AssignOutcome, { readonly kind: "done" }> | undefined): string {
  return outcome === undefined ? "no outcome" : whyNotPutBack(outcome.failure);
}

/** The first users; those that are owed a licence are all in the plan. */
function whom(userIds: readonly Guid[], people: People): string {
  return userIds.length === 1
    ? `user ${userIds.map(people).join("")}`
    : `${counted(userIds.length, "user")} (${usersShown(userIds, people)})`;
}
