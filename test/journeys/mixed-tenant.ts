import type { TenantSpec, UserSpec } from "../../emulator";
import { EMS, ENTERPRISEPACK, STANDARDPACK, VISIOCLIENT } from "../../emulator/tenants/products";

const inFinance = people("finance", 8, (name) => ({
  userPrincipalName: name,
  licenses: [{ sku: "EMS" }, { sku: "ENTERPRISEPACK", disabledPlans: ["YAMMER_ENTERPRISE"] }],
}));
const staff = people("staff", 28, (name) => ({ userPrincipalName: name, licenses: [{ sku: "EMS" }] }));
const interns = people("intern", 3, (name) => ({ userPrincipalName: name, licenses: [{ sku: "EMS" }] }));

/** Uses a plan that the group's licence will not have. */
const yara: UserSpec = {
  userPrincipalName: "yara@contoso.com",
  licenses: [{ sku: "EMS" }, { sku: "ENTERPRISEPACK" }],
};

/** Has a mailbox by Office 365 E1, which the group's Office 365 E3 excludes. */
const maja: UserSpec = {
  userPrincipalName: "maja@contoso.com",
  licenses: [
    { sku: "EMS" },
    { sku: "ENTERPRISEPACK", disabledPlans: ["EXCHANGE_S_ENTERPRISE", "YAMMER_ENTERPRISE"] },
    { sku: "STANDARDPACK" },
  ],
};

/** Lives where Office 365 E3 is not sold. */
const kim: UserSpec = {
  userPrincipalName: "kim@contoso.com",
  usageLocation: "KP",
  licenses: [{ sku: "EMS" }, { sku: "ENTERPRISEPACK", disabledPlans: ["YAMMER_ENTERPRISE"] }],
};

/** Comes last in Finance, where there is no seat of Visio left; and without Visio no Office 365 E3 from this group. */
const sam: UserSpec = {
  userPrincipalName: "sam@contoso.com",
  licenses: [{ sku: "EMS" }, { sku: "ENTERPRISEPACK", disabledPlans: ["YAMMER_ENTERPRISE"] }],
};

/** In no group at all. */
const otto: UserSpec = { userPrincipalName: "otto@contoso.com", licenses: [{ sku: "EMS" }] };

/**
 * 44 people; 36 of them can be moved as a whole; the others show one by one what stands in the way. "All users" has its
 * licence already, "Finance department" has none, and the interns are in a group inside "All users".
 */
export function mixedTenant(): TenantSpec {
  const finance = [...inFinance, maja, kim, yara, sam];
  return {
    displayName: "Contoso",
    verifiedDomains: ["contoso.com"],
    countryLetterCode: "US",
    skus: [
      { ...EMS, seats: 50 },
      { ...ENTERPRISEPACK, seats: 20, prohibitedLocations: ["KP"] },
      { ...STANDARDPACK, seats: 5 },
      { ...VISIOCLIENT, seats: inFinance.length + 1 },
    ],
    exclusive: [["EXCHANGE_S_ENTERPRISE", "EXCHANGE_S_STANDARD"]],
    users: [...finance, ...staff, ...interns, otto],
    groups: [
      { displayName: "Interns", members: namesOf(interns) },
      {
        displayName: "All users",
        members: [...namesOf([...finance, ...staff]), "Interns"],
        licenses: [{ sku: "EMS" }],
      },
      { displayName: "Finance department", members: namesOf(finance) },
    ],
  };
}

function people(prefix: string, count: number, spec: (name: string) => UserSpec): readonly UserSpec[] {
  return Array.from({ length: count }, (_, index) => spec(`${prefix}${index + 1}@contoso.com`));
}

function namesOf(users: readonly UserSpec[]): string[] {
  return users.map(({ userPrincipalName }) => userPrincipalName);
}
