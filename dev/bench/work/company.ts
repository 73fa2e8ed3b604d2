import { guidFrom, type GroupSpec, type TenantSpec, type UserSpec } from "../../../emulator";
import { EMS, ENTERPRISEPACK } from "../../../emulator/tenants/products";
import { configTexts } from "../../../licensing/stack-file/config-texts";
import { readStackFile } from "../../../licensing/stack-file/reading";
import type { StackFile } from "../../../licensing/stack-file/stack-file";

export interface Company {
  readonly users: number;
  /** Half of them are sites, which give EMS to all users; half are offices, which give Office 365 E3 to one in five. */
  readonly groups: number;
  /** Whether the groups give their licences already. */
  readonly isLicensed: boolean;
  /** So many of a hundred users are blocked: in error, in no group, or in a nested group only. */
  readonly blockedInHundred: number;
  /** Users without direct licences, by id. */
  readonly moved?: ReadonlySet<string>;
}

const ems = { sku: "EMS" };
const e3 = { sku: "ENTERPRISEPACK", disabledPlans: ["YAMMER_ENTERPRISE"] };

const idOf = (at: number): string => guidFrom(`person ${at}`);
const nameOf = (at: number): string => `person${at}@contoso.com`;

/** Microsoft's example in any size and with any number of groups: all users hold EMS directly, one in five also Office 365 E3. */
export function companyTenant({ users, groups, isLicensed, blockedInHundred, moved }: Company): TenantSpec {
  const half = groups / 2;
  const members = new Map<string, string[]>();
  const join = (group: string, id: string) => members.set(group, [...(members.get(group) ?? []), id]);
  const people = Array.from({ length: users }, (_, at): UserSpec => {
    const trouble = at % 100 < blockedInHundred ? (["error", "left", "inside"] as const)[at % 3] : undefined;
    const site = `Site ${at % half}`;
    const office = at % 5 === 0 ? `Office ${Math.floor(at / 5) % half}` : null;
    const id = idOf(at);
    if (trouble === "inside") join("Inside", id);
    else if (trouble !== "left") for (const group of office === null ? [site] : [site, office]) join(group, id);
    const held = office === null ? [ems] : [ems, e3];
    const inherited = { group: site, ...ems, state: "Error", error: "CountViolation" } as const;
    return {
      ...{ id, userPrincipalName: nameOf(at), displayName: `Person ${at}` },
      usageLocation: at % 7 === 0 ? null : "CH",
      licenses: moved?.has(id) === true ? [] : held,
      ...(trouble === "error" && isLicensed ? { inherited: [inherited] } : {}),
    };
  });
  const group = (displayName: string, license: typeof ems): GroupSpec => ({
    displayName,
    members: [...(members.get(displayName) ?? []), ...(displayName === "Site 0" ? ["Inside"] : [])],
    licenses: isLicensed ? [license] : [],
  });
  const each = Array.from({ length: half }, (_, at) => at);
  return {
    verifiedDomains: ["contoso.com"],
    countryLetterCode: "CH",
    skus: [EMS, ENTERPRISEPACK].map((sku) => ({ ...sku, seats: users + 10 })),
    users: people,
    groups: [
      { displayName: "Inside", members: members.get("Inside") ?? [] },
      ...each.map((at) => group(`Site ${at}`, ems)),
      ...each.map((at) => group(`Office ${at}`, e3)),
    ],
  };
}

/** The stack file of such a company. @param waves as the file has them */
export function companyStackFile({ groups }: Company, waves: readonly object[]): StackFile {
  const names = (prefix: string) => Array.from({ length: groups / 2 }, (_, at) => `${prefix} ${at}`);
  const giving = (prefix: string, license: typeof ems) =>
    names(prefix).map((name) => [name.toLowerCase().replace(" ", "-"), { existing: name, licenses: [license] }]);
  const reading = readStackFile(
    configTexts({
      "licensing:tenant": "contoso.com",
      "licensing:groups": Object.fromEntries([...giving("Site", ems), ...giving("Office", e3)]) as unknown,
      "licensing:waves": waves,
      "licensing:applyThrough": (waves.at(-1) as { readonly name: string }).name,
    }),
  );
  if (!reading.ok) throw new Error(reading.mistakes.map(({ path, message }) => `${path}: ${message}`).join("; "));
  return reading.stackFile;
}

/** A wave of the first people. */
export function waveOfFirst(count: number): object {
  return { name: "canary", users: Array.from({ length: count }, (_, at) => nameOf(at)) };
}
