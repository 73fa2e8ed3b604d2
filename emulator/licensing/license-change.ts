import type { Directory } from "../directory/directory";
import { isServed, type Guid, type License } from "../directory/entities";
import { isGuid } from "../directory/spec";
import { badRequest, notSupported } from "../graph-error";

/** The body of the two assignLicense calls, for users and for groups. */
export interface LicenseChange {
  readonly addLicenses: readonly License[];
  readonly removeLicenses: readonly Guid[];
}

export function parseLicenseChange(body: unknown): LicenseChange {
  const parameters = record(body, "a request body that is no object");
  const missing = ["addLicenses", "removeLicenses"].filter((name) => !Array.isArray(parameters[name]));
  if (missing.length > 0)
    throw badRequest(
      "One or more parameters of the operation 'assignLicense' are missing from the request payload. " +
        `The missing parameters are: ${missing.join(", ")}.`,
    );
  refuseOthers(parameters, ["addLicenses", "removeLicenses"]);
  const addLicenses = (parameters["addLicenses"] as unknown[]).map(parseLicense);
  const removeLicenses = [...new Set((parameters["removeLicenses"] as unknown[]).map(parseGuid))];
  const added = addLicenses.map((license) => license.skuId);
  if (new Set(added).size < added.length || added.some((skuId) => removeLicenses.includes(skuId)))
    throw notSupported("one skuId twice in an assignLicense body");
  if (added.length + removeLicenses.length === 0)
    throw notSupported("an assignLicense body that neither adds nor removes anything");
  return { addLicenses, removeLicenses };
}

function parseLicense(value: unknown): License {
  const license = record(value, "an entry of addLicenses that is no object");
  refuseOthers(license, ["skuId", "disabledPlans", "@odata.type"]);
  const disabledPlans = license["disabledPlans"] ?? [];
  if (!Array.isArray(disabledPlans)) throw notSupported("disabledPlans that is no array");
  return { skuId: parseGuid(license["skuId"]), disabledPlans: [...new Set(disabledPlans.map(parseGuid))] };
}

function parseGuid(value: unknown): Guid {
  if (typeof value !== "string" || !isGuid(value))
    throw badRequest(
      "Cannot convert a primitive value to the expected type 'Edm.Guid'. See the inner exception for more details.",
    );
  return value.toLowerCase();
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw notSupported(what);
  return value as Record<string, unknown>;
}

function refuseOthers(body: Record<string, unknown>, known: readonly string[]): void {
  const other = Object.keys(body).find((key) => !known.includes(key));
  if (other) throw notSupported(`body property '${other}'`);
}

/**
 * Refuses SKUs that the tenant does not have, whose subscription has ended or that cannot be assigned to users, and disabled plans
 * that are not part of the SKU. Of an ended subscription Microsoft says that no licences can be assigned; the wording is ours:
 * https://learn.microsoft.com/microsoft-365/commerce/subscriptions/what-if-my-subscription-expires
 */
export function checkLicensesExist(directory: Directory, licenses: readonly License[], target: "user" | "group"): void {
  for (const { skuId, disabledPlans } of licenses) {
    const sku = directory.skus.get(skuId);
    if (!sku || !isServed(sku)) throw badRequest(`License ${skuId} does not correspond to a valid company License.`);
    if (sku.appliesTo !== "User") throw badRequest(`License ${skuId} cannot be assigned to a ${target}.`);
    const plans = new Set(sku.servicePlans.map((plan) => plan.servicePlanId));
    const foreign = disabledPlans.find((plan) => !plans.has(plan));
    if (foreign) throw badRequest(`License ${skuId} does not contain service plan ${foreign}.`);
  }
}
