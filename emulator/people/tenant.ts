import type { Directory } from "../directory/directory";
import type {
  Assignment,
  AssignmentState,
  Cause,
  Group,
  Guid,
  License,
  Sku,
  User,
  ViolationCause,
} from "../directory/entities";
import { makeGroup, makeUser } from "../directory/load";
import { References } from "../directory/references";
import type { GroupSpec, LicenseSpec, UserSpec } from "../directory/spec";
import type { AuditLog } from "../evidence/audit-log";
import type { History } from "../evidence/history";
import { changeDirectLicenses } from "../licensing/direct";
import { changeGroupLicenses } from "../licensing/group";
import type { Processing } from "../licensing/processing";
import { addMember, removeMember } from "../licensing/membership";

interface Rooms {
  readonly directory: Directory;
  readonly processing: Processing;
  readonly audit: AuditLog;
  readonly history: History;
}

export interface DirectAssignment extends License {
  readonly userId: Guid;
}

/**
 * The tenant as other people see and change it: administrators in the portal, scripts, Microsoft. What they bring about
 * has the cause `people`, also where it happens in the background. Users, groups, SKUs and plans by id or by name.
 */
export class Tenant {
  readonly #rooms: Rooms;
  readonly #names: References;
  readonly #who: string;

  constructor(rooms: Rooms, who = "admin@contoso.com") {
    this.#rooms = rooms;
    this.#names = new References(rooms.directory);
    this.#who = who;
  }

