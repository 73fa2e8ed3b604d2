import { createPublicKey } from "node:crypto";
import { z } from "zod";
import type { TenantClock } from "../clock";
import { Directory } from "./directory";
import type { App, Assignment, Group, Guid, Sku, TenantFacts, User, ViolationCause } from "./entities";
import type { HiddenFor } from "./new-groups";
import { References } from "./references";
import {
  guidFrom,
  type GroupSpec,
  type HeldLicenseSpec,
  migrationPermissions,
  type SkuSpec,
  tenantSpec,
  type TenantSpec,
  type UserSpec,
} from "./spec";

export interface LoadedTenant {
  readonly directory: Directory;
  readonly apps: App[];
  /** Members with inherited licences listed in the tenant file, by group. */
  readonly toldByGroup: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  /** Groups for which the tenant file lists the inherited licences of all members. */
  readonly toldGroups: ReadonlySet<Guid>;
  readonly lastingErrors: readonly LastingError[];
}

/** A group's licence that fails for a member on every attempt. */
export interface LastingError {
  readonly userId: Guid;
  readonly skuId: Guid;
  readonly groupId: Guid;
  readonly error: ViolationCause;
}

/** Loads a tenant file. `Processing` then applies the groups' licences to their members, as it does after later changes. */
export function loadTenant(
  input: TenantSpec,
  clock: TenantClock,
  { lagMs, hiddenNewGroups }: { readonly lagMs: number; readonly hiddenNewGroups: readonly HiddenFor[] },
): LoadedTenant {
  const parsed = tenantSpec.safeParse(input);
  if (!parsed.success) throw new Error(`the tenant can't be made from its data:\n${z.prettifyError(parsed.error)}`);
  const spec = parsed.data;
  const skus = (spec.skus ?? []).map(makeSku);
  const plan = planFinder(skus);
  const needs = spec.dependencies ?? [];
  const facts: TenantFacts = {
    id: (spec.id ?? guidFrom(`tenant ${spec.displayName ?? ""}`)).toLowerCase(),
    displayName: spec.displayName ?? "Contoso",
    countryLetterCode: spec.countryLetterCode ?? "US",
    verifiedDomains: spec.verifiedDomains ?? ["contoso.com", "contoso.onmicrosoft.com"],
    hasGovernance: spec.hasGovernance ?? true,
    siblingError: spec.siblingError ?? "Other",
    dependencies: dependencies(needs, plan),
    groupDependencies: dependencies(
      needs.filter(({ groupMayLack }) => groupMayLack !== true),
      plan,
    ),
    exclusivePairs: (spec.exclusive ?? []).map(([a, b]) => [plan(a), plan(b)] as const),
    seenToFail: (spec.seenToFail ?? []).map(({ kind, plans, beside }) => ({
      kind,
      plans: plans.map(plan),
      beside: beside.map(plan),
    })),
  };
  const directory = new Directory(facts, clock, lagMs, hiddenNewGroups);
  for (const sku of skus) directory.skus.set(sku.skuId, sku);
  const names = new References(directory);
  const users = spec.users ?? [];
  for (const user of users) directory.addUser(makeUser(user, facts, clock.nowMs()));
  for (const group of spec.groups ?? []) directory.addGroup(makeGroup(group, names, clock.nowMs()));
  for (const group of spec.groups ?? []) {
    addMembers(directory, names, group);
    bindInTime(names, group, clock.nowMs());
  }
  const told = { toldByGroup: new Map<Guid, Set<Guid>>(), lastingErrors: new Array<LastingError>() };
  for (const user of users) giveLicenses(directory, names, user, told);
  const toldGroups = new Set((spec.groups ?? []).filter(isTold).map((group) => idOfGroup(group)));
  return { directory, apps: makeApps(spec.apps, facts), ...told, toldGroups };
}

export function makeSku(spec: SkuSpec): Sku {
  return {
    skuId: spec.skuId.toLowerCase(),
    skuPartNumber: spec.skuPartNumber,
    appliesTo: spec.appliesTo ?? "User",
    capabilityStatus: spec.capabilityStatus ?? "Enabled",
    isTrial: spec.isTrial ?? /(^|_)v?trial(_|$)/i.test(spec.skuPartNumber),
    servicePlans: spec.servicePlans.map((plan) => ({
      servicePlanId: plan.servicePlanId.toLowerCase(),
      servicePlanName: plan.servicePlanName,
      appliesTo: plan.appliesTo ?? "User",
    })),
    prohibitedLocations: new Set(spec.prohibitedLocations ?? []),
    seats: {
      enabled: spec.seats,
      warning: spec.warning ?? 0,
      suspended: spec.suspended ?? 0,
      lockedOut: spec.lockedOut ?? 0,
    },
    seatsElsewhere: spec.seatsElsewhere ?? 0,
  };
}

