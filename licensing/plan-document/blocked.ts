import { remedyOf } from "../decision/remedy";
import { formatBlockReason } from "../decision/block-words";
import type { Blocked } from "../decision/block-reason";
import type { MigrationPlan } from "../plan/plan";
import { directMovesOf } from "../plan/direct-moves";
import { namesOf } from "../plan/names-of";
import type { TenantSnapshot } from "../snapshot";
import type { PlanDocument } from "./schema";

type Reason = PlanDocument["blocked"]["reasons"][number];

/** Blocked direct assignments by reason, the most frequent first. */
export function documentedBlocked(plan: MigrationPlan, snapshot: TenantSnapshot): PlanDocument["blocked"] {
  const names = namesOf(snapshot, plan.memberships);
  const all = [
    ...plan.waves.flatMap(({ name, slices }) => slices.flatMap((slice) => slice.blocked.map(at(name)))),
    ...plan.blockedInNoWave.map(at(null)),
  ];
  const byReason = new Map<string, { readonly reason: Omit<Reason, "users">; readonly blocked: typeof all }>();
  for (const each of all) {
    const sku = snapshot.catalog.skuName(each.skuId);
    const words = formatBlockReason(each.reason, names);
    const same = byReason.get(`${sku} ${words}`) ?? {
      reason: { kind: each.reason.kind, sku, words, remedy: remedyOf(each.reason, names) },
      blocked: [],
    };
    byReason.set(`${sku} ${words}`, same);
    same.blocked.push(each);
  }
  const reasons = [...byReason.values()].sort(
    (a, b) => b.blocked.length - a.blocked.length || a.reason.words.localeCompare(b.reason.words),
  );
  const users = new Set(all.map(({ userId }) => userId));
  return {
    users: users.size,
    moves: directMovesOf(plan),
    reasons: reasons.map(({ reason, blocked }) => ({
      ...reason,
      users: new Set(blocked.map(({ userId }) => userId)).size,
    })),
    assignments: reasons.flatMap(({ blocked }, reason) =>
      blocked.sort((a, b) => a.userId.localeCompare(b.userId)).map(({ userId, wave }) => ({ userId, wave, reason })),
    ),
  };
}

function at(wave: string | null): (blocked: Blocked) => Blocked & { readonly wave: string | null } {
  return (blocked) => ({ ...blocked, wave });
}
