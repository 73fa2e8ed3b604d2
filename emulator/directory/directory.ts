import type { TenantClock } from "../clock";
import { isServed, type Cause, type DeletedGroup, type Group, type Guid, type Holdings, type Sku } from "./entities";
import type { TenantFacts, User } from "./entities";
import { IdSet } from "./id-set";
import { LicenseIndex } from "./license-index";
import { MembershipIndex } from "./membership-index";
import { NewGroups, type HiddenFor } from "./new-groups";
import { PlanSets } from "./plan-sets";

/** Called after every change of a user's licences, in order. */
export type HoldingsListener = (user: User, before: Holdings, cause: Cause) => void;

const BIN_MS = 30 * 24 * 3_600_000;

const nothing: Holdings = { assignments: [], hidden: [] };

/** The tenant's objects and indexes. Every change of a user's licences goes through `changeHoldings`. */
export class Directory {
  readonly users = new Map<Guid, User>();
  readonly groups = new Map<Guid, Group>();
  /** The recycle bin, which keeps cloud security groups for 30 days. */
  readonly deletedGroups = new Map<Guid, DeletedGroup>();
  readonly skus = new Map<Guid, Sku>();
  readonly planSets = new PlanSets(this.skus);
  readonly licenses = new LicenseIndex();
  readonly memberships: MembershipIndex;
  readonly newGroups: NewGroups;
  #hasBegun = false;
  readonly #listeners: HoldingsListener[] = [];
  readonly #userIds = new IdSet();
  readonly #usersByUpn = new Map<string, Guid>();
  readonly #groupsByName = new Map<string, Set<Guid>>();

  constructor(
    readonly facts: TenantFacts,
    readonly clock: TenantClock,
    /** Delay until lists show a write, in milliseconds. */
    readonly lagMs: number,
    hiddenNewGroups: readonly HiddenFor[] = [],
  ) {
    this.newGroups = new NewGroups(clock, hiddenNewGroups);
    this.memberships = new MembershipIndex(clock, lagMs);
  }

  onHoldings(listener: HoldingsListener): void {
    this.#listeners.push(listener);
  }

  user(idOrUpn: string): User | undefined {
    const key = idOrUpn.toLowerCase();
    return this.users.get(key) ?? this.users.get(this.#usersByUpn.get(key) ?? "");
  }

  userIds(): readonly Guid[] {
    return this.#userIds.list();
  }

  groupsNamed(displayName: string): Group[] {
    const ids = this.#groupsByName.get(displayName.toLowerCase()) ?? [];
    return [...ids].flatMap((id) => this.groups.get(id) ?? []);
  }

  addUser(user: User): void {
    this.users.set(user.id, user);
    this.#userIds.add(user.id);
    this.#usersByUpn.set(user.userPrincipalName.toLowerCase(), user.id);
  }

  removeUser(user: User, cause: Cause): void {
    for (const group of this.groupsOf(user.id)) this.memberships.remove(group, user.id, "user");
    this.changeHoldings(user, nothing, cause);
    this.users.delete(user.id);
    this.#userIds.delete(user.id);
    this.#usersByUpn.delete(user.userPrincipalName.toLowerCase());
  }

  addGroup(group: Group): void {
    this.groups.set(group.id, group);
    this.#nameGroup(group);
    if (this.#hasBegun) this.newGroups.made(group.id);
  }

  removeGroup(group: Group): void {
    for (const id of [...group.userMembers]) this.memberships.remove(group, id, "user");
    for (const id of [...group.groupMembers]) this.memberships.remove(group, id, "group");
    for (const parent of this.groupsOf(group.id)) this.memberships.remove(parent, group.id, "group");
    this.groups.delete(group.id);
    if (!group.onPremisesSyncEnabled && !group.mailEnabled) {
      this.deletedGroups.set(group.id, { group, atMs: this.clock.nowMs() });
      this.clock.after(BIN_MS, () => this.deletedGroups.delete(group.id));
    }
    this.#groupsByName.get(group.displayName.toLowerCase())?.delete(group.id);
  }

  renameGroup(group: Group, displayName: string): void {
    this.#groupsByName.get(group.displayName.toLowerCase())?.delete(group.id);
    group.displayName = displayName;
    this.#nameGroup(group);
  }

  /** Groups of which a user or a group is a direct member. */
  groupsOf(memberId: Guid): Group[] {
    return [...this.memberships.groupsOf(memberId)].flatMap((id) => this.groups.get(id) ?? []);
  }

  /** Changes any number of SKUs in one step: the history records only the state before and after. */
  changeHoldings(user: User, next: Holdings, cause: Cause): void {
    const before = user.holdings;
    user.holdings = next;
    this.licenses.moved(user.id, before, next);
    if (this.lagMs > 0) this.licenses.keepOldVersion(user.id, before, this.clock.nowMs(), this.lagMs);
    for (const listener of this.#listeners) listener(user, before, cause);
  }

  /** Marks the loaded state as old: lists show all of it without delay. */
  begin(): void {
    this.memberships.forgetRecent();
    this.licenses.forgetOldVersions();
    this.#hasBegun = true;
  }

  /** The user's licences as lists show them: the state of `lagMs` ago. */
  listedHoldings(user: User): Holdings {
    return this.lagMs > 0
      ? this.licenses.versionAt(user.id, user.holdings, this.clock.nowMs() - this.lagMs)
      : user.holdings;
  }

  holdsSeat(user: User, skuId: Guid): boolean {
    return this.licenses.holders(skuId).has(user.id);
  }

  seatsUsed(skuId: Guid): number {
    return this.licenses.holders(skuId).size + (this.skus.get(skuId)?.seatsElsewhere ?? 0);
  }

  seatFree(skuId: Guid): boolean {
    const sku = this.skus.get(skuId);
    return isServed(sku) && sku !== undefined && this.seatsUsed(skuId) < sku.seats.enabled + sku.seats.warning;
  }

  plansInForce(holdings: Holdings): readonly Guid[] {
    return this.planSets.of(holdings);
  }

  #nameGroup(group: Group): void {
    const key = group.displayName.toLowerCase();
    const ids = this.#groupsByName.get(key) ?? new Set<Guid>();
    this.#groupsByName.set(key, ids.add(group.id));
  }
}
