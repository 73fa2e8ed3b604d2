import type { Catalog } from "./catalog";
import type { LicensedGroup, LicensedUser, License } from "../model";

/** Removes retired plans from the licences of users and groups; see `Catalog.asOfToday`. */

export function userOfToday<User extends LicensedUser>(user: User, catalog: Catalog): User {
  const { assignments, assignedLicenses } = user;
  if (isOfToday(assignments, catalog) && isOfToday(assignedLicenses, catalog)) return user;
  return {
    ...user,
    assignments: assignments.map((entry) => catalog.asOfToday(entry)),
    assignedLicenses: assignedLicenses.map((license) => catalog.asOfToday(license)),
  };
}

export function groupOfToday(group: LicensedGroup, catalog: Catalog): LicensedGroup {
  return isOfToday(group.licenses, catalog)
    ? group
    : { ...group, licenses: group.licenses.map((license) => catalog.asOfToday(license)) };
}

function isOfToday(licenses: readonly License[], catalog: Catalog): boolean {
  return licenses.every((license) => catalog.asOfToday(license) === license);
}
