import { type Guid, type Holdings, inForce } from "./entities";

const none: ReadonlySet<Guid> = new Set<Guid>();

/** Who holds a SKU, who inherits from a group, and with whom that failed; kept up to date by each change. */
export class LicenseIndex {
  /** By SKU: users on whom it takes a seat, each counted once however many sources they have. */
  readonly #holders = new Map<Guid, Set<Guid>>();
  /** By group: users with an entry that names it. */
  readonly #heirs = new Map<Guid, Set<Guid>>();
  readonly #inError = new Map<Guid, Set<Guid>>();
  readonly #direct = new Map<Guid, number>();
  readonly #oldVersions = new Map<Guid, { readonly untilMs: number; readonly holdings: Holdings }[]>();

  holders(skuId: Guid): ReadonlySet<Guid> {
    return this.#holders.get(skuId) ?? none;
  }

  heirs(groupId: Guid): ReadonlySet<Guid> {
    return this.#heirs.get(groupId) ?? none;
  }

  inError(groupId: Guid): ReadonlySet<Guid> {
    return this.#inError.get(groupId) ?? none;
  }

  groupsWithErrors(): Guid[] {
    return [...this.#inError].filter(([, users]) => users.size > 0).map(([groupId]) => groupId);
  }

  directAssignments(skuId: Guid): number {
    return this.#direct.get(skuId) ?? 0;
  }

  moved(userId: Guid, before: Holdings, after: Holdings): void {
    moveKey(this.#holders, userId, seats(before), seats(after));
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

function moveKey(index: Map<Guid, Set<Guid>>, userId: Guid, before: Set<Guid>, after: Set<Guid>): void {
  for (const key of before) if (!after.has(key)) index.get(key)?.delete(userId);
  for (const key of after) {
    if (before.has(key)) continue;
    const users = index.get(key);
    if (users) users.add(userId);
    else index.set(key, new Set([userId]));
  }
}