export function makeUser(spec: UserSpec, facts: TenantFacts, nowMs: number): User {
  const { id, userPrincipalName, displayName, accountEnabled, usageLocation, isManagementRestricted, ...others } = spec;
  const { licenses, inherited, hidden, ...profile } = others;
  return {
    id: (id ?? guidFrom(`user ${userPrincipalName}`)).toLowerCase(),
    userPrincipalName,
    displayName: displayName ?? userPrincipalName.split("@")[0] ?? userPrincipalName,
    accountEnabled: accountEnabled ?? true,
    usageLocation: usageLocation === undefined ? facts.countryLetterCode : usageLocation,
    profile,
    createdMs: nowMs,
    isManagementRestricted: isManagementRestricted ?? false,
    holdings: { assignments: [], hidden: [] },
  };
}

export function makeGroup(spec: GroupSpec, names: References, nowMs: number): Group {
  const licenses = (spec.licenses ?? []).map((license) => names.heldLicense(license));
  const membershipRule = spec.membershipRule ?? null;
  return {
    id: idOfGroup(spec),
    displayName: spec.displayName,
    description: spec.description ?? null,
    securityEnabled: spec.securityEnabled ?? true,
    mailEnabled: spec.mailEnabled ?? false,
    mailNickname: spec.displayName.replace(/[^\w.-]/g, ""),
    groupTypes: spec.groupTypes ?? (membershipRule === null ? [] : ["DynamicMembership"]),
    membershipRule,
    rulePaused: spec.rulePaused ?? false,
    ruleStatus: null,
    owners: new Set(),
    onPremisesSyncEnabled: spec.onPremisesSyncEnabled ?? false,
    createdMs: nowMs,
    isManagementRestricted: spec.isManagementRestricted ?? false,
    visibility: spec.visibility ?? null,
    appRoles: spec.appRoles ?? [],
    directoryRoles: spec.directoryRoles ?? [],
    isAssignableToRole: spec.isAssignableToRole ?? (spec.directoryRoles ?? []).length > 0,
    isTeam: spec.isTeam ?? false,
    licenses,
    processingState: spec.processingState ?? null,
    userMembers: new Set(),
    groupMembers: new Set(),
    timeBound: new Map(),
  };
}

function idOfGroup({ id, displayName }: GroupSpec): Guid {
  return (id ?? guidFrom(`group ${displayName}`)).toLowerCase();
}

function isTold({ processingState }: GroupSpec): boolean {
  return processingState !== undefined;
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
  const group = names.group(idOfGroup(spec));
  for (const member of spec.members ?? []) {
    const user = directory.user(member);
    if (user) directory.memberships.add(group, user.id, "user");
    else directory.memberships.add(group, names.group(member).id, "group");
  }
}

function bindInTime(names: References, spec: GroupSpec, nowMs: number): void {
  const { timeBound } = names.group(idOfGroup(spec));
  for (const { user, until, accessId, isActivated } of spec.timeBound ?? []) {
    timeBound.set(names.user(user).id, {
      accessId: accessId ?? "member",
      fromMs: nowMs,
      untilMs: until === null ? null : Date.parse(until),
      isActivated: isActivated ?? false,
    });
  }
}

function giveLicenses(
  directory: Directory,
  names: References,
  spec: UserSpec,
  told: { readonly toldByGroup: Map<Guid, Set<Guid>>; readonly lastingErrors: LastingError[] },
): void {
  const user = names.user(spec.id ?? spec.userPrincipalName);
  const entry = (
    { state, error, changedAt, ...license }: HeldLicenseSpec,
    assignedByGroup: Guid | null,
  ): Assignment => ({
    ...names.heldLicense(license),
    assignedByGroup,
    state: state ?? "Active",
    error: error ?? "None",
    updatedMs: changedAt === undefined ? directory.clock.nowMs() : Date.parse(changedAt),
  });
  const assignments = (spec.licenses ?? []).map((license) => entry(license, null));
  for (const { group, isLasting, ...license } of spec.inherited ?? []) {
    const groupId = names.givingGroup(group);
    told.toldByGroup.set(groupId, (told.toldByGroup.get(groupId) ?? new Set<Guid>()).add(user.id));
    const inherited = entry(license, groupId);
    assignments.push(inherited);
    const { skuId, error } = inherited;
    if (isLasting && error !== "None") told.lastingErrors.push({ userId: user.id, skuId, groupId, error });
  }
  const hidden = (spec.hidden ?? []).map((license) => names.heldLicense(license));
  if (assignments.length + hidden.length > 0)
    directory.changeHoldings(user, { assignments, hidden }, { by: "people", who: "", what: "", inBackground: false });
}
