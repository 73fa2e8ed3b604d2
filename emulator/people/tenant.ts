import type {
  App,
  Assignment,
  AssignmentState,
  Cause,
  Group,
  Guid,
  Sku,
  TimeBoundMembership,
  User,
  ViolationCause,
} from "../directory/entities";
import { makeGroup, makeUser } from "../directory/load";
import type { GroupSpec, LicenseSpec, UserSpec } from "../directory/spec";
import { changeDirectLicenses } from "../licensing/direct";
import { changeGroupLicenses, deleteGroup } from "../licensing/group";
import { addMember, removeMember } from "../licensing/membership";
import { type Rooms, TenantView } from "./tenant-view";

/**
 * Changes to the tenant from outside the program: by administrators, scripts or Microsoft. They and the background work that
 * they trigger have the cause `people`.
 */
export class Tenant extends TenantView {
  constructor(
    rooms: Rooms,
    readonly who = "admin@contoso.com",
    private readonly isApp = false,
  ) {
    super(rooms);
  }

  /** The same tenant, with changes under this person's name in the audit log. */
  as(who: string): Tenant {
    return new Tenant(this.rooms, who);
  }

  /** The same tenant, with changes under this app's name, for example the customer's earlier automation. */
  asApp(name: string): Tenant {
    return new Tenant(this.rooms, name, true);
  }

  // Changes by administrators.

  addUser(spec: UserSpec): User {
    const { directory } = this.rooms;
    const user = makeUser(spec, directory.facts, directory.clock.nowMs());
    directory.addUser(user);
    for (const license of spec.licenses ?? []) this.assignDirect(user.id, license.sku, license.disabledPlans);
    return user;
  }

