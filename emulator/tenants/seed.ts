import { guidFrom, type TenantSpec, type UserSpec } from "../directory/spec";
import { EMS, ENTERPRISEPACK } from "./products";

export const seedTenantId = "6f1c9a52-3b0e-4c1d-9e57-2a8d4b7f10c3";

/**
 * The example of Microsoft's guide: all users have Enterprise Mobility + Security directly, Finance also has Office 365 E3. The
 * groups exist without licences. Few seats are free, so a migration that needs a second seat for a user fails.
 */
export function seedTenant(options: { users?: number; finance?: number } = {}): TenantSpec {
  const count = options.users ?? 1_000;
  const inFinance = options.finance ?? Math.min(200, Math.floor(count / 5));
  const users = Array.from({ length: count }, (_, index) => seedUser(index + 1, index < inFinance));
  const ids = users.map((user) => user.id ?? "");
  return {
    id: seedTenantId,
    displayName: "Contoso",
    verifiedDomains: ["contoso.com", "contoso.onmicrosoft.com"],
    countryLetterCode: "US",
    skus: [
      { ...EMS, seats: count + 10 },
      { ...ENTERPRISEPACK, seats: inFinance + 10 },
    ],
    users,
    groups: [
      { displayName: "All users", members: ids },
      { displayName: "Finance department", members: ids.slice(0, inFinance) },
    ],
  };
}

/** The second user is Megan, a member of Finance like the users around her. */
function seedUser(number: number, finance: boolean): UserSpec {
  const alias = number === 2 ? "megan" : `user${String(number).padStart(4, "0")}`;
  return {
    id: guidFrom(`seed user ${number}`),
    userPrincipalName: `${alias}@contoso.com`,
    displayName: number === 2 ? "Megan Bowen" : `User ${String(number).padStart(4, "0")}`,
    department: finance ? "Finance" : "Operations",
    licenses: finance ? [{ sku: "EMS" }, { sku: "ENTERPRISEPACK" }] : [{ sku: "EMS" }],
  };
}
