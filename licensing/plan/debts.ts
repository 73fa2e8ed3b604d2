import type { Baseline } from "../record/baseline";
import { isMemberFor, type Regression } from "../drift/moved-users";
import { isDirect, type Guid, type License, type TakenOut } from "../model";
import type { Debt } from "../record/debts-on-record";
import type { LostPlan, ResolvedLoss } from "../loss/loss";
import type { TenantSnapshot } from "../snapshot";

/** A direct licence that must be given back before anything else. */
export interface Owed {
  readonly userId: Guid;
  /** The recorded licence, without disabled plans that the SKU no longer has. */
  readonly license: License;
  readonly why: OwedBecause;
  /** Why it cannot be given back at present; `null`: this run tries. */
  readonly hopeless: string | null;
}

export type OwedBecause =
  /** It was removed and could not be put back, for this reason. */
  | { readonly kind: "not-put-back"; readonly reason: string }
  /** The user's inherited licences no longer give these plans. */
  | { readonly kind: "regression"; readonly plans: readonly LostPlan[] };

/** A debt that this run records as ended. */
export interface EndedDebt {
  readonly userId: Guid;
  readonly skuId: Guid;
  readonly how: DebtEnd;
}

export type DebtEnd =
  /** The user directly holds the licence again. */
  | { readonly kind: "paid" }
  | { readonly kind: "deleted" }
  /** A person removed the user from the group after the debt arose, according to the audit log. */
  | { readonly kind: "taken-out"; readonly at: string; readonly actor: string }
  | { readonly kind: "written-off" };

export interface DebtsPlan {
  readonly owed: readonly Owed[];
  readonly ended: readonly EndedDebt[];
}

export const NO_DEBTS: DebtsPlan = { owed: [], ended: [] };

/** Facts about users with debts. */
export interface DebtEvidence {
  /** Users that a read by id did not find. A listing that lacks a user proves nothing. */
  readonly deleted: ReadonlySet<Guid>;
  readonly takenOut: readonly TakenOut[];
  /** Users of `licensing:writtenOff`. */
  readonly writtenOff: ReadonlySet<Guid>;
}

export const NO_EVIDENCE: DebtEvidence = { deleted: new Set(), takenOut: [], writtenOff: new Set() };

/**
 * Judges each recorded debt and adds new regressions. A debt ends only by evidence; in doubt it is paid, because an
 * extra licence takes nothing from the user. See docs/decisions/0015-a-debt-is-paid-in-doubt.md.
 */
export function judgeDebts(
  debts: readonly Debt[],
  regressions: readonly Regression[],
  snapshot: TenantSnapshot,
  baseline: Baseline,
  accepted: readonly ResolvedLoss[],
  evidence: DebtEvidence,
): DebtsPlan {
  const owed: Owed[] = [];
  const ended: EndedDebt[] = [];
  for (const debt of debts) {
    const { userId, skuId, reason } = debt;
    const license = baseline.get(userId)?.get(skuId) ?? { skuId, disabledPlans: [] };
    const how = endOf(debt, license, snapshot, accepted, evidence);
    if (how !== null) ended.push({ userId, skuId, how });
    else owed.push({ ...owedTo(userId, license, snapshot), why: { kind: "not-put-back", reason } });
  }
  for (const { userId, plans, licenses } of regressions) {
    if (evidence.writtenOff.has(userId)) continue;
    for (const license of licenses) {
      const had = snapshot.catalog.enabledPlans(license);
      const mine = plans.filter(({ planId }) =>
        [...had].some((each) => snapshot.catalog.keptAs(each, new Set([planId])) !== null),
      );
      owed.push({ ...owedTo(userId, license, snapshot), why: { kind: "regression", plans: mine } });
    }
  }
  return { owed, ended };
}

function endOf(
  debt: Debt,
  license: License,
  snapshot: TenantSnapshot,
  accepted: readonly ResolvedLoss[],
  { deleted, takenOut, writtenOff }: DebtEvidence,
): DebtEnd | null {
  const { userId, skuId, at } = debt;
  if (deleted.has(userId)) return { kind: "deleted" };
  const entries = snapshot.users.get(userId)?.assignments ?? [];
  if (entries.some((entry) => entry.skuId === skuId && isDirect(entry))) return { kind: "paid" };
  if (writtenOff.has(userId)) return { kind: "written-off" };
  if (isMemberFor(snapshot, userId, license, accepted)) return null;
  const groupIds = new Set(snapshot.declared.map(({ groupId }) => groupId));
  // A user that had left before the debt arose is owed it for that reason: the proof did not hold.
  // check: a debt ends by a record that is later than the debt
  const found = takenOut.find(
    (each) => each.userId === userId && groupIds.has(each.groupId) && Date.parse(each.at) > Date.parse(at),
  );
  // check: a membership that is gone without a record ends no debt
  return found === undefined ? null : { kind: "taken-out", at: found.at, actor: found.actor };
}

function owedTo(
  userId: Guid,
  license: License,
  { catalog }: TenantSnapshot,
): Pick<Owed, "userId" | "license" | "hopeless"> {
  const { skuId } = license;
  if (catalog.standing(skuId) !== "ended") return { userId, license: catalog.asOfToday(license), hopeless: null };
  const status = catalog.has(skuId) ? `is ${catalog.status(skuId)}` : "is gone";
  return { userId, license, hopeless: `the subscription of ${catalog.skuName(skuId)} ${status}` };
}
