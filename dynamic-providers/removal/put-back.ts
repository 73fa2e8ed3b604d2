import { removedLicenses, type RemovedLicenses } from "../../licensing/decision/after-removal";
import type { Guid } from "../../licensing/model";
import { BY_ID, byName, type People } from "../../licensing/people";
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
    return removed === undefined ? [] : [{ userId, licenses: removedLicenses(removed, context.catalog) }];
  });
  const licenses = new Map(work.map((each) => [each.userId, each]));
  const assign = (userIds: readonly Guid[]) =>
    assignAndSee(
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

function endOf(outcome: AssignOutcome | undefined, { catalog }: UnitContext): string {
  if (outcome?.kind === "done") return "; the direct licence was put back";
  const which =
    outcome?.kind === "partly" ? ` ${[...outcome.refused].map((id) => catalog.skuName(id)).join(" and ")}` : "";
  return `, and the direct licence${which} COULD NOT be put back: ${whyNot(outcome).replace(/\.$/, "")}`;
}

function whyNot(outcome: Exclude<AssignOutcome, { readonly kind: "done" }> | undefined): string {
  return outcome === undefined ? "no outcome" : whyNotPutBack(outcome.failure);
}

/** Lists all users, at most one unit, because each may need attention. */
function whom(userIds: readonly Guid[], people: People): string {
  return userIds.length === 1
    ? `user ${userIds.map(people).join("")}`
    : `${counted(userIds.length, "user")} (${userIds.map(people).join(", ")})`;
}
