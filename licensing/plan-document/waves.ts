import type { Catalog } from "../catalog/catalog";
import { formatMoveBlock } from "../decision/move-block";
import type { Guid, License } from "../model";
import type { WavePlan } from "../plan/plan";
import { formatHold } from "../plan/hold-words";
import type { WaveSpec } from "../stack-file/stack-file";
import { addCounts, counted, negated, countByName, thousands, type CountsByName } from "../counts";
import type { PlanDocument } from "./schema";

type Wave = PlanDocument["waves"][number];

/** What a wave will do, for which users and when. */
export function documentedWave(plan: WavePlan, spec: WaveSpec, startMs: number, catalog: Catalog): Wave {
  const assignments = plan.mode === "restore" ? putBack(plan, catalog) : removed(plan, catalog);
  const moves = documentedMoves(plan, catalog);
  const planned = addCounts(assignments.map(({ sku, userIds }) => ({ [sku]: userIds.length })));
  const blocked = plan.slices.flatMap((slice) => slice.blocked);
  return {
    name: plan.name,
    takes: formatTakes(spec),
    mode: plan.mode,
    state: stateOf(plan, assignments.length > 0 || moves.some(({ users }) => users > 0)),
    hold: plan.hold === null ? null : formatHold(plan.hold),
    doneAt: plan.doneAtMs === null ? null : new Date(plan.doneAtMs).toISOString(),
    soakMs: spec.soakMs,
    startsAt: new Date(startMs).toISOString(),
    maxBlocked: spec.maxBlocked,
    planned,
    plannedUsers: new Set(assignments.flatMap(({ userIds }) => userIds)).size,
    blockedUsers: new Set(blocked.map(({ userId }) => userId)).size,
    mayLackSeat: plan.mayLackSeat,
    successions: { ...plan.successions },
    swaps: { ...plan.swaps },
    takesBack: countByName(
      plan.slices.flatMap(({ takesBack }) => takesBack.map(({ skuId }) => catalog.skuName(skuId))),
    ),
    movedBefore: movedBefore(plan, planned, catalog),
    assignments,
    moves,
  };
}

function documentedMoves({ moves }: WavePlan, catalog: Catalog): Wave["moves"] {
  return moves.map(({ move, seats, slices, moved }) => {
    const userIds = slices.flatMap((slice) => slice.users);
    const blocked = slices.flatMap((slice) => slice.blocked);
    const reasons = countByName(blocked.map(({ reason }) => formatMoveBlock(reason, move.to.displayName, catalog)));
    return {
      from: move.from.displayName,
      to: move.to.displayName,
      users: userIds.length,
      joining: slices.reduce((sum, slice) => sum + slice.joining.length, 0),
      seats: seats.map(({ skuId, needed, free }) => ({ sku: catalog.skuName(skuId), needed, free })),
      movedBefore: moved,
      stay: Object.entries(reasons).map(([words, users]) => ({ words, users })),
      userIds: userIds.sort(),
    };
  });
}

function stateOf({ refusal, hold, doneAtMs }: WavePlan, hasWork: boolean): Wave["state"] {
  if (refusal !== null) return "refused";
  if (!hasWork && doneAtMs !== null) return "done";
  return hold === null ? "runs" : "waits";
}

function removed({ slices }: WavePlan, catalog: Catalog): Wave["assignments"] {
  const removals = slices.flatMap((slice) => slice.removals);
  return bySku(
    removals.map(({ userId, skuId }) => ({ userId, license: { skuId, disabledPlans: [] } })),
    catalog,
  );
}

function putBack({ slices }: WavePlan, catalog: Catalog): Wave["assignments"] {
  return bySku(
    slices.flatMap((slice) => slice.restores),
    catalog,
  );
}

function bySku(
  all: readonly { readonly userId: Guid; readonly license: License }[],
  catalog: Catalog,
): Wave["assignments"] {
  const byLicense = new Map<string, { readonly license: License; readonly userIds: Guid[] }>();
  for (const { userId, license } of all) {
    const key = `${license.skuId} ${license.disabledPlans.join(" ")}`;
    const same = byLicense.get(key) ?? { license, userIds: [] };
    byLicense.set(key, same);
    same.userIds.push(userId);
  }
  return [...byLicense.values()]
    .map(({ license, userIds }) => ({
      sku: catalog.skuName(license.skuId),
      disabledPlans: license.disabledPlans.map((planId) => catalog.planName(planId)),
      userIds: userIds.sort(),
    }))
    .sort((a, b) => b.userIds.length - a.userIds.length || a.sku.localeCompare(b.sku));
}

/** Recorded direct licences that are neither planned for removal nor blocked. */
function movedBefore(plan: WavePlan, planned: CountsByName, catalog: Catalog): CountsByName {
  if (plan.mode === "restore") return {};
  const recorded = Object.fromEntries(
    Object.entries(plan.recorded).map(([skuId, count]) => [catalog.skuName(skuId), count]),
  );
  const blocked = plan.slices
    .flatMap((slice) => slice.blocked)
    // A licence from an unknown source is not direct, so it was never recorded.
    .filter(({ reason }) => reason.kind !== "source-unknown");
  const stays = countByName(blocked.map(({ skuId }) => catalog.skuName(skuId)));
  return addCounts([recorded, negated(planned), negated(stays)]);
}

function formatTakes({ takes }: WaveSpec): string {
  switch (takes.kind) {
    case "users":
      return counted(takes.users.length, "named user");
    case "group":
      return `the members of ${takes.group}`;
    case "count":
      return `${counted(takes.count, "user")}, chosen once`;
    case "percent":
      return takes.percent === 100 ? "all remaining users" : `${thousands(takes.percent)} % of all users`;
  }
}
