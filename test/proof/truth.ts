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
    private readonly declared: readonly ExistingGroupSpec[],
  ) {}

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

  skuIds(): ReadonlySet<string> {
    return new Set(this.groups().flatMap(({ id }) => this.declaredOf(id).map(({ skuId }) => skuId)));
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
    const hasWayBack = seen.location !== null && this.statusOf(license.skuId, seen.statuses) !== "ended";
    return hasWayBack && !seen.isRestricted && this.isReplaced(license, seen);
  }

  /** Entra answers that no app may write to the user, last seen like this: while nothing of it changes, it would answer so again. */
  refuse(userId: string, seen: SeenOfUser): void {
    this.#refused.set(userId, circumstances(seen));
  }

  wasRefused(userId: string): boolean {
    return this.#refused.get(userId) === circumstances(this.seenNow(userId));
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

  /** Plans of a direct licence that would go with it. */
  lostWithout(license: License, seen: Seen): readonly string[] {
    const staying = this.staying(seen, license.skuId);
    return this.plansOf(license).filter((plan) => !staying.has(plan));
  }

  /** Whether all that a direct licence gives stays without it; of one with nothing on, that the SKU itself is inherited. */
  isReplaced(license: License, seen: Seen): boolean {
    if (this.plansOf(license).length > 0) return this.lostWithout(license, seen).length === 0;
    const gives = (licenses: readonly License[]) => licenses.some(({ skuId }) => skuId === license.skuId);
    return seen.groups.some(
      ({ id, processingState, licenses }) =>
        seen.memberOf.has(id) &&
        !seen.ends.has(id) &&
        this.lasts(license.skuId, license.skuId, seen.statuses) &&
        processingState === "ProcessingComplete" &&
        gives(licenses) &&
        gives(this.declaredOf(id)) &&
        seen.assignments.some(
          ({ assignedByGroup, skuId, state, error }) =>
            assignedByGroup === id && skuId === license.skuId && state === "Active" && error === "None",
        ),
    );
  }

  /** What of a block reason is not so now, in words; `null` where all of it is. */
  lieIn(userId: string, skuId: string, reason: BlockReason): string | null {
    const { assignments, memberOf } = this.seenNow(userId);
    const groups = this.groups();
    const giving = groups.filter(({ id }) => this.declaredOf(id).some((license) => license.skuId === skuId));
    const idsOf = (of: readonly Group[]) =>
      of
        .map(({ id }) => id)
        .sort()
        .join();
    const joined = giving.filter(({ id }) => memberOf.has(id));
    const around = giving.filter(({ groupMembers }) =>
      [...groupMembers].some((id) => this.emulator.tenant.group(id).userMembers.has(userId)),
    );
    // Where the user is in no group that gives the SKU, what keeps other SKUs of its groups from replacing it is told.
    const direct = assignments.find((entry) => entry.skuId === skuId && entry.assignedByGroup === null);
    const needed = direct === undefined ? [] : this.plansOf(direct);
    const replaces = (license: License) =>
      license.skuId === skuId || (joined.length === 0 && this.plansOf(license).some((plan) => needed.includes(plan)));
    const replacing = groups.filter(({ id }) => memberOf.has(id) && this.declaredOf(id).some(replaces));
    const entriesOf = (groupId: string) =>
      assignments.filter(
        (entry) =>
          entry.assignedByGroup === groupId &&
          // An entry in error lags behind what its group gives by now.
          (replaces(entry) || this.declaredOf(groupId).some((each) => each.skuId === entry.skuId && replaces(each))),
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
