import type { Assignment, License } from "../../emulator";
import type { Seen, Statuses, Truth } from "./truth";

/** A write that takes SKUs off a group, as it was sent. */
export interface TakenOff {
  readonly groupId: string;
  readonly sentMs: number;
  /** It adds licences which the SKUs exclude: that cannot be proven before. */
  readonly isSwap: boolean;
  /** Plans that members had from these SKUs of the group, by user; of those only that have to be read back. */
  readonly gave: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface ShownMember {
  readonly assignments: readonly Assignment[];
  readonly location: string | null;
  readonly isRestricted: boolean;
}

export interface GroupWrite {
  readonly groupId: string;
  readonly add: readonly License[];
  readonly remove: readonly string[];
}

type ShownGroup = Omit<Seen["groups"][number], "id">;

/**
 * Judges each write to the licences of a group by what the program was shown since its last one: what comes is declared, what goes is
 * named or was given by the program, and each member keeps every plan by what was there when its members were last read.
 */
export class GroupWitness {
  readonly violations: string[] = [];
  readonly takenOff: TakenOff[] = [];
  readonly #members = new Map<string, ReadonlyMap<string, ShownMember>>();
  readonly #groups = new Map<string, ShownGroup>();
  #statuses: Statuses = new Map();
  #free: ReadonlyMap<string, number> = new Map();
  /** SKUs that the program has put on groups, as `group SKU`. */
  readonly #given = new Set<string>();

  constructor(
    private readonly truth: Truth,
    private readonly isOnRecord: (groupId: string, skuId: string) => boolean,
  ) {}

  /** What an earlier run has read counts for nothing. */
  begin(): void {
    this.#members.clear();
    this.#groups.clear();
  }

  members(groupId: string, members: ReadonlyMap<string, ShownMember>): void {
    this.#members.set(groupId, members);
  }

  group(groupId: string, shown: ShownGroup): void {
    this.#groups.set(groupId, shown);
  }

  skus(statuses: Statuses, free: ReadonlyMap<string, number>): void {
    this.#statuses = statuses;
    this.#free = new Map(free);
  }