  /** The same tenant in somebody else's name, as the audit log will show it. */
  as(who: string): Tenant {
    return new Tenant(this.#rooms, who);
  }

  // What it looks like now.

  get id(): Guid {
    return this.#rooms.directory.facts.id;
  }

  user(idOrUpn: string): User {
    return this.#now.user(idOrUpn);
  }

  users(): User[] {
    void this.#now;
    return [...this.#rooms.directory.users.values()];
  }

  group(idOrName: string): Group {
    return this.#now.group(idOrName);
  }

  groupByName(displayName: string): Group {
    return this.#now.group(displayName);
  }

  sku(idOrPartNumber: string): Sku {
    return this.#now.sku(idOrPartNumber);
  }

  plan(idOrName: string): Guid {
    return this.#now.plan(idOrName);
  }

  effectivePlans(user: string): readonly Guid[] {
    return this.#rooms.directory.plansInForce(this.#now.user(user).holdings);
  }

  directAssignments(sku?: string): DirectAssignment[] {
    const skuId = sku === undefined ? undefined : this.#now.sku(sku).skuId;
    return this.users().flatMap((user) =>
      user.holdings.assignments
        .filter((entry) => entry.assignedByGroup === null && (skuId === undefined || entry.skuId === skuId))
        .map((entry) => ({ userId: user.id, skuId: entry.skuId, disabledPlans: entry.disabledPlans })),
    );
  }

  directAssignmentCount(sku: string): number {
    return this.#rooms.directory.licenses.directAssignments(this.#now.sku(sku).skuId);
  }

  seatsUsed(sku: string): number {
    return this.#rooms.directory.seatsUsed(this.#now.sku(sku).skuId);
  }

  // What people do.

  addUser(spec: UserSpec): User {
    const { directory } = this.#rooms;
    const user = makeUser(spec, directory.facts, directory.clock.nowMs());
    directory.addUser(user);
    for (const license of spec.licenses ?? []) this.assignDirect(user.id, license.sku, license.disabledPlans);
    return user;
  }

  removeUser(user: string): void {
    this.#rooms.directory.removeUser(this.#now.user(user), this.#cause("deleted a user"));
  }

  addGroup(spec: GroupSpec): Group {
    const { directory } = this.#rooms;
    const group = makeGroup({ ...spec, licenses: [] }, this.#now, directory.clock.nowMs());
    directory.addGroup(group);
    for (const member of spec.members ?? []) this.joinGroup(member, group.id);
    if (spec.licenses && spec.licenses.length > 0) this.setGroupLicenses(group.id, spec.licenses);
    return group;
  }

  joinGroup(member: string, group: string): void {
    addMember(this.#rooms, this.#now.group(group), this.#memberId(member), this.#cause("added a member"));
  }

  leaveGroup(member: string, group: string): void {
    removeMember(this.#rooms, this.#now.group(group), this.#memberId(member), this.#cause("removed a member"));
  }

  assignDirect(user: string, sku: string, disabledPlans: readonly string[] = []): void {
    const license = this.#now.license({ sku, disabledPlans: [...disabledPlans] });
    const change = { addLicenses: [license], removeLicenses: [] };
    changeDirectLicenses(this.#rooms.directory, this.#now.user(user), change, this.#cause("assigned a licence"));
  }

  removeDirect(user: string, sku: string): void {
    const change = { addLicenses: [], removeLicenses: [this.#now.sku(sku).skuId] };
    changeDirectLicenses(this.#rooms.directory, this.#now.user(user), change, this.#cause("removed a direct licence"));
  }

  /** All licences of the group from now on; none to take them away. */
  setGroupLicenses(group: string, licenses: readonly LicenseSpec[]): void {
    const target = this.#now.group(group);
    const addLicenses = licenses.map((license) => this.#now.license(license));
    const kept = new Set(addLicenses.map((license) => license.skuId));
    const removeLicenses = target.licenses.map((license) => license.skuId).filter((skuId) => !kept.has(skuId));
    const { directory, processing } = this.#rooms;
    changeGroupLicenses(
      directory,
      processing,
      target,
      { addLicenses, removeLicenses },
      this.#cause("set group licences"),
    );
  }

  renameGroup(group: string, displayName: string): void {
    this.#rooms.directory.renameGroup(this.#now.group(group), displayName);
  }

  setUsageLocation(user: string, usageLocation: string | null): void {
    this.#now.user(user).usageLocation = usageLocation;
  }

  setAccountEnabled(user: string, enabled: boolean): void {
    this.#now.user(user).accountEnabled = enabled;
  }

  setSeats(sku: string, enabled: number): void {
    this.#now.sku(sku).seats.enabled = enabled;
  }

  // What Microsoft does, and what is strange.

  /** A plan that Microsoft adds to a SKU is on wherever the SKU is assigned. */
  addServicePlan(sku: string, plan: { servicePlanId: Guid; servicePlanName: string }): void {
    this.#changePlans(
      sku,
      (target) => target.servicePlans.push({ ...plan, appliesTo: "User" }),
      "added a plan to a SKU",
    );
  }

  removeServicePlan(sku: string, plan: string): void {
    const planId = this.#now.plan(plan);
    this.#changePlans(
      sku,
      ({ servicePlans }) =>
        servicePlans.splice(
          servicePlans.findIndex((other) => other.servicePlanId === planId),
          1,
        ),
      "took a plan out of a SKU",
    );
  }

  /** From now on the group's licence fails for this user with this cause, or with `null` no longer; applied at once. */
  setAssignmentError(user: string, sku: string, group: string, error: ViolationCause | null): void {
    const target = this.#now.user(user);
    const groupId = this.#now.group(group).id;
    this.#rooms.processing.forceError(target.id, this.#now.sku(sku).skuId, groupId, error);
    this.#rooms.processing.reprocess(target, this.#cause(`made a licence fail: ${error ?? "no longer"}`));
  }

  /** Writes an inherited entry as it is given, whatever sense it makes; it stays until something processes it. */
  setAssignmentState(
    user: string,
    sku: string,
    group: string,
    to: { state: AssignmentState; error?: ViolationCause | "None"; disabledPlans?: readonly string[] },
  ): void {
    const target = this.#now.user(user);
    const license = this.#now.license({ sku, disabledPlans: [...(to.disabledPlans ?? [])] });
    const assignedByGroup = this.#now.group(group).id;
    const { assignments, hidden } = target.holdings;
    const entry: Assignment = {
      ...license,
      assignedByGroup,
      state: to.state,
      error: to.error ?? "None",
      updatedMs: this.#rooms.directory.clock.nowMs(),
    };
    const others = assignments.filter(
      (other) => other.assignedByGroup !== assignedByGroup || other.skuId !== license.skuId,
    );
    this.#change(target, { assignments: [...others, entry], hidden }, "forced a licence state");
  }

  /** A SKU in `assignedLicenses` whose source nothing tells. */
  addHiddenLicense(user: string, sku: string, disabledPlans: readonly string[] = []): void {
    const target = this.#now.user(user);
    const license = this.#now.license({ sku, disabledPlans: [...disabledPlans] });
    const { assignments, hidden } = target.holdings;
    this.#change(target, { assignments, hidden: [...hidden, license] }, "a licence of unknown source");
  }

  #change(user: User, next: User["holdings"], what: string): void {
    this.#rooms.directory.changeHoldings(user, next, this.#cause(what));
  }

  #changePlans(sku: string, change: (sku: Sku) => unknown, what: string): void {
    const { directory, history } = this.#rooms;
    const target = this.#now.sku(sku);
    const holders = [...directory.licenses.holders(target.skuId)].map((id) => this.user(id));
    const had = holders.map((user) => directory.plansInForce(user.holdings));
    change(target);
    directory.planSets.forget();
    holders.forEach((user, index) => history.plansChanged(user, had[index] ?? [], this.#cause(what)));
  }

  #memberId(member: string): Guid {
    return this.#rooms.directory.user(member)?.id ?? this.#now.group(member).id;
  }

  /** Looking is enough for the background work that is due by now to have happened. */
  get #now(): References {
    this.#rooms.directory.clock.catchUp();
    return this.#names;
  }

  #cause(what: string): Cause {
    return { by: "people", who: this.#who, what, inBackground: false };
  }
}
