import { guidFrom } from "../../emulator/directory/spec";
import { Catalog } from "../../licensing/catalog/catalog";
import { NO_NAMES } from "../../licensing/catalog/recorded-names";
import type { DeclaredGroup } from "../../licensing/declaration";
import type { Assignment, Guid, License, LicensedGroup, LicensedUser, NestedGroup, Sku } from "../../licensing/model";
import type { PlanInput } from "../../licensing/plan/plan";
import { EMPTY_RECORD, type GroupLicenseRecord, type StackRecord } from "../../licensing/record/record";
import type { RefusedRemoval } from "../../licensing/decision/refused-removals";
import type { TenantSnapshot, UserEvidence } from "../../licensing/snapshot";
import type { WaveSelector, WaveSpec } from "../../licensing/stack-file/stack-file";

/** A tenant in words: everything has its id from its name, so that a test never holds a GUID. */

/** A plan input without waves, on a stack that has no record: for what is said of groups alone. */
export const WITHOUT_WAVES = {
  waves: [],
  moveLast: new Map(),
  named: new Map(),
  applyThrough: null,
  record: EMPTY_RECORD,
  accepted: [],
} satisfies Partial<PlanInput>;

export const skuId = (partNumber: string): Guid => guidFrom(`sku ${partNumber}`);
export const planId = (name: string): Guid => guidFrom(`plan ${name}`);
export const groupId = (displayName: string): Guid => guidFrom(`group ${displayName}`);
export const userId = (name: string): Guid => guidFrom(`user ${name}`);

/** `sku("EMS", ["INTUNE_A", "company:EXCHANGE_S_FOUNDATION"])`: plans apply to users unless they say otherwise. */
export function sku(partNumber: string, plans: readonly string[], changes: Partial<Sku> = {}): Sku {
  return {
    id: skuId(partNumber),
    partNumber,
    appliesTo: "User",
    capabilityStatus: "Enabled",
    consumedUnits: 0,
    prepaidUnits: { enabled: 100, warning: 0, suspended: 0, lockedOut: 0 },
    servicePlans: plans.map((plan) => {
      const name = plan.replace("company:", "");
      return { id: planId(name), name, appliesTo: plan === name ? "User" : "Company" };
    }),
    ...changes,
  };
}

export const EMS = sku("EMS", ["AAD_PREMIUM", "INTUNE_A", "RMS_S_ENTERPRISE", "company:EXCHANGE_S_FOUNDATION"]);
export const E3 = sku("ENTERPRISEPACK", ["EXCHANGE", "TEAMS1", "YAMMER", "RMS_S_ENTERPRISE", "company:INTUNE_O365"]);
/** All that EMS has, and one plan more. */
export const E5 = sku("EMSPREMIUM", ["AAD_PREMIUM", "INTUNE_A", "RMS_S_ENTERPRISE", "ATA"]);
export const VISIO = sku("VISIOCLIENT", ["VISIO"]);

export const catalog = new Catalog([EMS, E3, E5, VISIO]);

export interface Without {
  /** Names of disabled plans. */
  readonly without?: readonly string[];
}

export function license(partNumber: string, { without = [] }: Without = {}): License {
  return { skuId: skuId(partNumber), disabledPlans: without.map(planId) };
}

export function direct(partNumber: string, without: Without = {}): Assignment {
  return { ...license(partNumber, without), assignedByGroup: null, state: "Active", error: null };
}

export function inherited(
  partNumber: string,
  group: string,
  { state = "Active", error = null, ...without }: Partial<Pick<Assignment, "state" | "error">> & Without = {},
): Assignment {
  return { ...license(partNumber, without), assignedByGroup: groupId(group), state, error };
}

export function user(
  name: string,
  assignments: readonly Assignment[] = [],
  changes: Partial<LicensedUser> = {},
): LicensedUser {
  return {
    id: userId(name),
    displayName: name,
    userPrincipalName: `${name}@contoso.com`,
    accountEnabled: true,
    usageLocation: "CH",
    assignedLicenses: merged(assignments),
    assignments,
    ...changes,
  };
}

/** As Graph merges the sources in force: a plan is disabled where all of them disable it. */
export function merged(assignments: readonly Assignment[]): readonly License[] {
  const bySku = new Map<Guid, readonly Guid[]>();
  for (const { skuId: id, disabledPlans, state } of assignments) {
    if (state !== "Active" && state !== "ActiveWithError") continue;
    const others = bySku.get(id);
    bySku.set(id, others?.filter((plan) => disabledPlans.includes(plan)) ?? disabledPlans);
  }
  return [...bySku].map(([id, disabledPlans]) => ({ skuId: id, disabledPlans }));
}

