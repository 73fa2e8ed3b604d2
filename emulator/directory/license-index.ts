import { type Guid, type Holdings, inForce } from "./entities";
import { IdSet } from "./id-set";

/** Read-only view of an index; only `moved` changes it. */
type Ids = Pick<IdSet, "has" | "size" | "list">;

const none: Ids = new IdSet();

/** Indexes the holders of each SKU and the heirs of each group, with and without errors. Updated on each change of licences. */
export class LicenseIndex {
  /** Users that take a seat, by SKU. A user with several sources takes one seat. */
  readonly #holders = new Map<Guid, IdSet>();
  /** Users that take a seat of any SKU. */
  readonly #licensed = new IdSet();
  /** Users with an assignment from the group, by group. */
  readonly #heirs = new Map<Guid, IdSet>();
  readonly #inError = new Map<Guid, IdSet>();
  readonly #direct = new Map<Guid, number>();
  readonly #oldVersions = new Map<Guid, { readonly untilMs: number; readonly holdings: Holdings }[]>();

  holders(skuId: Guid): Ids {
    return this.#holders.get(skuId) ?? none;
  }

  licensed(): Ids {
    return this.#licensed;
  }

  heirs(groupId: Guid): Ids {
    return this.#heirs.get(groupId) ?? none;
  }

  inError(groupId: Guid): Ids {
    return this.#inError.get(groupId) ?? none;
  }

  groupsWithErrors(): Guid[] {
    return [...this.#inError].filter(([, users]) => users.size > 0).map(([groupId]) => groupId);
  }

  directAssignments(skuId: Guid): number {
    return this.#direct.get(skuId) ?? 0;
  }

  moved(userId: Guid, before: Holdings, after: Holdings): void {
    const seatsAfter = seats(after);
    moveKey(this.#holders, userId, seats(before), seatsAfter);
    if (seatsAfter.size > 0) this.#licensed.add(userId);
    else this.#licensed.delete(userId);
    moveKey(this.#heirs, userId, groups(before, false), groups(after, false));
    moveKey(this.#inError, userId, groups(before, true), groups(after, true));
    for (const assignment of before.assignments)
      if (assignment.assignedByGroup === null) this.#count(assignment.skuId, -1);
    for (const assignment of after.assignments)
      if (assignment.assignedByGroup === null) this.#count(assignment.skuId, 1);
  }

  keepOldVersion(userId: Guid, holdings: Holdings, untilMs: number, lagMs: number): void {
    const versions = (this.#oldVersions.get(userId) ?? []).filter((version) => version.untilMs > untilMs - lagMs);
    versions.push({ untilMs, holdings });
    this.#oldVersions.set(userId, versions);
  }

  forgetOldVersions(): void {
    this.#oldVersions.clear();
  }

  versionAt(userId: Guid, current: Holdings, ms: number): Holdings {
    return this.#oldVersions.get(userId)?.find((version) => version.untilMs > ms)?.holdings ?? current;
  }

  #count(skuId: Guid, by: number): void {
    this.#direct.set(skuId, this.directAssignments(skuId) + by);
  }
}

function seats(holdings: Holdings): Set<Guid> {
  const skus = new Set(holdings.hidden.map((license) => license.skuId));
  for (const assignment of holdings.assignments) if (inForce(assignment)) skus.add(assignment.skuId);
  return skus;
}

function groups(holdings: Holdings, failed: boolean): Set<Guid> {
  const ids = new Set<Guid>();
  for (const { assignedByGroup, error } of holdings.assignments) {
    if (assignedByGroup !== null && (!failed || error !== "None")) ids.add(assignedByGroup);
  }
  return ids;
}

function moveKey(index: Map<Guid, IdSet>, userId: Guid, before: Set<Guid>, after: Set<Guid>): void {
  for (const key of before) if (!after.has(key)) index.get(key)?.delete(userId);
  for (const key of after) {
    if (before.has(key)) continue;
    const users = index.get(key) ?? new IdSet();
    users.add(userId);
    index.set(key, users);
  }
}
