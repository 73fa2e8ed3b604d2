import type { Emulator, FaultEffect, FaultMatch, FaultTarget, License } from "../../emulator";
import { GraphError } from "../../emulator/graph-error";
import type { Case, Deed, Happening, Moment } from "./case";
import { everDeclared } from "./declared-groups";
import { END_OF_MEMBERSHIP, groupName, licensesOf, planId, planName, skuName, upnOf } from "./tenant-of";
import type { Truth } from "./truth";

const ID = "[0-9a-f-]{36}";
const MATCHES: Readonly<Record<Moment, FaultMatch>> = {
  any: {},
  "user read": { method: "GET", path: new RegExp(`^/users/${ID}\\?`) },
  "membership read": { method: "GET", path: new RegExp(`^/users/${ID}/memberOf`) },
  "group read": { method: "GET", path: new RegExp(`^/groups/${ID}\\?`) },
  batch: { path: /^\/\$batch$/ },
  "user write": { method: "POST", path: new RegExp(`^/users/${ID}/assignLicense`) },
  write: { method: "POST", path: /\/assignLicense/ },
  join: { method: "PATCH", path: new RegExp(`^/groups/${ID}$`) },
  leave: { method: "DELETE", path: new RegExp(`^/groups/${ID}/members/${ID}/\\$ref`) },
};

/** The user that a request is about: of its path, or the member that leaves a group. */
function userOf({ userId, path }: FaultTarget): string | undefined {
  return userId ?? /\/members\/([0-9a-f-]{36})\/\$ref/.exec(path)?.[1];
}

/** Other people at work in the tenant, and a record of what they took from each user. */
export class Others {
  /** When people first took a source of a plan from a user, by `user plan`. */
  readonly taken = new Map<string, number>();
  /** When they last did. */
  readonly lastTaken = new Map<string, number>();
  /** When people gave each user a source of a plan, by `user plan`. */
  readonly given = new Map<string, number[]>();
  /** Users with licences or groups that others touched: how it would have ended otherwise is unknown. */
  readonly touched = new Set<string>();

  constructor(
    private readonly all: Case,
    private readonly emulator: Emulator,
    private readonly truth: Truth,
  ) {}

  /** Arranges for something to happen at its moment of the run that is about to begin. */
  expect({ at, after, what, isOfItsUser, seconds }: Happening): void {
    const { faults, clock } = this.emulator;
    if (what.kind === "trouble") {
      const { effect, times, afterDoing } = what;
      const retryAfter = what.retryAfter === null ? {} : { retryAfter: what.retryAfter };
      const then: FaultEffect =
        typeof effect === "string"
          ? effect
          : { status: effect, afterDoing: afterDoing && effect >= 500, ...retryAfter };
      // Only two writes for one user can conflict.
      if (isOfItsUser === true) {
        const begin = (target: FaultTarget) => {
          const userId = userOf(target) ?? "";
          const match = effect === 409 ? { ...MATCHES["user write"], userId } : { userId };
          faults.add({ match, times, then });
        };
        faults.add({ match: MATCHES[at], after, times: 1, then: begin });
      } else faults.add({ match: MATCHES[effect === 409 ? "user write" : at], after, times, then });
      return;
    }
    const then = (target: FaultTarget) => {
      if (what.kind !== "clock") this.act(isOfItsUser === true ? this.#to(userOf(target), what) : what);
      clock.advance(seconds * 1_000);
    };
    faults.add({ match: MATCHES[at], after, times: 1, then });
  }

  act(deed: Deed): void {
    const before = this.#sources();
    try {
      this.#do(deed);
    } catch (error) {
      // What Graph refuses people does not happen: the licence is not there, the user is gone, no seat is left.
      if (!(error instanceof GraphError)) throw error;
    }
    const after = this.#sources();
    const nowMs = this.emulator.clock.now().getTime();
    for (const [pair, sources] of before) {
      if (sources !== after.get(pair)) this.touched.add(pair.slice(0, 36));
      if (sources <= (after.get(pair) ?? 0)) continue;
      if (!this.taken.has(pair)) this.taken.set(pair, nowMs);
      this.lastTaken.set(pair, nowMs);
    }
    for (const [pair, sources] of after) {
      if (!before.has(pair)) this.touched.add(pair.slice(0, 36));
      if (sources > (before.get(pair) ?? 0)) this.given.set(pair, [...(this.given.get(pair) ?? []), nowMs]);
    }
  }

  #to(userId: string | undefined, deed: Deed): Deed {
    const at = this.emulator.tenant.users().find(({ id }) => id === userId)?.userPrincipalName;
    const user = this.all.users.findIndex((_, number) => upnOf(this.all, number) === at);
    return user < 0 ? deed : ({ ...deed, user } as Deed);
  }

