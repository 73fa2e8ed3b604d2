import type { Assignment, Emulator } from "../../emulator";
import type { MoveBlock } from "../../licensing/decision/move-block";
import type { ExistingGroupSpec, MoveSpec } from "../../licensing/stack-file/stack-file";
import type { Seen, Truth } from "./truth";

/** Members of one group go to another, by ids; in a rollback the other way round. */
export interface Way {
  readonly leaveId: string;
  readonly joinId: string;
  readonly isBack: boolean;
}

/** What is true of moves from group to group, beside the truth of licences. */
export class TruthOfMoves {
  readonly #refused = new Map<string, string>();

  constructor(
    private readonly emulator: Emulator,
    private readonly truth: Truth,
    private readonly declared: readonly ExistingGroupSpec[],
    private readonly moves: readonly MoveSpec[],
  ) {}

  ways(): readonly Way[] {
    const idOf = (name: string) => {
      const found = this.declared.find((group) => group.name === name);
      if (found === undefined) throw new Error(`no group is called ${name}`);
      return this.emulator.tenant.group(found.existing).id;
    };
    return this.moves.map(({ from, to }) => ({ leaveId: idOf(from), joinId: idOf(to), isBack: false }));
  }

  /** The ways that lead out of a group, and into it. */
  out(leaveId: string): readonly Way[] {
    const back = this.ways().map((way) => ({ leaveId: way.joinId, joinId: way.leaveId, isBack: true }));
    return [...this.ways(), ...back].filter((way) => way.leaveId === leaveId);
  }

  /** What a group gives the user, in force. */
  given(assignments: readonly Assignment[], groupId: string, statuses: Seen["statuses"]): readonly Assignment[] {
    return assignments.filter(
      ({ assignedByGroup, state, skuId }) =>
        assignedByGroup === groupId && state.startsWith("Active") && this.truth.statusOf(skuId, statuses) !== "ended",
    );
  }

  /**
   * Plans that the user would lose by leaving, by what was seen: what stays are other groups, and direct licences.
   *
   * @param keep plans that the user must keep; absent: all that the group gives
   */
  lost({ leaveId }: Way, seen: Seen, keep?: ReadonlySet<string>): readonly string[] {
    const others = { ...seen, groups: seen.groups.filter(({ id }) => id !== leaveId) };
    const direct = seen.assignments.filter(
      ({ assignedByGroup, state, error }) => assignedByGroup === null && state === "Active" && error === "None",
    );
    const lost = this.given(seen.assignments, leaveId, seen.statuses).flatMap((license) => {
      const staying = new Set(this.truth.staying(others, license.skuId));
      for (const each of direct) {
        if (!this.truth.lasts(each.skuId, license.skuId, seen.statuses)) continue;
        for (const planId of this.truth.plansOf(each)) staying.add(planId);
      }
      return this.truth.plansOf(license).filter((planId) => !this.truth.isKept(planId, staying));
    });
    return [...new Set(lost)].filter((planId) => keep?.has(planId) !== false);
  }

  /** Whether the new group is a reason to leave: all of its licences are there, in force, for as long as the old ones. */
  hasArrived(way: Way, seen: Seen): boolean {
    const { joinId } = way;
    const group = seen.groups.find(({ id }) => id === joinId);
    return (
      seen.memberOf.has(joinId) &&
      group?.processingState === "ProcessingComplete" &&
      this.endIn(way, seen) === null &&
      this.truth
        .declaredOf(joinId)
        .every(({ skuId }) =>
          seen.assignments.some(
            (entry) =>
              entry.assignedByGroup === joinId &&
              entry.skuId === skuId &&
              entry.state === "Active" &&
              entry.error === "None",
          ),
        )
    );
  }

  /** What of the new group ends sooner than what the old one gives: the membership, or a subscription. */
  endIn({ leaveId, joinId }: Way, seen: Seen): string | null {
    if (seen.ends.has(joinId)) return "membership";
    const isLasting = this.given(seen.assignments, leaveId, seen.statuses).some(
      ({ skuId }) => this.truth.statusOf(skuId, seen.statuses) === "good",
    );
    const ending = this.truth.declaredOf(joinId).find(({ skuId }) => {
      const status = this.truth.statusOf(skuId, seen.statuses);
      return status === "ended" || (status === "ending" && isLasting);
    });
    return ending?.skuId ?? null;
  }

  /** Whether the user may leave the group: nothing is lost, and what is missing then could be assigned directly. */
  mayLeave(way: Way, seen: Seen, keep?: ReadonlySet<string>): boolean {
    return (
      !seen.isRestricted &&
      this.#couldBeGiven(way, seen) &&
      this.hasArrived(way, seen) &&
      this.lost(way, seen, keep).length === 0
    );
  }

  #couldBeGiven({ leaveId }: Way, { assignments, statuses, location }: Seen): boolean {
    return (
      location !== null ||
      this.given(assignments, leaveId, statuses).every(({ skuId }) => this.truth.acceptsNoWayBack(skuId))
    );
  }

  /** Graph refused to take the user out of the group, or to put them into it, while they were like this. */
  refuse(userId: string, groupId: string): void {
    this.#refused.set(`${userId} ${groupId}`, this.truth.circumstancesOf(userId));
  }

  wasRefused(userId: string, { leaveId, joinId }: Way): boolean {
    const now = this.truth.circumstancesOf(userId);
    return [leaveId, joinId].some((groupId) => this.#refused.get(`${userId} ${groupId}`) === now);
  }

  /** What of a reason to stay in the old group is not so now, in words; `null` where all of it is. */
  lieIn(userId: string, way: Way, reason: MoveBlock): string | null {
    const seen = this.truth.seenNow(userId);
    const so = (isTrue: boolean) => (isTrue ? null : `${userId}: ${JSON.stringify(reason)} is not so`);
    const isIn = seen.memberOf.has(way.joinId);
    switch (reason.kind) {
      case "plans-lost": {
        const lost = isIn ? this.lost(way, seen) : this.lost(way, this.#asJoined(way, seen));
        return so(lost.length > 0 && [...lost].sort().join() === [...reason.planIds].sort().join());
      }
      case "in-error":
        return so(
          !isIn ||
            seen.assignments.some(
              ({ assignedByGroup, skuId, error }) =>
                assignedByGroup === way.joinId && skuId === reason.skuId && error === reason.error,
            ),
        );
      case "no-seat":
        return so(this.truth.freeSeats(reason.skuId) <= 0);
      case "ends":
        return so(this.endIn(way, seen) !== null);
      case "no-usage-location":
        return so(!this.#couldBeGiven(way, seen));
      case "restricted":
        return so(seen.isRestricted);
      case "refused":
        return so(this.wasRefused(userId, way));
      default:
        return `${userId}: ${reason.kind} is no reason of a tenant at rest`;
    }
  }

  /** The user as a member of the new group, with all that is declared for it. */
  #asJoined({ joinId }: Way, seen: Seen): Seen {
    const declared = this.truth.declaredOf(joinId);
    const entries = declared.map((license): Assignment => ({
      ...license,
      assignedByGroup: joinId,
      state: "Active",
      error: "None",
      updatedMs: 0,
    }));
    return {
      ...seen,
      memberOf: new Set([...seen.memberOf, joinId]),
      assignments: [...seen.assignments.filter(({ assignedByGroup }) => assignedByGroup !== joinId), ...entries],
    };
  }
}
