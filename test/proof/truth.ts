import type { Assignment, Emulator, Group, License } from "../../emulator";
import type { BlockReason } from "../../licensing/decision/block-reason";
import type { ExistingGroupSpec } from "../../licensing/stack-file/stack-file";

/** Graph's words about a SKU whose subscription has ended. */
export const NO_COMPANY_LICENSE = "does not correspond to a valid company License";

/**
 * What is true in the embedded tenant, from its own objects and in few lines: no code of the product, so that both can only
 * agree where both are right.
 */
export class Truth {
  readonly #refused = new Map<string, string>();

  constructor(
    private readonly emulator: Emulator,
    private declared: readonly ExistingGroupSpec[],
    private readonly accepted: Accepted,
  ) {}

  /** From now on the stack file has these groups: the same ones, with what each of them gives by now. */
  declare(groups: readonly ExistingGroupSpec[]): void {
    this.declared = groups;
  }

  groups(): readonly Group[] {
    return this.declared.map(({ existing }) => this.emulator.tenant.group(existing));
  }

  /** What the stack file says that a group gives. */
  declaredOf(groupId: string): readonly License[] {
    const group = this.declared.find(({ existing }) => this.emulator.tenant.group(existing).id === groupId);
    return (group?.licenses ?? []).map(({ sku, disabledPlans }) => ({
      skuId: this.emulator.tenant.sku(sku).skuId,
      disabledPlans: disabledPlans.map((plan) => this.emulator.tenant.plan(plan)),
    }));
  }

  /** SKUs that the stack file names to go off a group: by themselves, or in the call that adds what they exclude. */
  goingOff(groupId: string): { readonly named: ReadonlySet<string>; readonly swapped: ReadonlySet<string> } {
    const group = this.declared.find(({ existing }) => this.emulator.tenant.group(existing).id === groupId);
    const idsOf = (skus: readonly string[] = []) => new Set(skus.map((sku) => this.emulator.tenant.sku(sku).skuId));
    return { named: idsOf(group?.removeLicenses), swapped: idsOf(group?.swapInOneCall) };
  }

  skuIds(): ReadonlySet<string> {
    return new Set(this.groups().flatMap(({ id }) => this.declaredOf(id).map(({ skuId }) => skuId)));
  }

  /** The SKUs that a group's licences are declared to replace, each with the SKU that does. */
  replacedBy(groupId: string): readonly { readonly skuId: string; readonly by: string }[] {
    const { tenant } = this.emulator;
    const group = this.declared.find(({ existing }) => tenant.group(existing).id === groupId);
    return (group?.licenses ?? []).flatMap(({ sku, replaces = [] }) =>
      replaces.map((each) => ({ skuId: tenant.sku(each).skuId, by: tenant.sku(sku).skuId })),
    );
  }

  /** The SKUs of a group that stand for this one: itself, and those that replace it. */
  instead(groupId: string, skuId: string): ReadonlySet<string> {
    const replacing = this.replacedBy(groupId).filter((each) => each.skuId === skuId);
    return new Set([skuId, ...replacing.map(({ by }) => by)]);
  }

  /**
   * Whether a user's direct licence is a matter of the stack file: any group gives the SKU, or one of the user's replaces it.
   *
   * @param memberOf as the program was shown; default: as it is
   */
  isInScope(userId: string, skuId: string, memberOf: ReadonlySet<string> = this.seenNow(userId).memberOf): boolean {
    const { tenant } = this.emulator;
    const mine = this.groups().filter(
      ({ id, groupMembers }) =>
        memberOf.has(id) || [...groupMembers].some((nested) => tenant.group(nested).userMembers.has(userId)),
    );
    return this.skuIds().has(skuId) || mine.some(({ id }) => this.replacedBy(id).some((each) => each.skuId === skuId));
  }

  /** Whether a plan is among those that are there, or one that succeeds it. */
  isKept(planId: string, there: ReadonlySet<string>): boolean {
    return [planId, ...this.successorsOf(planId)].some((each) => there.has(each));
  }

  successorsOf(planId: string): readonly string[] {
    return this.accepted.successors.filter(([plan]) => plan === planId).map(([, by]) => by);
  }

