import type { TenantClock } from "../clock";
import type { Group, Guid } from "./entities";

interface Change {
  readonly atMs: number;
  readonly groupId: Guid;
  readonly memberId: Guid;
  readonly joined: boolean;
}

const none: ReadonlySet<Guid> = new Set<Guid>();

/** Who is in which group, from both ends; and, where lists lag, what they still show. */
export class MembershipIndex {
  readonly #groupsOf = new Map<Guid, Set<Guid>>();
  #recent: Change[] = [];

  constructor(
    readonly clock: TenantClock,
    readonly lagMs: number,
  ) {}

  groupsOf(memberId: Guid): ReadonlySet<Guid> {
    return this.#groupsOf.get(memberId) ?? none;
  }

  add(group: Group, memberId: Guid, kind: "user" | "group"): void {
    (kind === "user" ? group.userMembers : group.groupMembers).add(memberId);
    const groups = this.#groupsOf.get(memberId);
    if (groups) groups.add(group.id);
    else this.#groupsOf.set(memberId, new Set([group.id]));
    this.#remember(group.id, memberId, true);
  }

  remove(group: Group, memberId: Guid, kind: "user" | "group"): void {
    (kind === "user" ? group.userMembers : group.groupMembers).delete(memberId);
    this.#groupsOf.get(memberId)?.delete(group.id);
    this.#remember(group.id, memberId, false);
  }

  /** Everything so far is listed. */
  forgetRecent(): void {
    this.#recent = [];
  }

  /** First-level members as a list shows them. */
  listedMembers(group: Group): Guid[] {
    const members = new Set([...group.userMembers, ...group.groupMembers]);
    for (const change of this.#notYetListed()) {
      if (change.groupId !== group.id) continue;
      if (change.joined) members.delete(change.memberId);
      else members.add(change.memberId);
    }
    return [...members];
  }

  listedGroupsOf(memberId: Guid): Guid[] {
    const groups = new Set(this.groupsOf(memberId));
    for (const change of this.#notYetListed()) {
      if (change.memberId !== memberId) continue;
      if (change.joined) groups.delete(change.groupId);
      else groups.add(change.groupId);
    }
    return [...groups];
  }

  /** The latest first: undone in this order. */
  #notYetListed(): Change[] {
    if (this.lagMs === 0) return [];
    this.#recent = this.#recent.filter((change) => change.atMs > this.clock.nowMs() - this.lagMs);
    return [...this.#recent].reverse();
  }

  #remember(groupId: Guid, memberId: Guid, joined: boolean): void {
    if (this.lagMs > 0) this.#recent.push({ atMs: this.clock.nowMs(), groupId, memberId, joined });
  }
}
