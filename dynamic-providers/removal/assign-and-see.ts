import { failureOf, isFailure, type GraphFailure } from "../../graph/client/failure";
import type { LicenseWrites, WriteOutcome } from "../../graph/tenant-graph";
import { Catalog } from "../../licensing/catalog/catalog";
import { grouped } from "../../licensing/grouped";
import { isDirect, type Guid } from "../../licensing/model";
import { passing } from "../writing/passing";

type Work = Parameters<LicenseWrites["assignDirect"]>[0];

/** Some of a user's licences are assigned, and Graph refuses these. */
interface PartlyAssigned {
  readonly kind: "partly";
  readonly failure: GraphFailure;
  readonly refused: ReadonlySet<Guid>;
}

export type AssignOutcome = WriteOutcome | PartlyAssigned;

/**
 * Assigns licences directly and confirms each by a read: a licence that the read does not show counts as not done, and is
 * assigned again. If the user may not be read, the answer to the write counts.
 */
export async function assignAndSee(graph: LicenseWrites, work: Work): Promise<Map<Guid, AssignOutcome>> {
  const together = await assignOfToday(graph, work);
  // A swap goes as a whole or not at all: in parts it could take away more than it gives.
  // check: one refused licence does not keep a user from the others that are put back
  const refused = work.filter(
    ({ userId, licenses, takeBack }) =>
      licenses.length > 1 && takeBack === undefined && isRefused(together.get(userId)),
  );
  const outcomes = new Map<Guid, AssignOutcome>([...together, ...(await oneByOne(graph, refused))]);
  const done = work.flatMap(({ userId, licenses }) => {
    const outcome = outcomes.get(userId);
    if (outcome?.kind === "done") return [{ userId, licenses }];
    return outcome?.kind === "partly"
      ? [{ userId, licenses: licenses.filter(({ skuId }) => !outcome.refused.has(skuId)) }]
      : [];
  });
  if (done.length === 0) return outcomes;
  const users = await graph.users(done.map(({ userId }) => userId)).catch(failureOf);
  for (const { userId, licenses } of done) {
    const user = "kind" in users ? users : (users.get(userId) ?? NOT_READ);
    const isSeen = isFailure(user)
      ? passing(user) === null
      : licenses.every(({ skuId }) => user.assignments.some((entry) => entry.skuId === skuId && isDirect(entry)));
    // check: a put-back is believed when a read shows it
    if (!isSeen) outcomes.set(userId, { kind: "failed", failure: NOT_SEEN });
  }
  return outcomes;
}

/**
 * Entra takes all licences of one request or none: one without a seat, or of a subscription that has ended, must not cost the user the
 * others. What was refused is tried again while others go through, because it may need them.
 */
async function oneByOne(graph: LicenseWrites, work: Work): Promise<Map<Guid, AssignOutcome>> {
  let open = work.flatMap(({ userId, licenses }) => licenses.map((license) => ({ userId, license })));
  const failures = new Map<Guid, GraphFailure>();
  for (let before = Infinity; open.length > 0 && open.length < before;) {
    before = open.length;
    failures.clear();
    const left: typeof open = [];
    for (const turn of inTurns(open)) {
      const answers = await assignOfToday(
        graph,
        turn.map(({ userId, license }) => ({ userId, licenses: [license] })),
      );
      for (const each of turn) {
        const outcome = answers.get(each.userId) ?? NO_OUTCOME;
        if (outcome.kind === "done") continue;
        left.push(each);
        const known = failures.get(each.userId);
        // What passes counts more: it is reason to try again.
        if (known === undefined || passing(known) === null) failures.set(each.userId, outcome.failure);
      }
    }
    open = left;
  }
  return new Map(
    work.map(({ userId, licenses }): [Guid, AssignOutcome] => {
      const failure = failures.get(userId);
      const refused = new Set(open.filter((each) => each.userId === userId).map(({ license }) => license.skuId));
      if (failure === undefined || refused.size === 0) return [userId, { kind: "done" }];
      return [
        userId,
        refused.size === licenses.length ? { kind: "failed", failure } : { kind: "partly", failure, refused },
      ];
    }),
  );
}

/** One write for each user at a time. */
function inTurns<T extends { readonly userId: Guid }>(writes: readonly T[]): readonly (readonly T[])[] {
  const byUser = [...grouped(writes, ({ userId }) => userId).values()];
  const turns = Math.max(0, ...byUser.map(({ length }) => length));
  return Array.from({ length: turns }, (_, turn) => byUser.flatMap((own) => own.slice(turn, turn + 1)));
}

/**
 * If Microsoft retires a plan during a run, Graph refuses a licence that names it, with an unknown message. So after an
 * unknown refusal the SKUs are read again, and a licence that changes with them is sent once more.
 */
async function assignOfToday(graph: LicenseWrites, work: Work): Promise<Map<Guid, WriteOutcome>> {
  const outcomes = await graph.assignDirect(work);
  const refused = work.filter(({ userId }) => isOfNoKnownRule(outcomes.get(userId)));
  if (refused.every(({ licenses }) => licenses.every(({ disabledPlans }) => disabledPlans.length === 0)))
    return outcomes;
  const skus = await graph.subscribedSkus().catch(failureOf);
  if ("kind" in skus) return outcomes;
  const catalog = new Catalog(skus);
  const changed = refused.flatMap(({ userId, licenses, takeBack }) => {
    const ofToday = licenses.map((license) => catalog.asOfToday(license));
    return ofToday.every((license, at) => license === licenses[at])
      ? []
      : [{ userId, licenses: ofToday, ...(takeBack && { takeBack }) }];
  });
  return changed.length === 0 ? outcomes : new Map([...outcomes, ...(await graph.assignDirect(changed))]);
}

function isOfNoKnownRule(outcome: WriteOutcome | undefined): boolean {
  return outcome?.kind === "failed" && outcome.failure.kind === "unexpected" && outcome.failure.status === 400;
}

/** Graph said no to the request as a whole, for a reason that may be that of one licence. */
function isRefused(outcome: WriteOutcome | undefined): boolean {
  return isOfNoKnownRule(outcome) || (outcome?.kind === "failed" && outcome.failure.kind === "licenseRule");
}

const NO_OUTCOME = { kind: "failed", failure: { kind: "lost", detail: "no outcome" } } as const;
const NOT_READ = { kind: "unseen", detail: "No answer came to the read of this user" } as const;
const NOT_SEEN = {
  kind: "unseen",
  detail: "Graph answered that the write was done, and a read does not show it",
} as const;