  /** The plans that one of these succeeds. */
  succeededBy(planId: string): readonly string[] {
    return this.accepted.successors.filter(([, by]) => by === planId).map(([plan]) => plan);
  }

  /** Plans of a licence that are on and apply to users. */
  plansOf({ skuId, disabledPlans }: License): readonly string[] {
    return this.emulator.tenant
      .sku(skuId)
      .servicePlans.filter((plan) => plan.appliesTo === "User" && !disabledPlans.includes(plan.servicePlanId))
      .map((plan) => plan.servicePlanId);
  }

  /** The plans that are off in it and that its SKU still has. */
  offToday({ skuId, disabledPlans }: License): readonly string[] {
    const plans = this.emulator.tenant.sku(skuId).servicePlans.map(({ servicePlanId }) => servicePlanId);
    return disabledPlans.filter((plan) => plans.includes(plan)).sort();
  }

  /** What a user has from known sources. A licence from nowhere works today, for an unknown time: unknown is not safe. */
  sourced(userId: string): ReadonlySet<string> {
    const { assignments } = this.emulator.tenant.user(userId).holdings;
    return new Set(
      assignments
        .filter(({ state, skuId }) => state.startsWith("Active") && this.statusOf(skuId) !== "ended")
        .flatMap((entry) => this.plansOf(entry)),
    );
  }

  /** How a subscription stands: in force, about to end, or ended. */
  statusOf(skuId: string, statuses: Statuses = this.statuses()): "good" | "ending" | "ended" {
    const status = statuses.get(skuId);
    return status === "Enabled" ? "good" : status === "Warning" ? "ending" : "ended";
  }

  statuses(): Statuses {
    const { tenant } = this.emulator;
    const skuIds = [
      ...this.skuIds(),
      ...this.groups().flatMap(({ id, licenses }) => [...this.replacedBy(id), ...licenses].map(({ skuId }) => skuId)),
      ...tenant.users().flatMap(({ holdings }) => holdings.assignments.map((e) => e.skuId)),
    ];
    return new Map(skuIds.map((skuId) => [skuId, tenant.sku(skuId).capabilityStatus]));
  }

  /**
   * What a user keeps without any direct licence, by what was seen of them, of their memberships, of the groups and of the SKUs: for as
   * long as a direct licence of this SKU would last.
   */
  staying({ assignments, memberOf, groups, statuses, ends }: Seen, insteadOf: string): ReadonlySet<string> {
    const staying = new Set<string>();
    for (const { id, processingState, licenses } of groups) {
      if (!memberOf.has(id) || ends.has(id) || processingState !== "ProcessingComplete") continue;
      for (const entry of assignments) {
        if (!this.lasts(entry.skuId, insteadOf, statuses)) continue;
        if (entry.assignedByGroup !== id || entry.state !== "Active" || entry.error !== "None") continue;
        const given = [licenses, this.declaredOf(id)].map((all) => {
          const license = all.find(({ skuId }) => skuId === entry.skuId);
          return license === undefined ? [] : this.plansOf(license);
        });
        for (const plan of this.plansOf(entry)) if (given.every((plans) => plans.includes(plan))) staying.add(plan);
      }
    }
    return staying;
  }

  lasts(skuId: string, insteadOf: string, statuses: Statuses): boolean {
    const status = this.statusOf(skuId, statuses);
    return status === "good" || (status === "ending" && this.statusOf(insteadOf, statuses) !== "good");
  }

  /** Whether a direct licence may go: it is replaced, and could be put back. */
  mayGo(license: License, seen: Seen): boolean {
    return this.mayBeWritten(license.skuId, seen) && this.isReplaced(license, seen);
  }

  /** Whether the user's direct licence of the SKU may go as far as its return is concerned. */
  mayBeWritten(skuId: string, seen: Seen): boolean {
    if (seen.isRestricted) return false;
    if (this.acceptsNoWayBack(skuId)) return true;
    return (
      seen.location !== null && this.statusOf(skuId, seen.statuses) !== "ended" && !this.isReplacedTrial(skuId, seen)
    );
  }

