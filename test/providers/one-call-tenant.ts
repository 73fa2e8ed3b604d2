import type { Emulator, SkuSpec, TenantSpec } from "../../emulator";
import { ENTERPRISEPACK, MCOEV, STANDARDPACK } from "../../emulator/tenants/products";
import type { GroupSpec } from "../../licensing/stack-file/stack-file";
import { idOf, NAMES, upn } from "./tenants";

export const E1 = { sku: "STANDARDPACK" };

/** A product with a third plan of SharePoint. */
const DESKLESS: Omit<SkuSpec, "seats"> = {
  skuId: "4b585984-651b-448a-9e53-3b10f069cf7f",
  skuPartNumber: "SHAREPOINTDESKLESS_SUITE",
  servicePlans: [{ servicePlanId: "902b47e5-dcb2-4fdc-858b-c63a90a2bdb9", servicePlanName: "SHAREPOINTDESKLESS" }],
};

const TEAMS_ONLY: Omit<SkuSpec, "seats"> = {
  skuId: "a403ebcc-fae0-4ca2-8c8c-7a907fd6c235",
  skuPartNumber: "TEAMS_ONLY",
  servicePlans: STANDARDPACK.servicePlans.filter(({ servicePlanName }) => servicePlanName === "TEAMS1"),
};

const FORMS_E1 = { servicePlanId: "159f4cd6-e380-449f-a816-af1a9ef76344", servicePlanName: "FORMS_PLAN_E1" };

const DESKLESS_EXCLUDES: [string, string] = ["SHAREPOINTDESKLESS", "SHAREPOINTENTERPRISE"];

/** A group whose members have E1 from it alone; SharePoint's plans of E1 and E3 exclude each other. */
export function tenantOfE1Group({
  names = NAMES,
  seats = names.length,
  exclusive = [["SHAREPOINTSTANDARD", "SHAREPOINTENTERPRISE"]],
  more = false,
  forms = false,
  phone = false,
}: {
  readonly names?: readonly string[];
  readonly seats?: number;
  readonly exclusive?: TenantSpec["exclusive"];
  /** With a third product that excludes E3 alone. */
  readonly more?: boolean;
  /** E1 with its own edition of Forms, as Microsoft sells it. */
  readonly forms?: boolean;
  /** Calls need Skype for Business or Teams, which is there alone, too. */
  readonly phone?: boolean;
} = {}): TenantSpec {
  return {
    displayName: "Contoso",
    verifiedDomains: ["contoso.com"],
    countryLetterCode: "DE",
    skus: [
      {
        ...STANDARDPACK,
        servicePlans: [...STANDARDPACK.servicePlans, ...(forms ? [FORMS_E1] : [])],
        seats: names.length + 5,
      },
      { ...ENTERPRISEPACK, seats },
      { ...MCOEV, seats: names.length },
      ...(more ? [{ ...DESKLESS, seats: 5 }] : []),
      ...(phone ? [{ ...TEAMS_ONLY, seats: 5 }] : []),
    ],
    exclusive: [...exclusive, ...(more ? [DESKLESS_EXCLUDES] : [])],
    ...(phone ? { dependencies: [{ plan: "MCOEV", needsOneOf: ["MCOSTANDARD", "TEAMS1"] }] } : {}),
    users: names.map((name) => ({ userPrincipalName: upn(name), usageLocation: "DE" })),
    groups: [{ displayName: "Staff", members: names.map(upn), licenses: [E1] }],
  };
}

/** The stack file's group: gives this, and swaps that for it. */
export function oneCall(sku = "ENTERPRISEPACK", off = "STANDARDPACK"): GroupSpec {
  return { name: "staff", existing: "Staff", licenses: [{ sku, disabledPlans: [] }], swapInOneCall: [off] };
}

const SUCCESSORS = { EXCHANGE_S_STANDARD: "EXCHANGE_S_ENTERPRISE", SHAREPOINTSTANDARD: "SHAREPOINTENTERPRISE" };

/** Plans that a user had at first, and lacked at some moment since, by themselves and by what succeeds them. */
export function lackedAtAnyMoment({ tenant, history }: Emulator, name: string): readonly string[] {
  const instead = new Map(Object.entries(SUCCESSORS).map(([plan, by]) => [tenant.plan(plan), tenant.plan(by)]));
  const [first, ...later] = history.of(idOf(name));
  return (first?.planIds ?? []).filter((plan) =>
    later.some(({ planIds }) => !planIds.includes(plan) && !planIds.includes(instead.get(plan) ?? "")),
  );
}
