import type { TenantClock } from "../clock";
import type { Group, Guid } from "./entities";

interface Change {
  readonly atMs: number;
  readonly groupId: Guid;
  readonly memberId: Guid;
  readonly joined: boolean;
}

type Kind = "user" | "group";

const none: ReadonlySet<Guid> = new Set<Guid>();

/** Indexes memberships by group and by member. If lists lag, it also keeps the older state that they show. */
export class MembershipIndex {
  readonly #groupsOf = new Map<Guid, Set<Guid>>();
  /** Cache of direct members in list order, by group; rebuilt on the first read after a change. */
  readonly #gathered = new Map<Guid, Partial<Record<Kind | "any", readonly Guid[]>>>();
  /** Changes that lists may not show yet, by group and by member, oldest first. */
  readonly #recentOfGroup = new Map<Guid, Change[]>();
  readonly #recentOfMember = new Map<Guid, Change[]>();

  constructor(
    readonly clock: TenantClock,
    readonly lagMs: number,
  ) {}

  groupsOf(memberId: Guid): ReadonlySet<Guid> {
    return this.#groupsOf.get(memberId) ?? none;
  }

  add(group: Group, memberId: Guid, kind: Kind): void {
    (kind === "user" ? group.userMembers : group.groupMembers).add(memberId);
    const groups = this.#groupsOf.get(memberId);
    if (groups) groups.add(group.id);
    else this.#groupsOf.set(memberId, new Set([group.id]));
    this.#changed(group.id, memberId, true);
  }

  remove(group: Group, memberId: Guid, kind: Kind): void {
    (kind === "user" ? group.userMembers : group.groupMembers).delete(memberId);
    this.#groupsOf.get(memberId)?.delete(group.id);
    this.#changed(group.id, memberId, false);
  }

  /** Makes lists show all changes so far. */
  forgetRecent(): void {
    this.#recentOfGroup.clear();
    this.#recentOfMember.clear();
  }

  /** Direct members as a list shows them. A lagging list can contain objects that have been deleted from the tenant. */
  listedMembers(group: Group, kind: Kind | "any"): readonly Guid[] {
    const changes = this.#notYetListed(this.#recentOfGroup, group.id);
    if (changes.length === 0) return this.#gather(group, kind);
    const members = new Set(this.#gather(group, "any"));
    for (const { joined, memberId } of changes) {
      if (joined) members.delete(memberId);
      else members.add(memberId);
    }
    return [...members];
  }

  listedGroupsOf(memberId: Guid): readonly Guid[] {
    const groups = new Set(this.groupsOf(memberId));
    for (const { joined, groupId } of this.#notYetListed(this.#recentOfMember, memberId)) {
      if (joined) groups.delete(groupId);
      else groups.add(groupId);
    }
    return [...groups];
  }

  #gather(group: Group, kind: Kind | "any"): readonly Guid[] {
    const known = this.#gathered.get(group.id) ?? {};
    this.#gathered.set(group.id, known);
    return (known[kind] ??= [
      ...(kind === "group" ? [] : group.userMembers),
      ...(kind === "user" ? [] : group.groupMembers),
    ]);
  }

  /** Latest first, because they are undone in this order. */
  #notYetListed(recent: Map<Guid, Change[]>, id: Guid): readonly Change[] {
    const changes = recent.get(id);
    if (changes === undefined) return [];
    const lagging = changes.filter((change) => change.atMs > this.clock.nowMs() - this.lagMs);
    if (lagging.length === 0) recent.delete(id);
    else recent.set(id, lagging);
    return lagging.toReversed();
  }

  #changed(groupId: Guid, memberId: Guid, joined: boolean): void {
    this.#gathered.delete(groupId);
    if (this.lagMs === 0) return;
    const change = { atMs: this.clock.nowMs(), groupId, memberId, joined };
    remember(this.#recentOfGroup, groupId, change);
    remember(this.#recentOfMember, memberId, change);
  }
}

function remember(recent: Map<Guid, Change[]>, id: Guid, change: Change): void {
  const changes = recent.get(id);
  if (changes) changes.push(change);
  else recent.set(id, [change]);
}
