import { createPublicKey } from "node:crypto";
import { z } from "zod";
import type { TenantClock } from "../clock";
import { Directory } from "./directory";
import type { App, Assignment, Group, Guid, Sku, TenantFacts, User } from "./entities";
import { References } from "./references";
import {
  guidFrom,
  type GroupSpec,
  type LicenseSpec,
  migrationPermissions,
  type SkuSpec,
  tenantSpec,
  type TenantSpec,
  type UserSpec,
} from "./spec";

export interface LoadedTenant {
  readonly directory: Directory;
  readonly apps: App[];
  /** Members whose inherited licences the file itself tells, by group. */
  readonly toldByGroup: ReadonlyMap<Guid, ReadonlySet<Guid>>;
}

/** A tenant from its file. Groups with licences are settled afterwards, by the processing that also does it later. */
export function loadTenant(input: TenantSpec, clock: TenantClock, lagMs: number): LoadedTenant {
  const parsed = tenantSpec.safeParse(input);
  if (!parsed.success) throw new Error(`the tenant can't be made from its data:\n${z.prettifyError(parsed.error)}`);
  const spec = parsed.data;
  const skus = (spec.skus ?? []).map(makeSku);
  const plan = planFinder(skus);
  const facts: TenantFacts = {
    id: (spec.id ?? guidFrom(`tenant ${spec.displayName ?? ""}`)).toLowerCase(),
    displayName: spec.displayName ?? "Contoso",
    countryLetterCode: spec.countryLetterCode ?? "US",
    verifiedDomains: spec.verifiedDomains ?? ["contoso.com", "contoso.onmicrosoft.com"],
    allotments: spec.allotments ?? [],
    dependencies: dependencies(spec.dependencies ?? [], plan),
    exclusivePairs: (spec.exclusive ?? []).map(([a, b]) => [plan(a), plan(b)] as const),
  };
  const directory = new Directory(facts, clock, lagMs);
  for (const sku of skus) directory.skus.set(sku.skuId, sku);
  const names = new References(directory);
  const users = spec.users ?? [];
  for (const user of users) directory.addUser(makeUser(user, facts, clock.nowMs()));
  for (const group of spec.groups ?? []) directory.addGroup(makeGroup(group, names, clock.nowMs()));
  for (const group of spec.groups ?? []) addMembers(directory, names, group);
  const toldByGroup = new Map<Guid, Set<Guid>>();
  for (const user of users) giveLicenses(directory, names, user, toldByGroup);
  return { directory, apps: makeApps(spec.apps, facts), toldByGroup };
}

export function makeSku(spec: SkuSpec): Sku {
  return {
    skuId: spec.skuId.toLowerCase(),
    skuPartNumber: spec.skuPartNumber,
    appliesTo: spec.appliesTo ?? "User",
    capabilityStatus: spec.capabilityStatus ?? "Enabled",
    servicePlans: spec.servicePlans.map((plan) => ({
      servicePlanId: plan.servicePlanId.toLowerCase(),
      servicePlanName: plan.servicePlanName,
      appliesTo: plan.appliesTo ?? "User",
    })),
    prohibitedLocations: new Set(spec.prohibitedLocations ?? []),
    seats: { enabled: spec.seats, warning: spec.warning ?? 0, suspended: 0, lockedOut: 0 },
  };
}

export function makeUser(spec: UserSpec, facts: TenantFacts, nowMs: number): User {
  const { id, userPrincipalName, displayName, accountEnabled, usageLocation, licenses, inherited, hidden, ...profile } =
    spec;
  return {
    id: (id ?? guidFrom(`user ${userPrincipalName}`)).toLowerCase(),
    userPrincipalName,
    displayName: displayName ?? userPrincipalName.split("@")[0] ?? userPrincipalName,
    accountEnabled: accountEnabled ?? true,
    usageLocation: usageLocation === undefined ? facts.countryLetterCode : usageLocation,
    profile,
    createdMs: nowMs,
    holdings: { assignments: [], hidden: [] },
  };
}

