import type { Catalog } from "../catalog/catalog";
import type { DeclaredGroup } from "../declaration";
import type { DebtEnd, DebtsPlan, Owed } from "./debts";
import { grouped } from "../grouped";
import { formatAcceptLoss, lostPlanNames } from "../loss/loss-words";
import type { Loss } from "../loss/loss";
import { BY_ID, usersShown, type People } from "../people";
import { counted, countByName, type CountsByName } from "../counts";

/**
 * `3 users are owed a direct EMS: it could not be put back (…)`. One line for each SKU and reason, with the way
 * out.
 */
export function owedLines(
  { owed }: DebtsPlan,
  { catalog, declared }: { readonly catalog: Catalog; readonly declared: readonly DeclaredGroup[] },
  people: People = BY_ID,
): readonly string[] {
  const alike = grouped(owed, (each) => `${each.license.skuId} ${whyOwed(each, catalog)}`);
  return [...alike.values()].flatMap((mine) => {
    const [first] = mine;
    if (first === undefined) return [];
    const userIds = new Set(mine.map(({ userId }) => userId));
    const who = `${counted(userIds.size, "user is", "users are")} owed a direct ${catalog.skuName(first.license.skuId)}`;
    const remedy = remedyOf(first, mine.flatMap(lossOf), declared, catalog);
    return [`${who}: ${whyOwed(first, catalog)}. ${remedy} (${usersShown(userIds, people)})`];
  });
}

/** `2 debts ended: the user was deleted`. */
export function endedLines({ ended }: DebtsPlan, people: People = BY_ID): readonly string[] {
  return [...grouped(ended, ({ how }) => formatEnd(how))].map(([words, alike]) => {
    const userIds = alike.map(({ userId }) => userId);
    return `${counted(alike.length, "debt")} ended: ${words} (${usersShown(userIds, people)})`;
  });
}

/** Owed direct licences by reason. */
export function owedTally({ owed }: DebtsPlan, catalog: Catalog): CountsByName {
  return countByName(owed.map((each) => whyOwed(each, catalog)));
}

export function endedTally({ ended }: DebtsPlan): CountsByName {
  return countByName(ended.map(({ how }) => formatEnd(how)));
}

export function formatHopeless(hopeless: string): string {
  return `${hopeless}, so it cannot be given back`;
}

export function whyOwed({ why, hopeless, userId }: Owed, catalog: Catalog): string {
  const words =
    why.kind === "not-put-back"
      ? `it could not be put back (${why.reason.replace(/\.$/, "")})`
      : `moved earlier, still in their group, and lacking ${lostPlanNames([{ userId, plans: why.plans }], catalog)}`;
  return hopeless === null ? words : `${words}; ${formatHopeless(hopeless)}`;
}

function lossOf({ userId, why }: Owed): readonly Loss[] {
  return why.kind === "regression" ? [{ userId, plans: why.plans }] : [];
}

function remedyOf(
  { hopeless, why }: Owed,
  losses: readonly Loss[],
  declared: readonly DeclaredGroup[],
  catalog: Catalog,
): string {
  const until = "No wave removes anything until then.";
  if (hopeless !== null) {
    return `Renew the subscription, or give these users up with licensing:writtenOff. ${until}`;
  }
  const up = `The next pulumi up gives it back first. ${until}`;
  return why.kind === "not-put-back"
    ? up
    : `${up} GET /users/{id}?$select=licenseAssignmentStates shows their licence errors (seats, conflicts, a licence that was narrowed); or, where they may ` +
        `lose it, say so: ${formatAcceptLoss(losses, declared, catalog)}.`;
}

function formatEnd(how: DebtEnd): string {
  switch (how.kind) {
    case "paid":
      return "the licence is there again";
    case "deleted":
      return "the user was deleted";
    case "taken-out":
      return `${how.actor} took the user out of the group on ${how.at.slice(0, 10)}`;
    case "written-off":
      return "written off by licensing:writtenOff";
  }
}