  /** Whether the stack file lets direct licences of the SKU go that could not be put back. */
  acceptsNoWayBack(skuId: string): boolean {
    const { noWayBack } = this.accepted;
    return typeof noWayBack === "boolean" ? noWayBack : noWayBack.has(skuId);
  }

  /** A trial that the user's groups replace and none of them gives: once it has ended, nothing brings it back. */
  isReplacedTrial(skuId: string, { memberOf }: Pick<Seen, "memberOf">): boolean {
    const mine = [...memberOf];
    return (
      skuId === this.accepted.trial &&
      mine.some((id) => this.replacedBy(id).some((each) => each.skuId === skuId)) &&
      !mine.some((id) => this.declaredOf(id).some((each) => each.skuId === skuId))
    );
  }

  /** Entra answers that no app may write to the user, or that this swap cannot be, last seen like this: while nothing of it changes, it would answer so again. */
  refuse(userId: string, seen: SeenOfUser): void {
    this.#refused.set(userId, circumstances(seen));
  }

  wasRefused(userId: string): boolean {
    return this.#refused.get(userId) === this.circumstancesOf(userId);
  }

  /** All of a user that a refusal may depend on. */
  circumstancesOf(userId: string): string {
    return circumstances(this.seenNow(userId));
  }

  /** A user as they are now. */
  seenNow(userId: string): Seen {
    const groups = this.groups();
    const memberOf = new Set(groups.filter(({ userMembers }) => userMembers.has(userId)).map(({ id }) => id));
    const {
      holdings,
      usageLocation: location,
      isManagementRestricted: isRestricted,
    } = this.emulator.tenant.user(userId);
    const ends = new Set(
      groups.filter(({ timeBound }) => (timeBound.get(userId)?.untilMs ?? null) !== null).map(({ id }) => id),
    );
    const statuses = this.statuses();
    return { assignments: holdings.assignments, memberOf, groups, statuses, ends, location, isRestricted };
  }

  /** Plans of a direct licence that would go with it, and that no successor keeps. */
  lostWithout(license: License, seen: Seen): readonly string[] {
    const staying = this.staying(seen, license.skuId);
    return this.plansOf(license).filter((plan) => !this.isKept(plan, staying));
  }

  /**
   * What one call could add directly while it removes this licence, by each group of the user that replaces it: of licences that the group
   * gives, that are in error for the user because plans exclude each other, and that would last.
   */
  offers(license: License, seen: Seen): readonly (readonly License[])[] {
    return seen.groups.flatMap(({ id, processingState, licenses }) => {
      const entries = seen.assignments.filter(({ assignedByGroup }) => assignedByGroup === id);
      const isExcluded = entries.some(
        ({ state, error }) => state === "Error" && error === "MutuallyExclusiveViolation",
      );
      if (!seen.memberOf.has(id) || seen.ends.has(id) || processingState !== "ProcessingComplete" || !isExcluded)
        return [];
      const offered = this.declaredOf(id).flatMap((declared) => {
        const { skuId } = declared;
        const given = licenses.find((each) => each.skuId === skuId);
        const isInError = entries.some((each) => each.skuId === skuId && each.state === "Error");
        const isHeld = seen.assignments.some((each) => each.skuId === skuId && each.assignedByGroup === null);
        if (given === undefined || !isInError || isHeld || !this.lasts(skuId, license.skuId, seen.statuses)) return [];
        return [{ skuId, disabledPlans: [...new Set([...declared.disabledPlans, ...given.disabledPlans])] }];
      });
      const instead = this.instead(id, license.skuId);
      const isOffered = offered.some(({ skuId }) => skuId !== license.skuId && instead.has(skuId));
      return isOffered ? [offered] : [];
    });
  }

  /** Whether a call that adds these licences and removes that one keeps all of it. */
  maySwap(license: License, added: readonly License[], seen: Seen): boolean {
    if (!this.mayBeWritten(license.skuId, seen)) return false;
    const gained = new Set(added.flatMap((each) => this.plansOf(each)));
    const isOffered = (offer: readonly License[]) =>
      added.every((each) => {
        const offered = offer.find(({ skuId }) => skuId === each.skuId);
        return offered?.disabledPlans.every((plan) => each.disabledPlans.includes(plan)) === true;
      });
    return (
      this.offers(license, seen).some(isOffered) &&
      this.lostWithout(license, seen).every((plan) => this.isKept(plan, gained))
    );
  }

