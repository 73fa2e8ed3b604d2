import { describeFailure, failureOf, isFailure, type GraphFailure } from "../../graph/client/failure";
import { troubleAfter, type RemovalTrouble, type RemovedLicenses } from "../../licensing/decision/after-removal";
import { isDirect, type Guid, type LicensedUser } from "../../licensing/model";
import { counted } from "../../licensing/counts";
import { formatDuration } from "../../licensing/duration";
import { REMOVAL_VISIBLE_WITHIN_MS } from "../writing/limits";
import { polls } from "../writing/polls";
import { formatUntil, waitToTheEnd } from "../writing/waits";
import type { WaveCoordinator } from "./wave-coordinator";
import { readFreshly } from "./fresh-evidence";
import type { UnitLedger } from "./ledger";
import { putBack } from "./put-back";
import { steadiness } from "./steadiness";
import type { UnitContext } from "./unit-context";

/** A problem of a user after a write; an unreadable user counts as a problem. */
type Wrong =
  | RemovalTrouble
  | { readonly kind: "unreadable"; readonly failure: GraphFailure }
  /** Graph confirmed the removal, but the direct licence is still there: the read lags, or nothing was done. */
  | { readonly kind: "still-direct"; readonly skuIds: readonly Guid[] };

/**
 * Reads back written users and applies the rule again. Left the group, or the group gives less: the licence is put back
 * at once. A plan is missing: put back after the settling time, as Graph may lag. No unit writes meanwhile. Reads
 * repeat until the direct licence is gone.
 *
 * @returns why the wave must halt, and the remedy; empty if all users keep what they had
 */
export async function readBack(
  ledger: UnitLedger,
  of: "all" | "settled",
  context: UnitContext,
  coordinator: WaveCoordinator,
): Promise<readonly string[]> {
  const written = new Map(ledger.unchecked(of).map((each) => [each.before.id, each]));
  // check: every written user is read back
  if (written.size === 0) return [];
  const reasons: string[] = [];
  const pauses = polls();
  const untilMs = context.host.now() + REMOVAL_VISIBLE_WITHIN_MS;
  let seen = await look(written, ledger, context, coordinator);
  for (;;) {
    const wrong = new Map([...seen].filter(([, { kind }]) => kind !== "still-direct"));
    const made =
      wrong.size === 0 ? null : await coordinator.inDoubt(() => makeGood(wrong, written, ledger, context, coordinator));
    reasons.push(...(made?.told ?? []));
    seen = new Map([...seen, ...(made?.still ?? [])].filter(([, { kind }]) => kind === "still-direct"));
    const late = new Map([...written].filter(([userId]) => seen.has(userId)));
    if (late.size === 0) break;
    if (context.host.now() >= untilMs) {
      // check: a removal that is never seen is still to be done
      notDone(seen, ledger);
      reasons.push(formatNotDone(late.size));
      coordinator.halt(formatNotDone(late.size));
      break;
    }
    await waitToTheEnd(pauses.next().value, `waiting for Graph to show ${counted(late.size, "removal")}`, context);
    seen = await look(late, ledger, context, coordinator);
  }
  for (const userId of written.keys()) ledger.checked(userId);
  return reasons.length === 0 ? [] : [...reasons, WAY_OUT];
}

function notDone(seen: ReadonlyMap<Guid, Wrong>, ledger: UnitLedger): void {
  for (const [userId, each] of seen) if (each.kind === "still-direct") ledger.notDone(userId, each.skuIds);
}

function formatNotDone(users: number): string {
  return (
    `Graph answered that the direct licences of ${counted(users, "user")} were removed, and still shows them ` +
    `${formatDuration(REMOVAL_VISIBLE_WITHIN_MS)} later: they count as not removed.`
  );
}

/**
 * Puts licences back where necessary, and then halts the wave.
 *
 * @returns `told`: why it halts, empty if Graph only lagged; `still`: users with a direct licence in the last read
 */
