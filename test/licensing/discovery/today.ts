import { Catalog } from "../../../licensing/catalog/catalog";
import { isTaken, ruleKey, rulesFor } from "../../../licensing/discovery/attributes";
import { propose } from "../../../licensing/discovery/propose";
import { wantedOf } from "../../../licensing/discovery/wanted";
import type { Proposal } from "../../../licensing/discovery/proposal";
import type { DiscoveredUser, TenantToday } from "../../../licensing/discovery/tenant-today";
import type { Assignment, LicensedGroup } from "../../../licensing/model";
import { bare, catalog, declared, groupId, user, userId } from "../builders";

/** A tenant for discovery, in words. */
export interface TodayParts {
  readonly users: readonly DiscoveredUser[];
  /** By display name: members by name, those without a licence too. */
  readonly groups?: Readonly<Record<string, { readonly members: readonly string[] } & Partial<LicensedGroup>>>;
  /** Users without a licence that rules take as well, such as `department=design&country=DE`. */
  readonly others?: readonly string[];
  readonly catalog?: Catalog;
}

export function holder(
  name: string,
  assignments: readonly Assignment[],
  changes: Partial<DiscoveredUser> = {},
): DiscoveredUser {
  return {
    ...user(name, assignments),
    userType: "Member",
    department: null,
    companyName: null,
    country: null,
    ...changes,
  };
}

/** `many("ada", 3, …)`: ada1, ada2, ada3. */
export function many(
  name: string,
  count: number,
  assignments: readonly Assignment[],
  changes: Partial<DiscoveredUser> = {},
): DiscoveredUser[] {
  return namesOf(name, count).map((each) => holder(each, assignments, changes));
}

export const namesOf = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${name}${at + 1}`);

export function todayOf(parts: TodayParts): TenantToday {
  const users = new Map(parts.users.map((each) => [each.id, each]));
  const groups = Object.entries(parts.groups ?? {}).map(([name, { members: _, ...changes }]): LicensedGroup => ({
    ...bare(declared(name)),
    ...changes,
  }));
  const all = { catalog: parts.catalog ?? catalog, users, groups: new Map(groups.map((group) => [group.id, group])) };
  const rules = wantedOf(all).bundles.flatMap(({ holders }) => rulesFor(holders, users));
  return {
    ...all,
    members: new Map(
      Object.entries(parts.groups ?? {}).map(([name, { members }]) => [groupId(name), new Set(members.map(userId))]),
    ),
    taken: new Map(
      rules.map((rule) => [
        ruleKey(rule),
        parts.users.filter((each) => isTaken(each, rule)).length +
          (parts.others ?? []).filter((each) => isTaken(stranger(each), rule)).length,
      ]),
    ),
  };
}

function stranger(words: string) {
  const nothing = { department: null, companyName: null, country: null };
  return { ...nothing, ...(Object.fromEntries(new URLSearchParams(words)) as Partial<typeof nothing>) };
}

export function proposalsFor(parts: TodayParts): readonly Proposal[] {
  const today = todayOf(parts);
  return propose(today, wantedOf(today)).proposals;
}
