import { Catalog } from "../../licensing/catalog/catalog";
import type { Assignment, LicensedUser } from "../../licensing/model";
import type { TenantSnapshot } from "../../licensing/snapshot";
import { bare, catalog, declared, direct, inherited, license, nestedGroup, settled, snapshot, user } from "./builders";

export interface LargeTenant {
  readonly users: number;
  /** Half of them are sites, which give EMS to all users, and half are offices, which give Office 365 E3 to one in five. */
  readonly groups: number;
  /** Whether the groups give their licences already. */
  readonly isLicensed: boolean;
  /** Of a hundred people, so many are blocked: in error, or in no group, or only in one inside. */
  readonly blockedInHundred: number;
  /** Whether a user's direct licences are gone; absent: no user's. */
  readonly isMoved?: (user: LicensedUser) => boolean;
}

const E3_WITHOUT = { without: ["YAMMER"] };

/** All users hold EMS directly and one in five Office 365 E3 besides, as in the guide's example: a company of any size and of any number of groups. */
export function largeTenant(of: LargeTenant): TenantSnapshot {
  const sites = Array.from({ length: of.groups / 2 }, (_, at) => declared(`Site ${at}`, "EMS"));
  const offices = sites.map((_, at) => declared(`Office ${at}`, license("ENTERPRISEPACK", E3_WITHOUT)));
  const groups = [...sites, ...offices];
  const members: Record<string, string[]> = {};
  const inside: LicensedUser[] = [];
  const people = Array.from({ length: of.users }, (_, at) => {
    const name = `person ${at}`;
    const trouble = at % 100 < of.blockedInHundred ? (["error", "left", "inside"] as const)[at % 3] : undefined;
    const site = `Site ${at % sites.length}`;
    const office = at % 5 === 0 ? `Office ${Math.floor(at / 5) % offices.length}` : null;
    const isMember = trouble !== "left" && trouble !== "inside";
    if (isMember) for (const group of office === null ? [site] : [site, office]) (members[group] ??= []).push(name);
    const held = [direct("EMS"), ...(office === null ? [] : [direct("ENTERPRISEPACK", E3_WITHOUT)])];
    const given = of.isLicensed && isMember ? givenBy(site, office, trouble === "error") : [];
    const before = user(name, [...held, ...given], { usageLocation: at % 7 === 0 ? null : "CH" });
    if (trouble !== "left") inside.push(before);
    return of.isMoved?.(before) === true ? { ...before, assignments: given } : before;
  });
  return snapshot({
    declared: groups,
    groups: groups.map((group) => (of.isLicensed ? settled(group) : bare(group))),
    users: people,
    members,
    nested: { "Site 0": [nestedGroup("Inside", inside)] },
    // Its own, because a catalog remembers what it was asked.
    catalog: new Catalog(catalog.skus),
  });
}

function givenBy(site: string, office: string | null, isInError: boolean): readonly Assignment[] {
  const state = isInError ? ({ state: "Error", error: "CountViolation" } as const) : {};
  const ems = inherited("EMS", site, state);
  return office === null ? [ems] : [ems, inherited("ENTERPRISEPACK", office, { ...E3_WITHOUT, ...state })];
}
