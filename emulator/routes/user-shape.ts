import type { Directory } from "../directory/directory";
import type { Assignment, Guid, Holdings, License, User } from "../directory/entities";
import { inForce } from "../directory/entities";
import type { Shape } from "./shape";

interface UserShapes {
  /** For reads of a single user, which never lag. */
  readonly fresh: Shape<User>;
  /** For lists, which show older licences if the tenant's lists lag. */
  readonly listed: Shape<User>;
}

/** Cached per tenant, because it is needed for each of up to 100,000 users. */
const shapesOf = new WeakMap<Directory, UserShapes>();

export function userShapes(directory: Directory): UserShapes {
  const known = shapesOf.get(directory);
  if (known) return known;
  const shapes = {
    fresh: userShape(directory, (user) => user.holdings),
    listed: userShape(directory, (user) => directory.listedHoldings(user)),
  };
  shapesOf.set(directory, shapes);
  return shapes;
}

/** A user's JSON. */
function userShape(directory: Directory, holdingsOf: (user: User) => Holdings): Shape<User> {
  const profile = (name: string) => (user: User) => user.profile[name] ?? null;
  return {
    type: "microsoft.graph.user",
    defaults: [
      "businessPhones",
      "displayName",
      "givenName",
      "jobTitle",
      "mail",
      "mobilePhone",
      "officeLocation",
      "preferredLanguage",
      "surname",
      "userPrincipalName",
      "id",
    ],
    properties: {
      id: (user) => user.id,
      userPrincipalName: (user) => user.userPrincipalName,
      displayName: (user) => user.displayName,
      mail: (user) => user.userPrincipalName,
      mailNickname: (user) => user.userPrincipalName.split("@")[0],
      accountEnabled: (user) => user.accountEnabled,
      usageLocation: (user) => user.usageLocation,
      isManagementRestricted: (user) => user.isManagementRestricted,
      createdDateTime: (user) => seconds(user.createdMs),
      userType: (user) => user.profile["userType"] ?? "Member",
      department: profile("department"),
      companyName: profile("companyName"),
      country: profile("country"),
      city: profile("city"),
      jobTitle: profile("jobTitle"),
      officeLocation: profile("officeLocation"),
      employeeId: profile("employeeId"),
      employeeType: profile("employeeType"),
      businessPhones: () => [],
      givenName: () => null,
      surname: () => null,
      mobilePhone: () => null,
      preferredLanguage: () => null,
      onPremisesSyncEnabled: () => null,
      assignedLicenses: (user) => assignedLicenses(holdingsOf(user)),
      licenseAssignmentStates: (user) => holdingsOf(user).assignments.map(stateJson),
      assignedPlans: (user) => assignedPlans(directory, holdingsOf(user)),
    },
  };
}

/** Merges direct and inherited licences: one entry per SKU, with the plans that are disabled in all active sources. */
export function assignedLicenses(holdings: Holdings): License[] {
  const merged = new Map<Guid, readonly Guid[]>();
  for (const { skuId, disabledPlans } of [...holdings.assignments.filter(inForce), ...holdings.hidden]) {
    const before = merged.get(skuId);
    merged.set(skuId, before ? before.filter((plan) => disabledPlans.includes(plan)) : disabledPlans);
  }
  return [...merged].map(([skuId, disabledPlans]) => ({ disabledPlans, skuId }));
}

function stateJson(assignment: Assignment): object {
  return {
    skuId: assignment.skuId,
    disabledPlans: assignment.disabledPlans,
    assignedByGroup: assignment.assignedByGroup,
    state: assignment.state,
    error: assignment.error,
    lastUpdatedDateTime: seconds(assignment.updatedMs),
  };
}

function assignedPlans(directory: Directory, holdings: Holdings): object[] {
  const plans = new Set(directory.plansInForce(holdings));
  const latest = Math.max(0, ...holdings.assignments.map((entry) => entry.updatedMs));
  return [...directory.skus.values()].flatMap((sku) =>
    sku.servicePlans
      .filter((plan) => plans.delete(plan.servicePlanId))
      .map((plan) => ({
        assignedDateTime: seconds(latest),
        capabilityStatus: "Enabled",
        service: plan.servicePlanName,
        servicePlanId: plan.servicePlanId,
      })),
  );
}

/** Caches the last formatted time: all changes of one processing step have the same time. */
let written = { ms: NaN, text: "" };

export function seconds(ms: number): string {
  if (ms !== written.ms) written = { ms, text: `${new Date(ms).toISOString().slice(0, 19)}Z` };
  return written.text;
}