  /** Whether a swap is due: with all that a group offers nothing is lost, and each of it has a free seat. */
  shouldSwap(license: License, seen: Seen): boolean {
    return this.offers(license, seen).some(
      (offer) => offer.every(({ skuId }) => this.freeSeats(skuId) > 0) && this.maySwap(license, offer, seen),
    );
  }

  /** Whether a user that exists has no seat of the SKU, from a known source or from none. */
  lacks(userId: string, skuId: string): boolean {
    const user = this.emulator.tenant.users().find(({ id }) => id === userId);
    if (user === undefined) return false;
    const { assignments, hidden } = user.holdings;
    return ![...assignments.filter(({ state }) => state !== "Error"), ...hidden].some((each) => each.skuId === skuId);
  }

  freeSeats(skuId: string): number {
    const { tenant } = this.emulator;
    const { enabled, warning } = tenant.sku(skuId).seats;
    return enabled + warning - tenant.seatsUsed(skuId);
  }

  /** Whether all that a direct licence gives stays without it; of one with nothing on, that the SKU itself is inherited. */
  isReplaced(license: License, seen: Seen): boolean {
    if (this.plansOf(license).length > 0) return this.lostWithout(license, seen).length === 0;
    return seen.groups.some(({ id, processingState, licenses }) => {
      if (!seen.memberOf.has(id) || seen.ends.has(id) || processingState !== "ProcessingComplete") return false;
      return [...this.instead(id, license.skuId)].some((instead) => {
        const gives = (all: readonly License[]) => all.some(({ skuId }) => skuId === instead);
        return (
          this.lasts(instead, license.skuId, seen.statuses) &&
          gives(licenses) &&
          gives(this.declaredOf(id)) &&
          seen.assignments.some(
            ({ assignedByGroup, skuId, state, error }) =>
              assignedByGroup === id && skuId === instead && state === "Active" && error === "None",
          )
        );
      });
    });
  }

