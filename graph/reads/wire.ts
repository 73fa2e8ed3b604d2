import type { DiscoveredUser } from "../../licensing/discovery/tenant-today";
import type { Assignment, LicensedGroup, LicensedUser, License, ServicePlan, Sku } from "../../licensing/model";
import { GraphError, quoteGraph } from "../client/failure";
import { MOST_UNREADABLE } from "../client/limits";
import { OPERATIONS } from "../diagnostics/permissions";

/**
 * Parses Graph's answers into this project's types. Lenient where no decision depends on a property, strict where a
 * guess could cost a user a service: missing licence states are an error, not a user without licences.
 */

export const USER_PROPERTIES = [
  "id",
  "displayName",
  "userPrincipalName",
  "accountEnabled",
  "usageLocation",
  "assignedLicenses",
  "licenseAssignmentStates",
  "isManagementRestricted",
] as const;

/** Additional properties for discovery. */
export const DISCOVERED_PROPERTIES = [...USER_PROPERTIES, "userType", "department", "companyName", "country"] as const;

export const GROUP_PROPERTIES = [
  "id",
  "displayName",
  "securityEnabled",
  "mailEnabled",
  "membershipRule",
  "onPremisesSyncEnabled",
  "isManagementRestricted",
  "visibility",
  "assignedLicenses",
  "licenseProcessingState",
] as const;

export const SKU_PROPERTIES = [
  "skuId",
  "skuPartNumber",
  "appliesTo",
  "capabilityStatus",
  "consumedUnits",
  "prepaidUnits",
  "servicePlans",
] as const;

type Json = Readonly<Record<string, unknown>>;

/** @throws GraphError of kind `forbidden` for a user without all properties, `unexpected` for one without assignment states */
export function readUser(wire: unknown): LicensedUser {
  const user = objectFrom(wire, "a user");
  const id = guidFrom(user["id"], "a user's id");
  const userPrincipalName = textFrom(user["userPrincipalName"]);
  const states = user["licenseAssignmentStates"];
  // "If the app has no permission to read a type, objects of that type come with limited information": an id, null for
  // each other property, and empty lists. Every user has a principal name, so such a user is not one without licences.
  // https://learn.microsoft.com/graph/permissions-overview#limited-information-returned-for-inaccessible-member-objects
  // check: a user without a name is one that may not be read, not one without licences
  if (userPrincipalName === null) {
    const { words, permissions } = OPERATIONS.readUsers;
    throw new GraphError({ kind: "forbidden", operation: words, permissions });
  }
  if (!Array.isArray(states)) throw unreadable(`the user ${id} came without licenseAssignmentStates`);
  return {
    id,
    displayName: textFrom(user["displayName"]),
    userPrincipalName,
    accountEnabled: booleanFrom(user["accountEnabled"]),
    usageLocation: textFrom(user["usageLocation"]),
    assignedLicenses: listFrom(user["assignedLicenses"]).map(readLicense),
    assignments: states.map(readAssignment),
    ...restrictionOf(user),
  };
}

/**
 * A user of a listing. A user without licence data is recorded in `unreadable`, if given, and left out.
 *
 * @throws {GraphError} without `unreadable`, or if too many users are unreadable
 */
export function readListed<U>(
  wire: unknown,
  read: (wire: unknown) => U,
  unreadable?: Map<string, string>,
): readonly U[] {
  try {
    return [read(wire)];
  } catch (error) {
    const isOfOne = error instanceof GraphError && error.failure.kind === "unexpected";
    if (!isOfOne || unreadable === undefined || unreadable.size >= MOST_UNREADABLE) throw error;
    unreadable.set(readId(wire), quoteGraph(error.failure));
    return [];
  }
}

export function readDiscoveredUser(wire: unknown): DiscoveredUser {
  const user = readUser(wire);
  const attributes = wire as Json;
  return {
    ...user,
    userType: textFrom(attributes["userType"]),
    department: textFrom(attributes["department"]),
    companyName: textFrom(attributes["companyName"]),
    country: textFrom(attributes["country"]),
  };
}

/**
 * The count of a listing requested with `$count=true`.
 *
 * @throws GraphError of kind `unexpected` when the count is missing
 */
export function readCount(wire: unknown): { readonly count: number } {
  const count = objectFrom(wire, "a list")["@odata.count"];
  if (typeof count !== "number") throw unreadable("a list came without its count");
  return { count };
}

/** @throws GraphError of kind `unexpected` for a group without its licences */
export function readGroup(wire: unknown): LicensedGroup {
  const group = objectFrom(wire, "a group");
  const id = guidFrom(group["id"], "a group's id");
  const licenses = group["assignedLicenses"];
  // check: a group whose licences are unknown is not one without licences
  if (!Array.isArray(licenses)) throw unreadable(`the group ${id} came without assignedLicenses`);
  return {
    id,
    displayName: textFrom(group["displayName"]) ?? id,
    securityEnabled: booleanFrom(group["securityEnabled"]) ?? false,
    mailEnabled: booleanFrom(group["mailEnabled"]) ?? false,
    membershipRule: textFrom(group["membershipRule"]),
    onPremisesSyncEnabled: booleanFrom(group["onPremisesSyncEnabled"]) ?? false,
    ...restrictionOf(group),
    // The reference also writes `Hiddenmembership`.
    ...(textFrom(group["visibility"])?.toLowerCase() === "hiddenmembership" ? { hasHiddenMembership: true } : {}),
    licenses: licenses.map(readLicense),
    processingState: processingStateFrom(group["licenseProcessingState"]),
  };
}