/** A group of the stack file; its logical name is its display name in lower case with "-". */
export function declared(displayName: string, ...licenses: readonly (string | License)[]): DeclaredGroup {
  return {
    name: displayName.toLowerCase().replaceAll(" ", "-"),
    groupId: groupId(displayName),
    displayName,
    licenses: licenses.map((each) => (typeof each === "string" ? license(each) : each)),
  };
}

/** The group as Graph shows it when it gives what is declared and everything is processed. */
export function settled(group: DeclaredGroup, changes: Partial<LicensedGroup> = {}): LicensedGroup {
  return {
    id: group.groupId,
    displayName: group.displayName,
    securityEnabled: true,
    mailEnabled: false,
    membershipRule: null,
    onPremisesSyncEnabled: false,
    licenses: group.licenses,
    processingState: "ProcessingComplete",
    ...changes,
  };
}

/** The group before anybody gave it a licence. */
export function bare(group: DeclaredGroup): LicensedGroup {
  return settled(group, { licenses: [], processingState: null });
}

export function nestedGroup(displayName: string, users: readonly LicensedUser[]): NestedGroup {
  return { id: groupId(displayName), displayName, userIds: users.map(({ id }) => id) };
}

export function evidence(
  of: LicensedUser,
  where: { readonly memberOf?: readonly string[]; readonly nestedIn?: readonly string[] } = {},
): UserEvidence {
  return {
    user: of,
    memberOf: new Set((where.memberOf ?? []).map(groupId)),
    nestedIn: new Set((where.nestedIn ?? []).map(groupId)),
  };
}

export interface SnapshotParts {
  readonly declared: readonly DeclaredGroup[];
  /** Absent: every declared group is settled. */
  readonly groups?: readonly LicensedGroup[];
  readonly users: readonly LicensedUser[];
  /** Names of users, by display name of the group. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  readonly nested?: Readonly<Record<string, readonly NestedGroup[]>>;
  readonly catalog?: Catalog;
}

export function snapshot(parts: SnapshotParts): TenantSnapshot {
  const groups = parts.groups ?? parts.declared.map((group) => settled(group));
  return {
    declared: parts.declared,
    catalog: parts.catalog ?? catalog,
    groups: new Map(groups.map((group) => [group.id, group])),
    users: new Map(parts.users.map((each) => [each.id, each])),
    members: new Map(
      parts.declared.map((group) => [
        group.groupId,
        new Set((parts.members[group.displayName] ?? []).map((name) => userId(name))),
      ]),
    ),
    nested: new Map(Object.entries(parts.nested ?? {}).map(([name, inner]) => [groupId(name), inner])),
  };
}

export function wave(name: string, takes: WaveSelector, changes: Partial<WaveSpec> = {}): WaveSpec {
  return { name, takes, soakMs: 0, maxBlocked: null, minMoved: 0.5, rollback: false, ...changes };
}

export const percent = (of: number): WaveSelector => ({ kind: "percent", percent: of });
export const count = (of: number): WaveSelector => ({ kind: "count", count: of });

/** What a stack remembers of its waves. */
export function record(
  waves: Readonly<
    Record<
      string,
      {
        readonly taken?: readonly Guid[];
        readonly doneAtMs?: number | null;
        readonly refused?: readonly RefusedRemoval[];
      }
    >
  >,
  more: Partial<StackRecord> = {},
): StackRecord {
  return {
    ...EMPTY_RECORD,
    waves: new Map(
      Object.entries(waves).map(([name, { taken = [], doneAtMs = null, refused = [] }]) => [
        name,
        {
          taken: new Set(taken),
          doneAtMs,
          refused,
          moved: new Set(taken),
          missed: new Set(),
          outcome: { moved: taken.length, missed: 0, blocked: 0 },
          minMoved: 0.5,
        },
      ]),
    ),
    ...more,
  };
}

/** A group's row in the state as the plan reads it. */
export function groupOnRecord(changes: Pick<GroupLicenseRecord, "groupId"> & Partial<GroupLicenseRecord>) {
  const nothing = {
    displayName: "",
    given: [],
    acceptLoss: [],
    plans: {},
    names: NO_NAMES,
    leaving: [],
    hasTakeOff: false,
  };
  return { ...nothing, ...changes } satisfies GroupLicenseRecord;
}
