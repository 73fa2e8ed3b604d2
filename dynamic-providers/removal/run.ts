import type { Guid } from "../../licensing/model";
import { counted, thousands } from "../../licensing/tally";
import type { UnitResult } from "./ledger";
import { removeUnit, type UnitContext } from "./unit";

/**
 * Users of one unit: few, so that a stop comes soon and a proof is young, and as many as fill whole batches of 20. The proof
 * asks for each user, each user's memberships, and each group: six batches, four at a time; the writes are three, and the
 * read back asks for the same as the proof.
 */
function usersPerUnit(groups: number): number {
  return Math.max(20, 60 - Math.ceil(groups / 2));
}

/** A wave halts when more of its users than this turn out blocked that the plan thought safe: the plan was wrong. */
const SURPRISES = { atLeast: 5, share: 0.1 } as const;

export interface RunResult extends UnitResult {
  /** Users of the units that were begun. */
  readonly lookedAt: number;
}

/**
 * Runs units one after the other: stopped? then one small unit, then the next. Ends early with a reason when somebody
 * asks for it, when a unit halts, or when too many users are not what the plan took them for.
 *
 * @param planned users whom the plan thought safe
 * @param notNow why not even the first unit may begin; `null`: it may
 */
export async function removeAll(
  userIds: readonly Guid[],
  planned: ReadonlySet<Guid>,
  context: UnitContext,
  notNow: string | null,
): Promise<RunResult> {
  const { urn } = context;
  const startedMs = context.host.now();
  const results: UnitResult[] = [];
  let done = 0;
  let halt = notNow;
  const size = usersPerUnit(context.declared.length);
  for (let at = 0; at < userIds.length && halt === null; at += size) {
    halt = await context.host.stopReason(urn);
    if (halt !== null) break;
    const unit = userIds.slice(at, at + size);
    const result = await removeUnit(unit, context);
    results.push(result);
    done += unit.length;
    halt = result.halt ?? unanswered(result) ?? tooManySurprises(results, planned, done);
    await context.host.status(urn, progressWords(done, userIds.length, results, context.host.now() - startedMs));
  }
  return { ...merged(results), lookedAt: done, halt };
}

function merged(results: readonly UnitResult[]): UnitResult {
  return {
    removed: results.flatMap((each) => each.removed),
    blocked: results.flatMap((each) => each.blocked),
    refused: results.flatMap((each) => each.refused),
    pending: results.flatMap((each) => each.pending),
    gone: results.flatMap((each) => each.gone),
    halt: null,
  };
}

/** A unit gives up on users whom it cannot get a clear answer for; what it could not do is not done. */
function unanswered({ pending }: UnitResult): string | null {
  const users = new Set(pending.map(({ userId }) => userId)).size;
  if (users === 0) return null;
  return `Graph gave no clear answer for ${counted(users, "user")}, again and again. Run pulumi up again later.`;
}

function tooManySurprises(results: readonly UnitResult[], planned: ReadonlySet<Guid>, done: number): string | null {
  const surprised = new Set(
    results.flatMap((each) => each.blocked.map(({ userId }) => userId)).filter((id) => planned.has(id)),
  );
  const limit = Math.max(SURPRISES.atLeast, Math.ceil(done * SURPRISES.share));
  if (surprised.size <= limit) return null;
  return (
    `${counted(surprised.size, "user")} of the first ${thousands(done)} are blocked whom the plan thought safe ` +
    `(the limit is ${limit}): the tenant has changed since the plan. Run pulumi preview to see how, then pulumi up.`
  );
}

/** `120 of 1,000 users, 85/s, 2 blocked, 10 s left`: short, because a row in a terminal is. */
function progressWords(done: number, all: number, results: readonly UnitResult[], elapsedMs: number): string {
  const rate = elapsedMs > 0 ? (done * 1_000) / elapsedMs : 0;
  const blocked = new Set(results.flatMap((each) => each.blocked.map(({ userId }) => userId))).size;
  const left = rate > 0 ? `, ${thousands(Math.ceil((all - done) / rate))} s left` : "";
  const users = `${thousands(done)} of ${counted(all, "user")}`;
  return `${users}, ${rate.toFixed(rate < 10 ? 1 : 0)}/s, ${thousands(blocked)} blocked${left}`;
}