/** @throws GraphError of kind `unexpected` for a SKU without its plans */
export function readSku(wire: unknown): Sku {
  const sku = objectFrom(wire, "a SKU");
  const units = isObject(sku["prepaidUnits"]) ? sku["prepaidUnits"] : {};
  const id = guidFrom(sku["skuId"], "a skuId");
  const plans = sku["servicePlans"];
  // check: a SKU whose plans are unknown is not one without plans
  if (!Array.isArray(plans)) throw unreadable(`the SKU ${id} came without servicePlans`);
  return {
    id,
    // Microsoft's own list has part numbers with a trailing blank.
    partNumber: (textFrom(sku["skuPartNumber"]) ?? "").trim(),
    appliesTo: appliesTo(sku["appliesTo"]),
    capabilityStatus: textFrom(sku["capabilityStatus"]) ?? "",
    consumedUnits: numberFrom(sku["consumedUnits"]),
    prepaidUnits: {
      enabled: numberFrom(units["enabled"]),
      warning: numberFrom(units["warning"]),
      suspended: numberFrom(units["suspended"]),
      lockedOut: numberFrom(units["lockedOut"]),
    },
    servicePlans: plans.map(readServicePlan),
  };
}

/** A subscription: a SKU has several where it was bought more than once. `isTrial` is `null` where Graph does not tell. */
export function readSubscription(wire: unknown): { readonly skuId: string; readonly isTrial: boolean | null } {
  const subscription = objectFrom(wire, "a subscription");
  return {
    skuId: guidFrom(subscription["skuId"], "a subscription's skuId"),
    isTrial: booleanFrom(subscription["isTrial"]),
  };
}

function restrictionOf(object: Json): { readonly isManagementRestricted?: true } {
  return booleanFrom(object["isManagementRestricted"]) === true ? { isManagementRestricted: true } : {};
}

export function readId(wire: unknown): string {
  return guidFrom(objectFrom(wire, "a directory object")["id"], "an id");
}

export function readNamed(wire: unknown): { id: string; displayName: string } {
  const id = readId(wire);
  return { id, displayName: textFrom((wire as Json)["displayName"]) ?? id };
}

function readServicePlan(wire: unknown): ServicePlan {
  const plan = objectFrom(wire, "a service plan");
  return {
    id: guidFrom(plan["servicePlanId"], "a servicePlanId"),
    name: (textFrom(plan["servicePlanName"]) ?? "").trim(),
    appliesTo: appliesTo(plan["appliesTo"]),
  };
}

function readLicense(wire: unknown): License {
  const license = objectFrom(wire, "a licence");
  const skuId = guidFrom(license["skuId"], "a skuId");
  const off = license["disabledPlans"];
  // check: a licence whose disabled plans are unknown has not all plans on
  if (!Array.isArray(off)) throw unreadable(`the licence ${skuId} came without disabledPlans`);
  return {
    skuId,
    disabledPlans: off.map((plan) => guidFrom(plan, "a disabled plan")),
  };
}

function readAssignment(wire: unknown): Assignment {
  const state = objectFrom(wire, "a licence state");
  const error = textFrom(state["error"]);
  const group = textFrom(state["assignedByGroup"]);
  const changedAtMs = Date.parse(textFrom(state["lastUpdatedDateTime"]) ?? "");
  const { skuId, disabledPlans } = readLicense(state);
  // Without spread: some hundred thousand assignments are read, and each spread creates another object.
  const assignment = {
    skuId,
    disabledPlans,
    assignedByGroup: group === null ? null : guidFrom(group, "assignedByGroup"),
    // An unknown state is never taken for Active.
    state: textFrom(state["state"]) ?? "Unknown",
    error: errorFrom(error),
  };
  return Number.isNaN(changedAtMs) ? assignment : { ...assignment, changedAtMs };
}

/** An object with the state, by Graph's metadata and on the wire; the state itself, by the reference of the group. */
function processingStateFrom(wire: unknown): string | null {
  return textFrom(isObject(wire) ? wire["state"] : wire);
}

/** `None` and an empty text mean no error; `Others` is another spelling of `Other`. */
function errorFrom(error: string | null): string | null {
  const word = error?.toLowerCase();
  if (word === undefined || word === "none") return null;
  return word === "others" ? "Other" : error;
}

/** Anything not marked as the company's counts as a user's, and is protected. */
function appliesTo(wire: unknown): "User" | "Company" {
  return typeof wire === "string" && wire.toLowerCase() === "company" ? "Company" : "User";
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function listFrom(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textFrom(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function booleanFrom(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

function numberFrom(value: unknown): number {
  const number = Number(value ?? 0);
  return Number.isFinite(number) ? number : 0;
}

function objectFrom(value: unknown, what: string): Json {
  if (isObject(value)) return value;
  throw unreadable(`${what} is not an object`);
}

function guidFrom(value: unknown, what: string): string {
  if (typeof value === "string" && value !== "") return value.toLowerCase();
  throw unreadable(`${what} is missing`);
}

function unreadable(message: string): GraphError {
  return new GraphError({ kind: "unexpected", status: 200, code: "", message });
}

/** A deleted object that can still be restored. */
export function readDeletion(wire: unknown): { readonly deletedAt: string | null } {
  return { deletedAt: isObject(wire) ? textFrom(wire["deletedDateTime"]) : null };
}
