import type { TenantSpec, UserSpec } from "../../emulator";
import { EMS, ENTERPRISEPACK, MCOEV, STANDARDPACK, VISIOCLIENT } from "../../emulator/tenants/products";

export const MESSY_USERS = 5_000;

/** Without what they hold of Office 365 E3 people are told apart by the first four of its plans that somebody once unticked. */
const UNTICKED = ["SWAY", "YAMMER_ENTERPRISE", "FORMS_PLAN_E3", "STREAM_O365_E3"];
const NAMES = ["Zoë Müller-Łukasz", 'O\'Brien "Bob"', "👩‍🚀 Ada", "\u202eright to left", "Ümit"];

const upn = (at: number) => (at % 997 === 5 ? `nodomain${at}` : `u${at}@contoso.com`);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

/** Most have all plans of E3; 1,600 have one of fifteen other patterns. */
const disabledOf = (at: number): string[] => {
  if (at < 3_000) return [];
  const pattern = 1 + (at % 15);
  return UNTICKED.filter((_, bit) => ((pattern >> bit) & 1) === 1);
};

/** Ten years of scripts: twenty patterns in all, groups that fit, nearly fit, and give already; people of every kind. */
export function messyTenant(): TenantSpec {
  const users = range(0, MESSY_USERS).map((at): UserSpec => ({
    userPrincipalName: upn(at),
    displayName: NAMES[at % 50] ?? `User ${at}`,
    accountEnabled: at % 11 !== 0,
    userType: at % 211 === 0 ? "Guest" : "Member",
    ...(at % 13 === 0 ? { usageLocation: null } : {}),
    department: at >= 100 && at < 160 ? "Design" : at % 2 === 0 ? "Sales" : null,
    country: at >= 4_600 && at < 4_900 ? (at % 2 === 0 ? "Germany" : "Austria") : "Switzerland",
    licenses: [
      ...(at < 4_600 ? [{ sku: "ENTERPRISEPACK", disabledPlans: disabledOf(at) }] : []),
      ...(at < 4_000 ? [{ sku: "EMS" }] : []),
      ...(at >= 100 && at < 160 ? [{ sku: "VISIOCLIENT" }] : []),
      ...(at >= 4_600 && at < 4_900 ? [{ sku: "STANDARDPACK" }] : []),
      ...(at >= 4_600 && at < 4_700 ? [{ sku: "MCOEV" }] : []),
    ],
  }));
  const members = (takes: (at: number) => boolean) => range(0, MESSY_USERS).filter(takes).map(upn);
  const fifth = (at: number) => at >= 3_000 && at < 4_600 && at % 15 === 4;
  const sixth = (at: number) => at >= 3_000 && at < 4_600 && at % 15 === 5;
  return {
    displayName: "Messy",
    verifiedDomains: ["contoso.com"],
    countryLetterCode: "CH",
    skus: [
      { ...EMS, seats: 4_100 },
      { ...ENTERPRISEPACK, seats: 4_700 },
      { ...MCOEV, seats: 120 },
      { ...STANDARDPACK, seats: 320 },
      { ...VISIOCLIENT, seats: 70 },
    ],
    dependencies: [{ plan: "MCOEV", needsOneOf: ["MCOSTANDARD"] }],
    users,
    groups: [
      { displayName: "Exactly the fifth", members: members(fifth) },
      { displayName: "Nearly the sixth", members: [...members(sixth).slice(1), upn(4_990)] },
      { displayName: "Gives EMS already", members: members((at) => at < 1_500), licenses: [{ sku: "EMS" }] },
      { displayName: "Everybody", members: members(() => true) },
    ],
  };
}
