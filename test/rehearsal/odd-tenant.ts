import { guidFrom, type TenantSpec, type UserSpec } from "../../emulator";
import { EMS, ENTERPRISEPACK, STANDARDPACK, VISIOCLIENT } from "../../emulator/tenants/products";

export const goneGroup = guidFrom("a group that was deleted");
export const goneSku = guidFrom("a SKU that is no longer sold");
export const upn = (name: string) => `${name}@contoso.com`;

const e3 = { sku: "ENTERPRISEPACK", disabledPlans: ["YAMMER_ENTERPRISE"] };
const inFinance = { group: "Finance department", ...e3 };

/** People with everything that a copy has to have as it is. */
const people: Readonly<Record<string, Partial<UserSpec>>> = {
  ada: { licenses: [{ sku: "EMS" }, e3], inherited: [inFinance] },
  // Moved long ago, and with a licence from a group that no stack file names.
  ben: { licenses: [], inherited: [inFinance, { group: "Old licences", sku: "EMS" }] },
  cleo: { licenses: [{ sku: "EMS", changedAt: "2024-05-06T07:08:09Z" }], usageLocation: null, accountEnabled: false },
  // Entra failed twice in Finance, with a cause that only Entra knows.
  dan: {
    licenses: [{ sku: "EMS" }],
    inherited: [{ ...inFinance, state: "Error", error: "UniquenessViolation", isLasting: true }],
  },
  eve: { licenses: [e3], inherited: [{ ...inFinance, state: "Error", error: "CountViolation" }] },
  fay: { licenses: [{ sku: "EMS" }], inherited: [{ ...inFinance, state: "ActiveWithError", error: "Other" }] },
  // In the group, and Entra has not come to it.
  gil: { licenses: [{ sku: "EMS" }, e3], inherited: [] },
  // Has left the group, which Entra has not seen.
  hal: { licenses: [{ sku: "EMS" }], inherited: [inFinance] },
  ida: {
    licenses: [{ sku: "EMS" }],
    inherited: [
      { group: goneGroup, sku: "EMS" },
      { group: goneGroup, sku: goneSku },
    ],
  },
  jon: { hidden: [{ sku: "EMS", disabledPlans: ["MFA_PREMIUM"] }] },
  kai: { licenses: [{ sku: "EMS", state: "Disabled" }] },
  lea: { licenses: [{ sku: "EMS" }] },
  moe: {},
  ned: {},
  // Not in scope: holds what the stack file does not name.
  zoe: { licenses: [{ sku: "VISIOCLIENT" }] },
};

export function oddTenant(): TenantSpec {
  return {
    displayName: "Contoso",
    verifiedDomains: ["contoso.com", "contoso.onmicrosoft.com"],
    countryLetterCode: "CH",
    skus: [
      { ...EMS, seats: 20, warning: 2, suspended: 3, lockedOut: 1 },
      { ...ENTERPRISEPACK, seats: 5, seatsElsewhere: 1 },
      { ...STANDARDPACK, seats: 5, capabilityStatus: "Warning" },
      { ...VISIOCLIENT, seats: 2 },
    ],
    users: Object.entries(people).map(([name, spec]) => ({
      userPrincipalName: upn(name),
      displayName: name.toUpperCase(),
      ...spec,
    })),
    groups: [
      {
        displayName: "All users",
        members: [...["ada", "ben", "cleo", "dan", "eve", "fay", "gil", "ida", "kai"].map(upn), "Contractors"],
      },
      {
        displayName: "Finance department",
        members: ["ada", "ben", "dan", "eve", "fay", "gil"].map(upn),
        licenses: [e3],
        processingState: "ProcessingInProgress",
      },
      { displayName: "Contractors", members: [upn("lea"), "Subcontractors"] },
      { displayName: "Subcontractors", members: [upn("moe")] },
      {
        displayName: "Old licences",
        members: [upn("ben")],
        licenses: [{ sku: "EMS" }],
        membershipRule: 'user.department -eq "Sales"',
        processingState: "ProcessingComplete",
      },
      { displayName: "Pilots", members: [upn("cleo"), upn("ned")], onPremisesSyncEnabled: true },
    ],
  };
}

export const oddStackFile = {
  "licensing:tenant": "contoso.com",
  "licensing:groups": {
    "all-users": { existing: "All users", licenses: ["EMS"] },
    finance: { existing: "finance department", licenses: [e3] },
    visible: {
      create: {
        displayName: "LIC Secret project",
        description: "For Zoe",
        owners: [upn("ned")],
        members: { users: [upn("moe")] },
      },
      licenses: ["STANDARDPACK"],
    },
  },
  "licensing:waves": [
    { name: "canary", users: [upn("ada"), upn("ned")], soak: "24 hours", rollback: true },
    { name: "pilots", group: "Pilots" },
    { name: "everyone", percent: 100 },
  ],
  "licensing:applyThrough": "canary",
  "licensing:moveLast": [upn("gil")],
  "licensing:showNames": true,
};
