import { describeFailure, failureOf, isFailure, type GraphFailure } from "../../graph/failure";
import { troubleAfter, type RemovalTrouble, type RemovedLicenses } from "../../licensing/after-removal";
import type { Guid } from "../../licensing/model";
import { untilWords, waitToTheEnd } from "../writing/waits";
import type { Convoy } from "./convoy";
import { readFreshly } from "./fresh-evidence";
import type { UnitLedger } from "./ledger";
import { putBack } from "./put-back";
import { steadiness } from "./steadiness";
import type { UnitContext } from "./unit";

/** What is wrong with a user who was written to; what could not be read counts as wrong. */
type Wrong = RemovalTrouble | { readonly kind: "unreadable"; readonly failure: GraphFailure };

/**
 * Reads back users that the unit wrote to, and runs the rule on them once more. Who has left the group since the proof, or
 * whose group gives less, gets the direct licence back at once, before Entra ends what they inherit; who misses a plan gets
 * it back when that is still so after the settling time, because Graph may be behind its own write. Meanwhile no other unit writes.
 *
 * @returns why the wave must halt, and the way out; nothing when everybody has what they had, and keeps it
 */
export async function readBack(
  ledger: UnitLedger,
  of: "all" | "settled",
  context: UnitContext,
  convoy: Convoy,
): Promise<readonly string[]> {
  const written = new Map(ledger.unchecked(of).map((each) => [each.before.id, each]));
  if (written.size === 0) return [];
  const atFirst = await look(written, context, convoy);
  const why =
    atFirst.size === 0 ? null : await convoy.inDoubt(() => makeGood(atFirst, written, ledger, context, convoy));
  for (const userId of written.keys()) ledger.checked(userId);
  return why === null ? [] : [why, WAY_OUT];
}

/** Puts back what has to be, and halts the wave; `null` where nothing had to be, because Graph was only behind. */
async function makeGood(
  atFirst: ReadonlyMap<Guid, Wrong>,
  written: ReadonlyMap<Guid, RemovedLicenses>,
  ledger: UnitLedger,
  context: UnitContext,
  convoy: Convoy,
): Promise<string | null> {
  const ending = new Map([...atFirst].filter(([, wrong]) => isEnding(wrong)));
  const told = [...(await putBack(inWords(ending, context), written, ledger, context))];
  const doubtful = new Map([...written].filter(([userId]) => atFirst.has(userId) && !ending.has(userId)));
  if (doubtful.size > 0) {
    const text = untilWords("settling", null, context.host.now() + context.settleMs);
    await waitToTheEnd(context.settleMs, text, context);
    told.push(...(await putBack(inWords(await look(doubtful, context, convoy), context), written, ledger, context)));
  }
  if (told.length === 0) return null;
  const why = `${told.join("; ")}.`;
  convoy.halt(why);
  return why;
}

const WAY_OUT =
  "See in the group's audit log what changed, or why its licence did not hold, then run pulumi up again: whom the group " +
  "does not cover keeps the direct licence and is listed.";

/** What is wrong with each user; absent are those who have what they had, and those who were deleted. */
async function look(
  written: ReadonlyMap<Guid, RemovedLicenses>,
  { toTheEnd, declared, accepts }: UnitContext,
  convoy: Convoy,
): Promise<ReadonlyMap<Guid, Wrong>> {
  const fresh = await readFreshly([...written.keys()], declared, toTheEnd, false).catch(failureOf);
  // What another unit has proven from an earlier read of these groups is not proven any more.
  if (!("kind" in fresh) && steadiness(declared, fresh.groups).verdict !== "go") convoy.sawUnsteadyGroup();
  const wrong = new Map<Guid, Wrong>();
  for (const [userId, removed] of written) {
    const read = "kind" in fresh ? fresh : fresh.users.get(userId);
    if (read === undefined) throw new Error(`user ${userId} was not read back`);
    if (isFailure(read)) {
      if (read.kind !== "notFound") wrong.set(userId, { kind: "unreadable", failure: read });
    } else if (!("kind" in fresh)) {
      const { groups, catalog, unreadable } = fresh;
      const trouble: Wrong | null =
        unreadable === null
          ? troubleAfter(removed, { ...read, groups, catalog }, { declared, accepts })
          : { kind: "unreadable", failure: unreadable.failure };
      if (trouble !== null) wrong.set(userId, trouble);
    }
  }
  return wrong;
}

function isEnding({ kind }: Wrong): boolean {
  return kind === "left-group" || kind === "group-narrowed" || kind === "subscription-ended";
}

function inWords(wrong: ReadonlyMap<Guid, Wrong>, { catalog, declared }: UnitContext): ReadonlyMap<Guid, string> {
  const groups = (ids: readonly Guid[]) =>
    declared
      .filter(({ groupId }) => ids.includes(groupId))
      .map(({ displayName }) => displayName)
      .join(" and ");
  const plans = (ids: readonly Guid[]) =>
    ids
      .map((id) => catalog.planName(id))
      .sort()
      .join(", ");
  const words = (each: Wrong): string => {
    switch (each.kind) {
      case "left-group":
        return `no longer a member of ${groups(each.groupIds)}`;
      case "group-narrowed":
        return `no longer given ${plans(each.planIds)} by ${groups(each.groupIds)}`;
      case "subscription-ended": {
        const skus = each.skuIds.map((id) => catalog.skuName(id)).join(" and ");
        return `no longer surely given ${plans(each.planIds)}: the subscription of ${skus} has ended, or is about to`;
      }
      case "plans-missing":
        return `misses ${plans(each.planIds)}`;
      case "unreadable":
        return `could not be read back (${describeFailure(each.failure)})`;
    }
  };
  return new Map([...wrong].map(([userId, each]) => [userId, words(each)]));
}
