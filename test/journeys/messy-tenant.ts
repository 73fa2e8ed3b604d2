import type { TenantSpec, UserSpec } from "../../emulator";
import { madeGroupPermissions, migrationPermissions } from "../../emulator/directory/spec";
import { EMS, ENTERPRISEPACK, MCOEV, STANDARDPACK, VISIOCLIENT } from "../../emulator/tenants/products";

/** Four plans of Office 365 E3 that were once unticked tell these users apart. */
const UNTICKED = ["SWAY", "YAMMER_ENTERPRISE", "FORMS_PLAN_E3", "STREAM_O365_E3"];
const NAMES = ["Zoë Müller-Łukasz", 'O\'Brien "Bob"', "👩‍🚀 Ada", "\u202eright to left", "Ümit"];

const upn = (at: number) => (at % 997 === 5 ? `nodomain${at}` : `u${at}@contoso.com`);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

/** One of fifteen other patterns than that with all plans on. */
const disabledOf = (at: number): string[] => {
  const pattern = 1 + (at % 15);
  return UNTICKED.filter((_, bit) => ((pattern >> bit) & 1) === 1);
};

/**
 * Ten years of scripts: twenty patterns in all, groups that fit, nearly fit, and give already; people of every kind.
 *
 * @param size how many users, a multiple of 5,000: the shares stay the same
 */
export function messyTenant(size = 5_000): TenantSpec {
  /** Where a share of people ends, told as of 5,000. */
  const end = (of5000: number) => (of5000 * size) / 5_000;
  const isIn = (at: number, from: number, to: number) => at >= end(from) && at < end(to);
  const users = range(0, size).map((at): UserSpec => ({
    userPrincipalName: upn(at),
    displayName: NAMES[at % 50] ?? `User ${at}`,
    accountEnabled: at % 11 !== 0,
    userType: at % 211 === 0 ? "Guest" : "Member",
    department: isIn(at, 100, 160) ? "Design" : at % 2 === 0 ? "Sales" : null,
    country: isIn(at, 4_600, 4_900) ? (at % 2 === 0 ? "Germany" : "Austria") : "Switzerland",
    licenses: [
      ...(isIn(at, 0, 3_000) ? [{ sku: "ENTERPRISEPACK" }] : []),
      ...(isIn(at, 3_000, 4_600) ? [{ sku: "ENTERPRISEPACK", disabledPlans: disabledOf(at) }] : []),
      ...(isIn(at, 0, 4_000) ? [{ sku: "EMS" }] : []),
      ...(isIn(at, 100, 160) ? [{ sku: "VISIOCLIENT" }] : []),
      ...(isIn(at, 4_600, 4_900) ? [{ sku: "STANDARDPACK" }] : []),
      ...(isIn(at, 4_600, 4_700) ? [{ sku: "MCOEV" }] : []),
    ],
  }));
  const members = (takes: (at: number) => boolean) => range(0, size).filter(takes).map(upn);
  const fifth = (at: number) => isIn(at, 3_000, 4_600) && at % 15 === 4;
  const sixth = (at: number) => isIn(at, 3_000, 4_600) && at % 15 === 5;
  return {
    displayName: "Messy",
    verifiedDomains: ["contoso.com"],
    countryLetterCode: "CH",
    apps: [{ name: "migration", permissions: [...migrationPermissions, ...madeGroupPermissions] }],
    skus: [
      { ...EMS, seats: end(4_100) },
      { ...ENTERPRISEPACK, seats: end(4_700) },
      { ...MCOEV, seats: end(120) },
      { ...STANDARDPACK, seats: end(320) },
      { ...VISIOCLIENT, seats: end(70) },
    ],
    dependencies: [{ plan: "MCOEV", needsOneOf: ["MCOSTANDARD"] }],
    users,
    groups: [
      { displayName: "Exactly the fifth", members: members(fifth) },
      { displayName: "Nearly the sixth", members: [...members(sixth).slice(1), upn(size - 10)] },
      { displayName: "Gives EMS already", members: members((at) => isIn(at, 0, 1_500)), licenses: [{ sku: "EMS" }] },
      { displayName: "Everybody", members: members(() => true) },
    ],
  };
}