async function makeGood(
  atFirst: ReadonlyMap<Guid, Wrong>,
  written: ReadonlyMap<Guid, RemovedLicenses>,
  ledger: UnitLedger,
  context: UnitContext,
  coordinator: WaveCoordinator,
): Promise<{ readonly told: readonly string[]; readonly still: ReadonlyMap<Guid, Wrong> }> {
  const ending = new Map([...atFirst].filter(([, wrong]) => isEnding(wrong)));
  const told = [...(await putBack(describe(ending, context), written, ledger, context))];
  let still: ReadonlyMap<Guid, Wrong> = new Map();
  const doubtful = new Map([...written].filter(([userId]) => atFirst.has(userId) && !ending.has(userId)));
  if (doubtful.size > 0) {
    const text = formatUntil("settling", null, context.host.now() + context.settleMs);
    // check: a plan that is missing is looked for again after the settling time
    await waitToTheEnd(context.settleMs, text, context);
    const again = [...(await look(doubtful, ledger, context, coordinator))];
    const wrong = new Map(again.filter(([, { kind }]) => kind !== "still-direct"));
    told.push(...(await putBack(describe(wrong, context), written, ledger, context)));
    still = new Map(again.filter(([, { kind }]) => kind === "still-direct"));
  }
  if (told.length === 0) return { told, still };
  const why = `${told.join("; ")}.`;
  coordinator.halt(why);
  return { told: [why], still };
}

const WAY_OUT =
  "See in the group's audit log what changed, or why its licence did not hold, then run pulumi up again: users that the group " +
  "does not cover keep the direct licence and are listed; plan.json of entra-licensing plan lists all users that are owed a licence.";

/** The problem of each user; users without one, and deleted users, are absent. */
async function look(
  written: ReadonlyMap<Guid, RemovedLicenses>,
  ledger: UnitLedger,
  { toTheEnd, declared, accepts, catalog: { accepted } }: UnitContext,
  coordinator: WaveCoordinator,
): Promise<ReadonlyMap<Guid, Wrong>> {
  const fresh = await readFreshly([...written.keys()], declared, toTheEnd, false, accepted).catch(failureOf);
  // Proofs of other units from earlier reads of these groups are no longer valid.
  if (!("kind" in fresh) && steadiness(declared, fresh.groups).verdict !== "pass") coordinator.sawUnsteadyGroup();
  const wrong = new Map<Guid, Wrong>();
  for (const [userId, removed] of written) {
    const read = "kind" in fresh ? fresh : fresh.users.get(userId);
    if (read === undefined) throw new Error(`user ${userId} was not read back`);
    if (isFailure(read)) {
      // check: a user that can't be read back counts as without a service
      if (read.kind !== "notFound") wrong.set(userId, { kind: "unreadable", failure: read });
    } else if (!("kind" in fresh)) {
      const { groups, catalog, unreadable } = fresh;
      const trouble: Wrong | null =
        unreadable === null
          ? troubleAfter(removed, { ...read, groups, catalog }, { declared, accepts })
          : { kind: "unreadable", failure: unreadable.failure };
      const direct = directOf(read.user);
      ledger.seen(userId, direct);
      const skuIds = [...ledger.answered(userId)].filter((skuId) => direct.has(skuId));
      // check: a removal counts only once the direct licence is gone
      if (trouble !== null) wrong.set(userId, trouble);
      else if (skuIds.length > 0) wrong.set(userId, { kind: "still-direct", skuIds });
    }
  }
  return wrong;
}

function directOf({ assignments }: LicensedUser): ReadonlySet<Guid> {
  return new Set(assignments.filter(isDirect).map(({ skuId }) => skuId));
}

function isEnding({ kind }: Wrong): boolean {
  return kind === "left-group" || kind === "group-narrowed" || kind === "subscription-ended";
}

function describe(wrong: ReadonlyMap<Guid, Wrong>, { catalog, declared }: UnitContext): ReadonlyMap<Guid, string> {
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
        return `no longer surely given ${plans(each.planIds)}: the subscription of ${skus} has ended or is ending (renew it), as read`;
      }
      case "plans-missing":
        return `misses ${plans(each.planIds)}`;
      case "still-direct":
        return "still holds the direct licence";
      case "unreadable":
        return `could not be read back (${describeFailure(each.failure)})`;
    }
  };
  return new Map([...wrong].map(([userId, each]) => [userId, words(each)]));
}