  /** What of a block reason is not so now, in words; `null` where all of it is. */
  lieIn(userId: string, skuId: string, reason: BlockReason): string | null {
    const { assignments, memberOf } = this.seenNow(userId);
    const groups = this.groups();
    const giving = groups.filter(({ id }) => {
      const instead = this.instead(id, skuId);
      return this.declaredOf(id).some((license) => instead.has(license.skuId));
    });
    const idsOf = (of: readonly Group[]) =>
      of
        .map(({ id }) => id)
        .sort()
        .join();
    const joined = giving.filter(({ id }) => memberOf.has(id));
    const around = giving.filter(({ groupMembers }) =>
      [...groupMembers].some((id) => this.emulator.tenant.group(id).userMembers.has(userId)),
    );
    // Where the user is in no group that gives the SKU itself, what keeps other SKUs of its groups from replacing it is told.
    const direct = assignments.find((entry) => entry.skuId === skuId && entry.assignedByGroup === null);
    const needed = direct === undefined ? [] : this.plansOf(direct);
    const isByItself = joined.every(({ id }) => this.instead(id, skuId).size === 1);
    const replaces = (groupId: string, license: License) =>
      this.instead(groupId, skuId).has(license.skuId) ||
      ((joined.length === 0 || !isByItself) &&
        needed.some((plan) => this.isKept(plan, new Set(this.plansOf(license)))));
    const replacing = groups.filter(
      ({ id }) => memberOf.has(id) && this.declaredOf(id).some((license) => replaces(id, license)),
    );
    const entriesOf = (groupId: string) =>
      assignments.filter(
        (entry) =>
          entry.assignedByGroup === groupId &&
          // An entry in error lags behind what its group gives by now.
          (replaces(groupId, entry) ||
            this.declaredOf(groupId).some((each) => each.skuId === entry.skuId && replaces(groupId, each))),
      );
    const so = (isTrue: boolean) => (isTrue ? null : `${JSON.stringify(reason)} is not so`);
    switch (reason.kind) {
      case "not-a-member":
        return so(joined.length + around.length === 0 && reason.groupIds.join() === idsOf(giving));
      case "nested-only":
        return so(joined.length === 0 && around.length > 0 && reason.groupIds.join() === idsOf(around));
      case "not-yet-inherited": {
        const isWaiting = replacing.some(
          ({ id, processingState }) => entriesOf(id).length === 0 || processingState !== "ProcessingComplete",
        );
        return so(isWaiting);
      }
      case "inherited-in-error":
        return so(
          memberOf.has(reason.groupId) &&
            entriesOf(reason.groupId).some((each) => hasTrouble(each, "Error", reason.cause)),
        );
      case "inherited-active-with-error":
        return so(
          memberOf.has(reason.groupId) &&
            entriesOf(reason.groupId).some((each) => hasTrouble(each, "ActiveWithError", reason.cause)),
        );
      case "plans-missing": {
        const lost = direct === undefined ? [] : this.lostWithout(direct, this.seenNow(userId));
        return so(lost.length > 0 && [...lost].sort().join() === [...reason.planIds].sort().join());
      }
      case "subscription-ended":
        return so(this.statusOf(reason.skuId) === "ended");
      case "subscription-ending":
        return so(this.statusOf(reason.skuId) === "ending" && this.statusOf(skuId) === "good");
      case "membership-ends":
        return so(memberOf.has(reason.groupId) && this.seenNow(userId).ends.has(reason.groupId));
      case "no-usage-location":
        return so(this.emulator.tenant.user(userId).usageLocation === null);
      case "management-restricted":
        return so(this.emulator.tenant.user(userId).isManagementRestricted);
      case "refused":
        return so(this.wasRefused(userId));
      case "trial":
        return so(reason.skuId === skuId && this.isReplacedTrial(skuId, { memberOf }));
      case "no-seat-to-swap":
        return so(this.freeSeats(reason.skuId) <= 0 && joined.length > 0);
      case "not-assignable-again":
        return so(reason.skuId === skuId && this.statusOf(skuId) === "ended");
      case "sku-not-listed":
        return so(reason.skuId === skuId && this.statusOf(skuId) === "ended");
      case "source-unknown":
        return so(
          this.emulator.tenant.user(userId).holdings.hidden.some((license) => license.skuId === skuId) &&
            !assignments.some((entry) => entry.skuId === skuId),
        );
      default:
        return `${reason.kind} is no reason of a tenant at rest`;
    }
  }
}

/** What the stack file accepts, by ids. */
export interface Accepted {
  /** Plans, each with one that counts as it. */
  readonly successors: readonly (readonly [string, string])[];
  /** SKUs with direct licences that may go without a way back: all, none, or these. */
  readonly noWayBack: boolean | ReadonlySet<string>;
  /** The SKU that is a trial. */
  readonly trial: string | null;
}

/** What one look, or several in a row, showed of a user. */
export interface Seen extends SeenOfUser {
  readonly memberOf: ReadonlySet<string>;
  readonly groups: readonly Pick<Group, "id" | "processingState" | "licenses">[];
  readonly statuses: Statuses;
  /** Groups with a membership that ends by itself. */
  readonly ends: ReadonlySet<string>;
}

export interface SeenOfUser {
  readonly assignments: readonly Assignment[];
  readonly location: string | null;
  readonly isRestricted: boolean;
}

/** The status of each subscription, by skuId. */
export type Statuses = ReadonlyMap<string, string>;

function circumstances({ assignments, isRestricted }: SeenOfUser): string {
  const held = assignments.map(({ skuId, assignedByGroup, disabledPlans, state, error }) =>
    JSON.stringify([skuId, assignedByGroup, [...disabledPlans].sort(), state, error]),
  );
  return [...held.sort(), isRestricted].join();
}

function hasTrouble(entry: Assignment, state: Assignment["state"], cause: string): boolean {
  return entry.state === state && entry.error === cause;
}