  #do(deed: Deed): void {
    const { tenant } = this.emulator;
    const exists =
      "user" in deed && tenant.users().some((user) => user.userPrincipalName === upnOf(this.all, deed.user));
    if ("user" in deed) {
      if (!exists) return;
      this.touched.add(tenant.user(upnOf(this.all, deed.user)).id);
    }
    switch (deed.kind) {
      case "leave":
      case "join": {
        const isIn = tenant.group(this.#group(deed)).userMembers.has(tenant.user(this.#user(deed)).id);
        if (deed.kind === "leave" && isIn) tenant.leaveGroup(this.#user(deed), this.#group(deed));
        if (deed.kind === "join" && !isIn) tenant.joinGroup(this.#user(deed), this.#group(deed));
        return;
      }
      case "narrow":
      case "drop":
      case "as declared":
      case "give again": {
        tenant.setGroupLicenses(this.#group(deed), this.#licensesBy(deed));
        return;
      }
      case "direct":
        for (const { sku, disabledPlans } of licensesOf(this.all, [deed.license]))
          tenant.assignDirect(this.#user(deed), sku, disabledPlans);
        return;
      case "no direct": {
        tenant.removeDirect(this.#user(deed), skuName(this.all, deed.license.sku));
        return;
      }
      case "delete": {
        tenant.removeUser(this.#user(deed));
        return;
      }
      case "subscription": {
        this.#touchAll();
        tenant.setSubscription(skuName(this.all, deed.sku), deed.status);
        return;
      }
      case "ends": {
        tenant.endMembership(this.#user(deed), this.#group(deed), new Date(END_OF_MEMBERSHIP));
        return;
      }
      case "lasts": {
        tenant.keepMembership(this.#user(deed), this.#group(deed));
        return;
      }
      case "location": {
        tenant.setUsageLocation(this.#user(deed), deed.isThere ? "CH" : null);
        return;
      }
      case "restricted": {
        tenant.setManagementRestricted(this.#user(deed), deed.isRestricted);
        return;
      }
      case "retire": {
        this.#touchAll();
        const { servicePlans, skuId } = tenant.sku(skuName(this.all, deed.sku));
        const plan = servicePlans.find(({ servicePlanId }) => servicePlanId === planId(deed.plan));
        // A SKU without any plan of users is another matter, and so is a stack file that names the plan.
        const isNamed = everDeclared(this.all).some((license) =>
          licensesOf(this.all, [license]).some(({ disabledPlans }) =>
            disabledPlans.includes(plan?.servicePlanName ?? ""),
          ),
        );
        if (plan !== undefined && servicePlans.length > 2 && !isNamed)
          tenant.removeServicePlan(skuId, plan.servicePlanId);
        return;
      }
      case "seats": {
        const sku = skuName(this.all, deed.sku);
        // A missing seat fails for the next joining user, and for a put-back.
        this.#touchAll();
        tenant.setSeats(sku, tenant.seatsUsed(sku) + deed.free);
        return;
      }
      case "error": {
        tenant.setAssignmentError(this.#user(deed), skuName(this.all, deed.sku), this.#group(deed), deed.cause);
        return;
      }
    }
  }

  #touchAll(): void {
    for (const { id } of this.emulator.tenant.users()) this.touched.add(id);
  }

  #user({ user }: { readonly user: number }): string {
    return upnOf(this.all, user);
  }

  #group({ group }: { readonly group: number }): string {
    return groupName(this.all, group);
  }

  #licensesBy(deed: { readonly kind: string; readonly group: number; readonly plan: number }) {
    const { tenant } = this.emulator;
    const group = tenant.group(this.#group(deed));
    const specs = (licenses: readonly License[]) =>
      licenses.map(({ skuId, disabledPlans }) => ({ sku: skuId, disabledPlans: [...disabledPlans] }));
    if (deed.kind === "as declared") return specs(this.truth.declaredOf(group.id));
    const now = specs(group.licenses);
    if (deed.kind === "drop") return now.slice(1);
    if (deed.kind === "give again") return now;
    return now.map(({ sku, disabledPlans }) => {
      const plans = tenant.sku(sku).servicePlans.map(({ servicePlanName }) => servicePlanName);
      const off = plans[deed.plan % plans.length] ?? planName(deed.plan);
      return { sku, disabledPlans: [...new Set([...disabledPlans, tenant.plan(off)])] };
    });
  }

  /** How many sources of each plan every user has or is meant to have: direct licences, and what their groups give. */
  #sources(): ReadonlyMap<string, number> {
    const { tenant } = this.emulator;
    const sources = new Map<string, number>();
    const groups = tenant.groups();
    for (const { id, holdings } of tenant.users()) {
      const direct = holdings.assignments.filter((entry) => entry.assignedByGroup === null);
      const given = groups.filter(({ userMembers }) => userMembers.has(id)).flatMap(({ licenses }) => licenses);
      const served = [...direct, ...given].filter(({ skuId }) => this.truth.statusOf(skuId) !== "ended");
      for (const plan of served.flatMap((license) => this.truth.plansOf(license))) {
        sources.set(`${id} ${plan}`, (sources.get(`${id} ${plan}`) ?? 0) + 1);
      }
    }
    return sources;
  }
}