  judge(write: GroupWrite, sentMs: number): void {
    const { groupId, add, remove } = write;
    for (const license of add)
      if (!this.#isDeclared(groupId, license)) this.#blame(write, "gives what is not declared");
    if (remove.length > 0) this.#judgeRemoval(write, sentMs);
    for (const { skuId } of add) this.#given.add(`${groupId} ${skuId}`);
    this.#members.delete(groupId);
  }

  #judgeRemoval(write: GroupWrite, sentMs: number): void {
    const { groupId, add, remove } = write;
    const { named, swapped } = this.truth.goingOff(groupId);
    const members = this.#members.get(groupId);
    const now = this.#groups.get(groupId);
    if (now === undefined || (members === undefined && now.licenses.length > 0)) {
      this.#blame(write, "no read was made for it");
      return;
    }
    for (const skuId of remove) {
      const isDeclared = this.truth.declaredOf(groupId).some((license) => license.skuId === skuId);
      const isOurs = this.#given.has(`${groupId} ${skuId}`);
      if (isDeclared || !(isOurs || named.has(skuId) || swapped.has(skuId)))
        this.#blame(write, `takes off ${skuId}, which nobody asked for`);
    }
    // A change of plans is no swap: then the SKU goes by the ordinary rule.
    const isNew = (skuId: string) => now.licenses.every((license) => license.skuId !== skuId);
    const isSwap = add.some(({ skuId }) => isNew(skuId)) && remove.every((skuId) => swapped.has(skuId));
    const gave = new Map<string, Set<string>>();
    for (const [userId, member] of members ?? []) {
      const going = member.assignments.filter((entry) => this.#goes(entry, write));
      if (going.length === 0) continue;
      const there = this.#staying(member.assignments, write, isSwap);
      const plans = going.flatMap((entry) => this.truth.plansOf(entry));
      const lost = plans.filter((planId) => !this.truth.isKept(planId, there));
      if (lost.length > 0) this.#blame(write, `takes ${lost.join(", ")} from user ${userId}`);
      const later = going.filter((entry) => this.#isFollowed(groupId, entry));
      if (later.length > 0) gave.set(userId, new Set(later.flatMap((entry) => this.truth.plansOf(entry))));
      for (const { skuId } of later)
        if (!this.isOnRecord(groupId, skuId)) this.#blame(write, `takes off ${skuId}, which is not on record`);
    }
    if (isSwap) this.#judgeSwap(write, now, members ?? new Map());
    this.takenOff.push({ groupId, sentMs, isSwap, gave });
  }

  /** A swap cannot be proven, so nothing that is known stands in its way, and each member could be repaired. */
  #judgeSwap(write: GroupWrite, now: ShownGroup, members: ReadonlyMap<string, ShownMember>): void {
    const { add, remove, groupId } = write;
    if (now.processingState !== "ProcessingComplete") this.#blame(write, "swaps while Entra processes the group");
    for (const { skuId } of add) {
      if (this.truth.statusOf(skuId, this.#statuses) !== "good") this.#blame(write, `swaps to ${skuId}, which ends`);
      const isIn = ({ skuId: id, state }: Assignment) => id === skuId && state !== "Error";
      const lacking = [...members.values()].filter(({ assignments }) => !assignments.some(isIn)).length;
      if (lacking > (this.#free.get(skuId) ?? 0)) this.#blame(write, `swaps to ${skuId} without seats`);
    }
    for (const [userId, { assignments, location, isRestricted }] of members) {
      const isElse = ({ skuId, assignedByGroup, state }: Assignment) =>
        remove.includes(skuId) && assignedByGroup !== groupId && state.startsWith("Active");
      if (location === null || isRestricted) this.#blame(write, `swaps for user ${userId}, who could not be repaired`);
      if (assignments.some(isElse)) this.#blame(write, `swaps for user ${userId}, who has the old SKU otherwise`);
    }
  }

  #isDeclared(groupId: string, license: License): boolean {
    const declared = this.truth.declaredOf(groupId).find(({ skuId }) => skuId === license.skuId);
    return (
      declared !== undefined && [...declared.disabledPlans].sort().join() === [...license.disabledPlans].sort().join()
    );
  }

  #goes({ assignedByGroup, skuId, state }: Assignment, { groupId, remove }: GroupWrite): boolean {
    return (
      assignedByGroup === groupId &&
      remove.includes(skuId) &&
      state.startsWith("Active") &&
      this.truth.statusOf(skuId, this.#statuses) !== "ended"
    );
  }

  /** A SKU that shares a plan with what the group is declared to give goes when that is there, and is read back afterwards. */
  #isFollowed(groupId: string, entry: License): boolean {
    const given = new Set(this.truth.declaredOf(groupId).flatMap((license) => this.truth.plansOf(license)));
    return this.truth.plansOf(entry).some((planId) => this.truth.isKept(planId, given));
  }

  /** What a member keeps for sure: direct licences, and what groups gave and go on giving as they were shown. */
  #staying(assignments: readonly Assignment[], write: GroupWrite, isSwap: boolean): ReadonlySet<string> {
    const there = new Set(isSwap ? write.add.flatMap((license) => this.truth.plansOf(license)) : []);
    for (const entry of assignments) {
      const { assignedByGroup: id, skuId, state, error } = entry;
      if (!state.startsWith("Active") || this.truth.statusOf(skuId, this.#statuses) === "ended") continue;
      const all = this.truth.plansOf(entry);
      if (id === null) {
        for (const planId of all) there.add(planId);
        continue;
      }
      const given = this.#groups.get(id);
      if (error !== "None" || given === undefined || this.#goes(entry, write)) continue;
      if (id !== write.groupId && given.processingState !== "ProcessingComplete") continue;
      const now = given.licenses.filter((license) => license.skuId === skuId);
      const on = new Set(now.flatMap((license) => this.truth.plansOf(license)));
      for (const planId of all) if (on.has(planId)) there.add(planId);
    }
    return there;
  }

  #blame({ groupId, remove }: GroupWrite, why: string): void {
    this.violations.push(`a write to group ${groupId} that takes off ${remove.length} SKUs ${why}`);
  }
}
