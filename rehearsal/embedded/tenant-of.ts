import type { HeldLicenseSpec, GroupSpec, SkuSpec, TenantSpec, UserSpec } from "../../emulator";
import { madeGroupPermissions, migrationPermissions } from "../../emulator/directory/spec";
import { Catalog } from "../../licensing/catalog/catalog";
import { isDirect, isFromGroup, type Guid } from "../../licensing/model";
import { observe, type Observed } from "../../licensing/preflight/observed";
import { relationsIn, type Relation } from "../../licensing/preflight/tenant-relations";
import {
  type CopiedAssignment,
  type CopiedGroup,
  type CopiedUser,
  isInForce,
  type RehearsalCopy,
} from "../copy/schema";

/** Turns a copy into a tenant for the embedded Graph. Every licence keeps its copied state. */
export function tenantOf(copy: RehearsalCopy): TenantSpec {
  const { tenant, groups, users } = copy;
  return {
    id: tenant.id,
    displayName: tenant.displayName ?? "Rehearsal",
    verifiedDomains: tenant.domains.length > 0 ? tenant.domains : ["rehearsal.invalid"],
    ...(tenant.country === null ? {} : { countryLetterCode: tenant.country }),
    apps: [{ name: "rehearsal", permissions: permissions(tenant.country !== null) }],
    ...knownConflicts(copy),
    users: users.map(userSpec),
    groups: groups.map(groupSpec),
  };
}

/**
 * Plan conflicts that the embedded tenant enforces. They are the ones the preview plans with, so that both predict the same: the
 * conflicts that are certain in this tenant, and the errors that it shows today.
 */
function knownConflicts({
  tenant,
  skus,
  users,
  groups,
}: RehearsalCopy): Pick<TenantSpec, "skus" | "dependencies" | "exclusive" | "seenToFail"> {
  const catalog = new Catalog(skus);
  const { prerequisites, exclusive } = relationsIn(catalog, users);
  const byId = <T extends { readonly id: Guid }>(all: readonly T[]) => new Map(all.map((each) => [each.id, each]));
  const observed = observe({ catalog, users: byId(users), groups: byId(groups) }, tenant.country);
  const holders = holdersOf(users);
  const isSure = (relation: Relation) => relation.isSure;
  const seen = (kind: "exclusive" | "dependency", all: readonly Observed[]) =>
    all.map(({ plans, beside }) => ({ kind, plans: [...plans], beside: [...beside] }));
  return {
    skus: skus.map((sku) => skuSpec(sku, holders.get(sku.id) ?? 0, observed.prohibited)),
    dependencies: prerequisites
      .filter(isSure)
      .map(({ plan, others, isSureInGroup }) => ({ plan, needsOneOf: [...others], groupMayLack: !isSureInGroup })),
    exclusive: exclusive
      .filter(isSure)
      .flatMap(({ plan, others }) => others.map((other): [string, string] => [plan, other])),
    seenToFail: [...seen("exclusive", observed.exclusive), ...seen("dependency", observed.prerequisite)].filter(
      ({ plans }) => plans.length > 0,
    ),
  };
}

/** The app's permissions. If the organisation could not be read in the tenant, it can't be read here either. */
function permissions(organization: boolean): string[] {
  return [...migrationPermissions, ...madeGroupPermissions].filter(
    (permission) => organization || permission !== "Organization.Read.All",
  );
}

function skuSpec(sku: RehearsalCopy["skus"][number], holders: number, prohibited: ReadonlySet<string>): SkuSpec {
  const { enabled, warning, suspended, lockedOut } = sku.prepaidUnits;
  return {
    skuId: sku.id,
    skuPartNumber: sku.partNumber,
    appliesTo: sku.appliesTo,
    capabilityStatus: sku.capabilityStatus,
    servicePlans: sku.servicePlans.map(({ id, name, appliesTo }) => ({
      servicePlanId: id,
      servicePlanName: name,
      appliesTo,
    })),
    ...(sku.isTrial !== undefined && { isTrial: sku.isTrial }),
    seats: enabled,
    warning,
    suspended,
    lockedOut,
    prohibitedLocations: [...prohibited].flatMap((each) => (each.startsWith(`${sku.id} `) ? [each.slice(37)] : [])),
    // Users outside the copy hold seats, too.
    seatsElsewhere: sku.consumedUnits - holders,
  };
}

/** Number of copied users that take a seat, by SKU. */
function holdersOf(users: readonly CopiedUser[]): ReadonlyMap<Guid, number> {
  const holders = new Map<Guid, number>();
  for (const { assignments, unknownSource } of users) {
    const held = new Set([...assignments.filter(isInForce), ...unknownSource].map(({ skuId }) => skuId));
    for (const skuId of held) holders.set(skuId, (holders.get(skuId) ?? 0) + 1);
  }
  return holders;
}

function userSpec(user: CopiedUser): UserSpec {
  const { id, displayName, userPrincipalName, accountEnabled, usageLocation, assignments, unknownSource, properties } =
    user;
  return {
    id,
    // An anonymised copy has no names, so ids stand in for them.
    userPrincipalName: userPrincipalName ?? `${id}@rehearsal.invalid`,
    displayName: displayName ?? id,
    accountEnabled: accountEnabled ?? true,
    usageLocation,
    ...properties,
    licenses: assignments.filter(isDirect).map(heldSpec),
    inherited: assignments.flatMap((each) =>
      isFromGroup(each)
        ? [{ ...heldSpec(each), group: each.assignedByGroup, isLasting: isLasting(each, assignments) }]
        : [],
    ),
    hidden: unknownSource.map(({ skuId, disabledPlans }) => ({ sku: skuId, disabledPlans })),
  };
}

function heldSpec({ skuId, disabledPlans, state, error, changedAtMs }: CopiedAssignment): HeldLicenseSpec {
  return {
    sku: skuId,
    disabledPlans,
    state,
    error: error ?? "None",
    ...(changedAtMs === undefined ? {} : { changedAt: new Date(changedAtMs).toISOString() }),
  };
}

/**
 * True for an error that Entra will report again, because its cause is not in the copy (proxy address, conflicting plans, location).
 * A missing seat may be free by then, and `Other` only reflects an error of another licence of the same group.
 */
function isLasting(entry: CopiedAssignment, all: readonly CopiedAssignment[]): boolean {
  if (entry.error === null || entry.error === "CountViolation") return false;
  if (entry.error !== "Other") return true;
  return !all.some(
    (each) => each.assignedByGroup === entry.assignedByGroup && each.error !== null && each.error !== "Other",
  );
}

function groupSpec(group: CopiedGroup): GroupSpec {
  const { id, displayName, securityEnabled, mailEnabled, membershipRule, onPremisesSyncEnabled, processingState } =
    group;
  return {
    id,
    displayName,
    securityEnabled,
    mailEnabled,
    membershipRule,
    onPremisesSyncEnabled,
    members: [...group.members, ...group.nested],
    licenses: group.licenses.map(({ skuId, disabledPlans }) => ({ sku: skuId, disabledPlans })),
    processingState,
  };
}
