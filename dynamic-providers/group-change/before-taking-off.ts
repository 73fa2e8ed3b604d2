import { freeSeats } from "../../licensing/catalog/subscription";
import type { TenantReads } from "../../graph/tenant-graph";
import { Catalog } from "../../licensing/catalog/catalog";
import type { DeclaredGroup } from "../../licensing/declaration";
import { inForce } from "../../licensing/effective-plans";
import type { OneCall } from "../../licensing/loss/one-call";
import type { Guid, License, LicensedGroup, LicensedUser } from "../../licensing/model";
import { formatShort, formatShortOfSeats } from "../../licensing/plan/taking-off";
import { packLeaving, type LeavingState } from "../../licensing/record/leaving-on-record";
import { Refusal } from "../../licensing/refusal";

/** A change of a group that keeps some SKUs until every member has been verified. */
export interface StepBefore {
  readonly group: DeclaredGroup;
  readonly now: LicensedGroup;
  /** Licences to add. */
  readonly add: readonly License[];
  readonly later: readonly License[];
  /** The swap in one call; `null`: `later` goes when members have been verified. */
  readonly call: OneCall | null;
}

/**
 * Checks the seats again just before the first step, and says who has the licences that go in the second.
 *
 * @throws {Refusal} if a member would get no seat
 */
export async function beforeTakingOff(
  graph: TenantReads,
  { group, now, add, later, call }: StepBefore,
  nowMs: number,
): Promise<readonly LeavingState[]> {
  const members = await graph.dependents(now);
  const catalog = new Catalog(await graph.subscribedSkus());
  const short = catalog.skus.flatMap((sku): string[] => {
    const isAdded = [...add, ...(call?.add ?? [])].some(({ skuId }) => skuId === sku.id);
    const isNew = now.licenses.every(({ skuId }) => skuId !== sku.id) && isAdded;
    if (!isNew) return [];
    const left = freeSeats(sku, "enabled");
    const wanted = members.filter(({ assignedLicenses }) => assignedLicenses.every(({ skuId }) => skuId !== sku.id));
    return wanted.length <= left ? [] : [formatShort(catalog.skuName(sku.id), wanted.length - left, left)];
  });
  // check: without a seat for each member, a group's licence is not replaced: at the write
  if (short.length > 0) throw new Refusal(formatShortOfSeats(group, later, short, catalog));
  const at = new Date(nowMs).toISOString();
  const swappedFor = call === null ? {} : { swappedFor: call.add.map(({ skuId }) => skuId) };
  return later.map((license) =>
    packLeaving({ ...license, ...swappedFor, at, users: holdersOf(members, group.groupId, license.skuId) }),
  );
}

function holdersOf(members: readonly LicensedUser[], groupId: Guid, skuId: Guid): readonly Guid[] {
  return members
    .filter(({ assignments }) => assignments.some((entry) => isFrom(entry, groupId, skuId) && inForce(entry)))
    .map(({ id }) => id);
}

function isFrom(entry: LicensedUser["assignments"][number], groupId: Guid, skuId: Guid): boolean {
  return entry.assignedByGroup === groupId && entry.skuId === skuId;
}