export function makeGroup(spec: GroupSpec, names: References, nowMs: number): Group {
  const licenses = (spec.licenses ?? []).map((license) => names.license(license));
  const membershipRule = spec.membershipRule ?? null;
  return {
    id: (spec.id ?? guidFrom(`group ${spec.displayName}`)).toLowerCase(),
    displayName: spec.displayName,
    description: spec.description ?? null,
    securityEnabled: spec.securityEnabled ?? true,
    mailEnabled: spec.mailEnabled ?? false,
    mailNickname: spec.displayName.replace(/[^\w.-]/g, ""),
    groupTypes: spec.groupTypes ?? (membershipRule === null ? [] : ["DynamicMembership"]),
    membershipRule,
    rulePaused: false,
    ruleStatus: null,
    owners: new Set(),
    onPremisesSyncEnabled: spec.onPremisesSyncEnabled ?? false,
    createdMs: nowMs,
    licenses,
    processingState: null,
    userMembers: new Set(),
    groupMembers: new Set(),
  };
}

function makeApps(specs: TenantSpecApps, facts: TenantFacts): App[] {
  return (specs ?? [{ name: "migration", permissions: [...migrationPermissions] }]).map((app) => ({
    name: app.name,
    clientId: (app.clientId ?? guidFrom(`app ${app.name} in ${facts.id}`)).toLowerCase(),
    secret: app.secret ?? `secret-of-${app.name}`,
    federated: (app.federated ?? []).map(({ issuer, subject, audience = "api://AzureADTokenExchange", key }) => ({
      issuer,
      subject,
      audience,
      key: createPublicKey({ key, format: "jwk" }),
    })),
    permissions: app.permissions,
  }));
}

type TenantSpecApps = ReturnType<typeof tenantSpec.parse>["apps"];

function planFinder(skus: readonly Sku[]): (idOrName: string) => Guid {
  return (idOrName) => {
    for (const { servicePlans } of skus) {
      for (const { servicePlanId, servicePlanName } of servicePlans)
        if (servicePlanId === idOrName.toLowerCase() || servicePlanName === idOrName) return servicePlanId;
    }
    throw new Error(`no service plan "${idOrName}" in the tenant`);
  };
}

function dependencies(
  specs: readonly { plan: string; needsOneOf: string[] }[],
  plan: (idOrName: string) => Guid,
): Map<Guid, Guid[][]> {
  const map = new Map<Guid, Guid[][]>();
  for (const spec of specs) {
    const id = plan(spec.plan);
    map.set(id, [...(map.get(id) ?? []), spec.needsOneOf.map(plan)]);
  }
  return map;
}

function addMembers(directory: Directory, names: References, spec: GroupSpec): void {
  const group = names.group(spec.id ?? guidFrom(`group ${spec.displayName}`));
  for (const member of spec.members ?? []) {
    const user = directory.user(member);
    if (user) directory.memberships.add(group, user.id, "user");
    else directory.memberships.add(group, names.group(member).id, "group");
  }
}

function giveLicenses(directory: Directory, names: References, spec: UserSpec, told: Map<Guid, Set<Guid>>): void {
  const user = names.user(spec.id ?? spec.userPrincipalName);
  const updatedMs = directory.clock.nowMs();
  const direct = (license: LicenseSpec): Assignment => ({
    ...names.license(license),
    assignedByGroup: null,
    state: "Active",
    error: "None",
    updatedMs,
  });
  const assignments = (spec.licenses ?? []).map(direct);
  for (const { group, state, error, ...license } of spec.inherited ?? []) {
    const assignedByGroup = names.group(group).id;
    told.set(assignedByGroup, (told.get(assignedByGroup) ?? new Set<Guid>()).add(user.id));
    assignments.push({ ...direct(license), assignedByGroup, state: state ?? "Active", error: error ?? "None" });
  }
  const hidden = (spec.hidden ?? []).map((license) => names.license(license));
  if (assignments.length + hidden.length > 0)
    directory.changeHoldings(user, { assignments, hidden }, { by: "people", who: "", what: "", inBackground: false });
}