  removeUser(user: string): void {
    this.rooms.directory.removeUser(this.names.user(user), this.#cause("deleted a user"));
  }

  addGroup(spec: GroupSpec): Group {
    const { directory } = this.rooms;
    const group = makeGroup({ ...spec, licenses: [] }, this.names, directory.clock.nowMs());
    directory.addGroup(group);
    for (const member of spec.members ?? []) this.joinGroup(member, group.id);
    if (spec.licenses && spec.licenses.length > 0) this.setGroupLicenses(group.id, spec.licenses);
    return group;
  }

  removeGroup(group: string): void {
    const { directory, audit } = this.rooms;
    deleteGroup(directory, audit, this.names.group(group), this.#cause("deleted a group"));
  }

  joinGroup(member: string, group: string): void {
    addMember(this.rooms, this.names.group(group), this.#memberId(member), this.#cause("added a member"));
  }

  leaveGroup(member: string, group: string): void {
    removeMember(this.rooms, this.names.group(group), this.#memberId(member), this.#cause("removed a member"));
  }

  assignDirect(user: string, sku: string, disabledPlans: readonly string[] = []): void {
    const license = this.names.license({ sku, disabledPlans: [...disabledPlans] });
    const change = { addLicenses: [license], removeLicenses: [] };
    changeDirectLicenses(this.rooms.directory, this.names.user(user), change, this.#cause("assigned a licence"));
  }

  removeDirect(user: string, sku: string): void {
    const change = { addLicenses: [], removeLicenses: [this.names.sku(sku).skuId] };
    changeDirectLicenses(this.rooms.directory, this.names.user(user), change, this.#cause("removed a direct licence"));
  }

  /** Replaces the group's licences. An empty list removes all. */
  setGroupLicenses(group: string, licenses: readonly LicenseSpec[]): void {
    const target = this.names.group(group);
    const addLicenses = licenses.map((license) => this.names.license(license));
    const kept = new Set(addLicenses.map((license) => license.skuId));
    const removeLicenses = target.licenses.map((license) => license.skuId).filter((skuId) => !kept.has(skuId));
    const { directory, processing } = this.rooms;
    changeGroupLicenses(
      directory,
      processing,
      target,
      { addLicenses, removeLicenses },
      this.#cause("set group licences"),
    );
  }

  renameGroup(group: string, displayName: string): void {
    this.rooms.directory.renameGroup(this.names.group(group), displayName);
  }

  /** Changes the membership rule of a dynamic group. Entra evaluates it some time later. */
  setRule(group: string, membershipRule: string): void {
    const found = this.names.group(group);
    const before = found.membershipRule;
    found.membershipRule = membershipRule;
    const cause = this.#cause("changed the rule of a group");
    this.rooms.audit.ruleChanged(found, before, cause);
    this.rooms.rules.changed(found, cause);
  }

  setUsageLocation(user: string, usageLocation: string | null): void {
    this.names.user(user).usageLocation = usageLocation;
  }

  /** Puts a user or a group into a restricted management administrative unit, or takes it out. */
  setManagementRestricted(userOrGroup: string, restricted: boolean): void {
    const object = userOrGroup.includes("@") ? this.names.user(userOrGroup) : this.names.group(userOrGroup);
    object.isManagementRestricted = restricted;
  }

  setAccountEnabled(user: string, enabled: boolean): void {
    this.names.user(user).accountEnabled = enabled;
  }

  /** While a rule is paused, Entra leaves the group's members unchanged. */
  pauseRule(group: string, isPaused = true): void {
    this.names.group(group).rulePaused = isPaused;
  }

  /** Deletes a group with its licences. Members keep their inherited entries, because Entra has not processed them yet. */
  deleteGroupUnprocessed(group: string): void {
    const target = this.names.group(group);
    target.licenses = [];
    this.rooms.directory.removeGroup(target);
  }

  /** Gives a membership an end, as Privileged Identity Management does; `null` for a managed membership without an end. */
  endMembership(user: string, group: string, until: Date | null, more: { isActivated?: boolean } = {}): void {
    const { clock } = this.rooms.directory;
    const target = this.names.group(group);
    const { id } = this.names.user(user);
    const untilMs = until?.getTime() ?? null;
    const bound: TimeBoundMembership = {
      ...{ accessId: "member", fromMs: clock.nowMs(), untilMs },
      isActivated: more.isActivated ?? false,
    };
    target.timeBound.set(id, bound);
    if (untilMs === null) return;
    clock.after(Math.max(0, untilMs - clock.nowMs()), () => {
      if (target.timeBound.get(id) !== bound) return;
      target.timeBound.delete(id);
      if (target.userMembers.has(id)) removeMember(this.rooms, target, id, this.#cause("a membership ended"));
    });
  }

  /** Makes a managed membership permanent and unmanaged. */
  keepMembership(user: string, group: string): void {
    this.names.group(group).timeBound.delete(this.names.user(user).id);
  }

  /** Sets a subscription's status (Enabled, Warning, Suspended, LockedOut or Deleted) and the given unit counts. */
  setSubscription(sku: string, capabilityStatus: string, units: Partial<Sku["seats"]> = {}): void {
    const change = (target: Sku) => {
      target.capabilityStatus = capabilityStatus;
      Object.assign(target.seats, units);
    };
    this.#changePlans(sku, change, "the subscription changed");
  }

  /** Removes a SKU from the tenant's list. Groups and users keep it. */
  dropSku(sku: string): void {
    const { skus } = this.rooms.directory;
    this.#changePlans(sku, ({ skuId }) => skus.delete(skuId), "the subscription is gone");
  }

  setSeats(sku: string, enabled: number): void {
    this.names.sku(sku).seats.enabled = enabled;
  }

  /** Changes an app's permissions. Tokens issued before keep theirs. */
  setPermissions(app: string, permissions: readonly string[]): void {
    this.#changeApp(app, { permissions });
  }

  /** Replaces an app's secret. Tokens issued before stay valid. */
  setSecret(app: string, secret: string): void {
    this.#changeApp(app, { secret });
  }

  // Changes by Microsoft, and irregular states.

  /** Adds a plan to a SKU, as Microsoft does. The plan is enabled in all existing assignments. */
  addServicePlan(sku: string, plan: { servicePlanId: Guid; servicePlanName: string }): void {
    const add = (target: Sku) => target.servicePlans.push({ ...plan, appliesTo: "User" });
    this.#changePlans(sku, add, "added a plan to a SKU");
  }

  removeServicePlan(sku: string, plan: string): void {
    const planId = this.names.plan(plan, this.names.sku(sku));
    const remove = ({ servicePlans }: Sku) =>
      servicePlans.splice(
        servicePlans.findIndex((other) => other.servicePlanId === planId),
        1,
      );
    this.#changePlans(sku, remove, "took a plan out of a SKU");
  }

  /**
   * Makes the group's licence fail for this user, effective immediately; `null` ends that. A licence that the user already
   * inherits stays active, as `ActiveWithError`.
   */
  setAssignmentError(user: string, sku: string, group: string, error: ViolationCause | null): void {
    const target = this.names.user(user);
    const groupId = this.names.group(group).id;
    this.rooms.processing.forceError(target.id, this.names.sku(sku).skuId, groupId, error);
    this.rooms.processing.reprocess(target, this.#cause(`made a licence fail: ${error ?? "no longer"}`));
  }

  /** Writes an inherited entry unchecked. It stays until the user is processed again. */
  setAssignmentState(
    user: string,
    sku: string,
    group: string,
    to: { state: AssignmentState; error?: ViolationCause | "None"; disabledPlans?: readonly string[] },
  ): void {
    const target = this.names.user(user);
    const license = this.names.license({ sku, disabledPlans: [...(to.disabledPlans ?? [])] });
    const assignedByGroup = this.names.group(group).id;
    const { assignments, hidden } = target.holdings;
    const entry: Assignment = {
      ...license,
      assignedByGroup,
      state: to.state,
      error: to.error ?? "None",
      updatedMs: this.rooms.directory.clock.nowMs(),
    };
    const others = assignments.filter(
      (other) => other.assignedByGroup !== assignedByGroup || other.skuId !== license.skuId,
    );
    this.#change(target, { assignments: [...others, entry], hidden }, "forced a licence state");
  }

  /** Adds a SKU to `assignedLicenses` without a source. */
  addHiddenLicense(user: string, sku: string, disabledPlans: readonly string[] = []): void {
    const target = this.names.user(user);
    const license = this.names.license({ sku, disabledPlans: [...disabledPlans] });
    const { assignments, hidden } = target.holdings;
    this.#change(target, { assignments, hidden: [...hidden, license] }, "a licence of unknown source");
  }

  #changeApp(name: string, change: Partial<App>): void {
    const index = this.rooms.apps.findIndex((candidate) => candidate.name === name);
    const old = this.rooms.apps[index];
    if (!old) throw new Error(`no app "${name}" in the tenant`);
    this.rooms.apps[index] = { ...old, ...change };
  }

  #change(user: User, next: User["holdings"], what: string): void {
    this.rooms.directory.changeHoldings(user, next, this.#cause(what));
  }

  #changePlans(sku: string, change: (sku: Sku) => unknown, what: string): void {
    const { directory, history } = this.rooms;
    const target = this.names.sku(sku);
    const holders = directory.licenses
      .holders(target.skuId)
      .list()
      .map((id) => this.user(id));
    const had = holders.map((user) => directory.plansInForce(user.holdings));
    change(target);
    directory.planSets.forget();
    holders.forEach((user, index) => history.plansChanged(user, had[index] ?? [], this.#cause(what)));
  }

  #memberId(member: string): Guid {
    return this.rooms.directory.user(member)?.id ?? this.names.group(member).id;
  }

  #cause(what: string): Cause {
    return { by: "people", who: this.who, isApp: this.isApp, what, inBackground: false };
  }
}
