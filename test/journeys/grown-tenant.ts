import type { SkuSpec, TenantSpec, UserSpec } from "../../emulator";
import { madeGroupPermissions, migrationPermissions } from "../../emulator/directory/spec";
import { EMS, ENTERPRISEPACK, MCOEV, STANDARDPACK, VISIOCLIENT } from "../../emulator/tenants/products";

type Product = Omit<SkuSpec, "seats">;

/** Ids and names of Microsoft's public list; of its plans those that apply to users. */
function product(skuPartNumber: string, skuId: string, plans: Readonly<Record<string, string>>): Product {
  const servicePlans = Object.entries(plans).map(([servicePlanName, servicePlanId]) => ({
    servicePlanName,
    servicePlanId,
  }));
  return { skuPartNumber, skuId, servicePlans };
}

const FLOW_FREE = product("FLOW_FREE", "f30db892-07e9-47e9-837c-80727f46fd3d", {
  DYN365_CDS_VIRAL: "17ab22cd-a0b3-4536-910a-cb6eb12696c0",
  FLOW_P2_VIRAL: "50e68c76-46c6-4674-81f9-75456511b170",
});
const POWER_BI_STANDARD = product("POWER_BI_STANDARD", "a403ebcc-fae0-4ca2-8c8c-7a907fd6c235", {
  BI_AZURE_P0: "2049e525-b859-401b-b2a0-e0a31c4b1fe4",
});
const POWER_BI_PRO = product("POWER_BI_PRO", "f8a1db68-be16-40ed-86d5-cb42ce701560", {
  BI_AZURE_P2: "70d33638-9c74-4d01-bfd3-562de28bd4ba",
});
const TEAMS_EXPLORATORY = product("TEAMS_EXPLORATORY", "710779e8-3d4a-4c88-adb9-386c958d1fdf", {
  MCO_TEAMS_IW: "42a3ec34-28ba-46b6-992f-db53a675ac5b",
});
const EXCHANGESTANDARD = product("EXCHANGESTANDARD", "4b9405b0-7788-4568-add1-99614e613b69", {
  EXCHANGE_S_STANDARD: "9aaf7827-d63c-4b61-89c3-182f06f82e5c",
});
const MCOMEETADV = product("MCOMEETADV", "0c266dff-15dd-4b49-8397-2bb16070ed52", {
  MCOMEETADV: "3e26ee1f-8a5f-4d52-aee2-b81ce45c8f40",
});
const PROJECTPROFESSIONAL = product("PROJECTPROFESSIONAL", "53818b1b-4a27-454b-8896-0dba576410e6", {
  PROJECT_PROFESSIONAL: "818523f5-016b-4355-9be8-ed6944946ea7",
});
const ATP_ENTERPRISE = product("ATP_ENTERPRISE", "4ef96642-f096-40de-a3e9-d83fb2f90211", {
  ATP_ENTERPRISE: "f20fedf3-f3c3-43c3-8267-2bfdd51c0939",
});

const upn = (at: number) => `u${at}@contoso.com`;

/**
 * A company of 600 that grew: staff with E3 and EMS, some with apps unticked, phones in two forms, two departments with tools of their
 * own, guests, shared mailboxes, accounts of people that left, missing locations, self-service on nearly everybody, a SKU in grace and one
 * that is suspended.
 */
export function grownTenant(): TenantSpec {
  const sales = 40;
  const users = Array.from({ length: 600 }, (_, at): UserSpec => {
    const isStaff = at < 500;
    const isShared = at >= 580 && at < 590;
    const isLeaver = isStaff && at % 50 === 7;
    const unticked = at % 40 === 11 ? ["SWAY"] : at % 40 === 12 ? ["SWAY", "YAMMER_ENTERPRISE"] : [];
    return {
      userPrincipalName: upn(at),
      accountEnabled: !isLeaver && !isShared,
      userType: at >= 590 ? "Guest" : "Member",
      ...(isStaff && at % 60 === 9 ? { usageLocation: null } : {}),
      department: at < sales ? "Sales" : at < 60 ? "Design" : at < 500 ? "Office" : null,
      licenses: [
        ...(isStaff ? [{ sku: "ENTERPRISEPACK", disabledPlans: unticked }, { sku: "EMS" }] : []),
        ...(at >= 100 && at < 130 ? [{ sku: "MCOEV" }, { sku: "MCOMEETADV" }] : []),
        ...(at >= 40 && at < 60 ? [{ sku: "VISIOCLIENT" }, { sku: "PROJECTPROFESSIONAL" }] : []),
        // A mailbox of another kind is no app in a menu: this stays a group of its own.
        ...(at >= 500 && at < 540 ? [{ sku: "STANDARDPACK" }] : []),
        ...(at >= 540 && at < 552 ? [{ sku: "STANDARDPACK", disabledPlans: ["EXCHANGE_S_STANDARD"] }] : []),
        ...(isShared ? [{ sku: "EXCHANGESTANDARD" }] : []),
        ...(at >= 590 ? [{ sku: "EMS", disabledPlans: ["INTUNE_A"] }] : []),
        ...(at % 5 !== 0 && !isShared ? [{ sku: "FLOW_FREE" }] : []),
        ...(at % 7 === 0 && !isShared ? [{ sku: "POWER_BI_STANDARD" }] : []),
        ...(at % 9 === 0 && !isShared ? [{ sku: "TEAMS_EXPLORATORY" }] : []),
        ...(at >= 200 && at < 220 ? [{ sku: "POWER_BI_PRO" }] : []),
        ...(at >= 300 && at < 310 ? [{ sku: "ATP_ENTERPRISE" }] : []),
      ],
    };
  });
  const some = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => upn(from + index));
  return {
    displayName: "Contoso",
    verifiedDomains: ["contoso.com"],
    countryLetterCode: "CH",
    apps: [{ name: "migration", permissions: [...migrationPermissions, ...madeGroupPermissions] }],
    skus: [
      ...[EMS, ENTERPRISEPACK, MCOEV, MCOMEETADV, STANDARDPACK, VISIOCLIENT, PROJECTPROFESSIONAL].map((each) => ({
        ...each,
        seats: 620,
      })),
      ...[FLOW_FREE, POWER_BI_STANDARD, TEAMS_EXPLORATORY].map((each) => ({ ...each, seats: 10_000 })),
      { ...EXCHANGESTANDARD, seats: 20 },
      { ...POWER_BI_PRO, seats: 0, warning: 25, capabilityStatus: "Warning" },
      { ...ATP_ENTERPRISE, seats: 0, suspended: 25, capabilityStatus: "Suspended" },
    ],
    dependencies: [
      { plan: "MCOEV", needsOneOf: ["MCOSTANDARD"] },
      { plan: "MCOMEETADV", needsOneOf: ["MCOSTANDARD"] },
    ],
    users,
    groups: [
      { displayName: "Design team", members: some(40, 60) },
      // Two of those with a phone are outside, and five others inside.
      { displayName: "Telephony", members: [...some(102, 130), ...some(130, 135)] },
    ],
  };
}
