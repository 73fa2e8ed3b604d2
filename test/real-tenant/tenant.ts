import type { GroupSpec, LicenseSpec, TenantSpec, UserSpec } from "../../emulator";
import { guidFrom, madeGroupPermissions, migrationPermissions } from "../../emulator/directory/spec";
import { EXCLUSIVE, PREREQUISITES } from "../../licensing/preflight/plan-relations";
import { REAL_PRODUCTS } from "./products";

const lic = (sku: string, ...disabledPlans: string[]): LicenseSpec => ({ sku, disabledPlans });

/** Users that are alike, in order; each gets what the functions say of the number within the cohort. */
interface Cohort {
  readonly name: string;
  readonly count: number;
  readonly licenses: (at: number) => readonly LicenseSpec[];
  readonly who?: (at: number) => Partial<UserSpec>;
}

const E3 = "ENTERPRISEPACK";
const EMS = lic("EMS");
const when = (holds: boolean, ...licenses: LicenseSpec[]): readonly LicenseSpec[] => (holds ? licenses : []);

const LOCAL = ["Operations", "Logistics", "Legal", "HR", "Purchasing"];
const nowhere = (is: boolean) => (is ? { usageLocation: null } : {});

/** Clicked off by hand over the years. */
const CONTRACTORS = [
  ["YAMMER_ENTERPRISE", "VIVAENGAGE_CORE"],
  ["SWAY", "FORMS_PLAN_E3"],
  ["MCOSTANDARD", "TEAMS1"],
  ["OFFICESUBSCRIPTION", "SHAREPOINTENTERPRISE", "SHAREPOINTWAC"],
] as const;

/** One person each: less than a group gives, more than it gives, and a product that no other user has. */
const FEW = [
  lic(E3, "SWAY", "STREAM_O365_E3"),
  lic(E3, "EXCHANGE_S_ENTERPRISE"),
  lic(E3, "KAIZALA_O365_P3", "MYANALYTICS_P2", "Deskless"),
  lic("SPE_E3", "INTUNE_A"),
  lic("SPE_F1", "EXCHANGE_S_DESKLESS", "SHAREPOINTDESKLESS"),
  lic("STANDARDPACK", "EXCHANGE_S_STANDARD"),
  lic("PBI_PREMIUM_PER_USER"),
  lic("SPE_E5", "MCOEV", "MCOMEETADV"),
];

/** About thirty sets of licences, and a few people with one of their own; the names say which. */
const COHORTS: readonly Cohort[] = [
  // Staff with Office 365 E3 and EMS: an app or two were once unticked for some.
  {
    name: "staff",
    count: 600,
    who: (at) => ({ department: LOCAL[at % LOCAL.length] ?? null, ...nowhere(at % 40 === 17) }),
    licenses: () => [lic(E3), EMS],
  },
  { name: "noSway", count: 90, who: () => ({ department: "Operations" }), licenses: () => [lic(E3, "SWAY"), EMS] },
  {
    name: "noYammer",
    count: 60,
    who: () => ({ department: "Logistics" }),
    licenses: () => [lic(E3, "YAMMER_ENTERPRISE", "VIVAENGAGE_CORE"), EMS],
  },
  {
    name: "sales",
    count: 90,
    who: () => ({ department: "Sales" }),
    licenses: (at) => [
      lic(E3),
      EMS,
      lic("MCOEV"),
      lic("Microsoft_Teams_Premium"),
      ...when(at % 3 === 0, lic("DYN365_ENTERPRISE_SALES")),
    ],
  },
  {
    name: "export",
    count: 30,
    who: () => ({ department: "Export" }),
    licenses: () => [lic(E3), EMS, lic("MCOEV"), lic("MCOPSTN2"), lic("DYN365_TEAM_MEMBERS")],
  },
  {
    name: "finance",
    count: 60,
    who: () => ({ department: "Finance" }),
    licenses: () => [lic(E3), EMS, lic("POWER_BI_PRO")],
  },
  {
    name: "marketing",
    count: 45,
    who: () => ({ department: "Marketing" }),
    licenses: () => [lic(E3), EMS, lic("Microsoft_365_Copilot")],
  },
  {
    name: "engineer",
    count: 80,
    who: () => ({ department: "Engineering" }),
    licenses: () => [lic(E3), lic("EMSPREMIUM"), lic("VISIOCLIENT"), lic("PROJECTPROFESSIONAL")],
  },
  {
    name: "it",
    count: 24,
    who: () => ({ department: "IT" }),
    licenses: () => [lic(E3), lic("EMSPREMIUM"), lic("WIN_DEF_ATP"), lic("POWERAPPS_PER_USER")],
  },
  // Hired since the company buys Microsoft 365.
  { name: "hire", count: 150, who: () => ({ department: "Operations" }), licenses: () => [lic("SPE_E3")] },
  {
    name: "secure",
    count: 100,
    who: () => ({ department: "Research" }),
    licenses: () => [lic("SPE_E3"), lic("IDENTITY_THREAT_PROTECTION")],
  },
  {
    name: "executive",
    count: 60,
    who: () => ({ department: "Management" }),
    licenses: (at) => [lic("SPE_E5"), ...when(at % 2 === 0, lic("Microsoft_365_Copilot"))],
  },
  {
    name: "frontline",
    count: 600,
    who: (at) => ({ department: at % 3 === 2 ? "Production" : "Retail", ...nowhere(at % 60 === 9) }),
    licenses: () => [lic("SPE_F1", "YAMMER_ENTERPRISE", "SWAY", "STREAM_O365_K")],
  },
  { name: "foreman", count: 200, who: () => ({ department: "Production" }), licenses: () => [lic("SPE_F1")] },
  {
    name: "till",
    count: 100,
    who: () => ({ department: "Retail" }),
    licenses: () => [lic("SPE_F1", "EXCHANGE_S_DESKLESS")],
  },
  // Customer service with Office 365 E1, and add-ons to it.
  {
    name: "service",
    count: 220,
    who: () => ({ department: "Customer Service" }),
    licenses: (at) => [
      lic("STANDARDPACK"),
      ...when(at % 3 === 0, lic("MCOMEETADV"), lic("MCOEV")),
      ...when(at % 5 === 1, lic("EXCHANGEARCHIVE_ADDON"), lic("ATP_ENTERPRISE")),
    ],
  },
  {
    name: "contractor",
    count: 180,
    who: () => ({ department: "External", companyName: "Fabrikam" }),
    licenses: (at) => [lic(E3, ...CONTRACTORS[at % 9 < 4 ? 0 : at % 9 < 6 ? 1 : at % 9 < 8 ? 2 : 3])],
  },
  {
    name: "guest",
    count: 90,
    who: () => ({ userType: "Guest", department: null }),
    licenses: (at) => [lic(["AAD_PREMIUM_P2", "POWER_BI_PRO", "TEAMS_EXPLORATORY"][at % 3] ?? "")],
  },
  {
    name: "mailbox",
    count: 60,
    who: () => ({ accountEnabled: false, department: null }),
    licenses: (at) => [lic("EXCHANGESTANDARD"), ...when(at % 3 === 0, lic("EXCHANGEARCHIVE_ADDON"))],
  },
  {
    name: "leaver",
    count: 120,
    who: (at) => ({ accountEnabled: false, department: LOCAL[at % LOCAL.length] ?? null }),
    licenses: (at) => (at % 3 === 2 ? [lic("SPE_F1", "KAIZALA_O365_P1", "TEAMS1")] : [lic(E3), EMS]),
  },
  {
    name: "kiosk",
    count: 22,
    who: () => ({ department: "Retail" }),
    licenses: () => [lic("EXCHANGEDESKLESS"), lic("INTUNE_A")],
  },
  { name: "room", count: 18, who: () => ({ department: null }), licenses: () => [lic("Microsoft_Teams_Rooms_Pro")] },
  { name: "line", count: 15, who: () => ({ department: null }), licenses: () => [lic("PHONESYSTEM_VIRTUALUSER")] },
  {
    name: "one",
    count: FEW.length,
    who: () => ({ department: "Operations" }),
    licenses: (at) => [FEW[at] ?? lic(E3)],
  },
];

/** On nearly all users, by the number of the user in the tenant. */
function selfService(at: number): readonly LicenseSpec[] {
  return [
    ...when(at % 9 < 5, lic("FLOW_FREE")),
    ...when(at % 10 < 3, lic("POWER_BI_STANDARD")),
    ...when(at % 17 === 3, lic("STREAM")),
    ...when(at % 50 === 5, lic("WINDOWS_STORE")),
    ...when(at % 60 === 7, lic("POWERAPPS_VIRAL")),
    ...when(at % 200 === 9, lic("CCIBOTS_PRIVPREV_VIRAL")),
    ...when(at % 100 === 11, lic("RIGHTSMANAGEMENT_ADHOC")),
    ...when(at % 250 === 13, lic("FORMS_PRO")),
    ...when(at % 300 === 15, lic("POWERAPPS_DEV")),
  ];
}

/** The smallest cohort in a smaller company, so that each pattern still has users. */
const FEWEST_ALIKE = 18;

/**
 * A company of 3,020 users with 40 of Microsoft's products, and about thirty sets of licences that people gave by hand over ten years. Its
 * Entra refuses what Microsoft's lists say, as far as no user holds it today.
 *
 * @param share of the users of each cohort; a smaller company has all patterns, too
 */
export function realTenant(share = 1): TenantSpec {
  const of = (count: number) => Math.min(count, Math.max(FEWEST_ALIKE, Math.round(count * share)));
  const users = COHORTS.flatMap(({ name, count, licenses, who }) =>
    Array.from({ length: of(count) }, (_, at) => ({ name, at, licenses: licenses(at), more: who?.(at) ?? {} })),
  ).map(({ name, at, licenses, more }, number): UserSpec => ({
    id: guidFrom(`real ${name} ${at}`),
    userPrincipalName: `${name}${at}@contoso.com`,
    displayName: `${name} ${at}`,
    usageLocation: "DE",
    userType: "Member",
    ...more,
    licenses: [...licenses, ...selfService(number)],
  }));
  const idsOf = (name: string, takes: (at: number) => boolean = () => true) =>
    users
      .filter(({ displayName = "" }) => displayName.split(" ")[0] === name)
      .flatMap(({ id = "" }, at) => (takes(at) ? [id] : []));
  const groups: readonly GroupSpec[] = [
    { displayName: "All company", members: users.flatMap(({ id = "" }) => [id]) },
    { displayName: "SG M365 E5", members: idsOf("executive", (at) => at < of(60) * 0.66), licenses: [lic("SPE_E5")] },
    {
      displayName: "LIC Power BI Pro",
      members: idsOf("finance", (at) => at < of(60) * 0.6),
      licenses: [lic("POWER_BI_PRO")],
    },
    { displayName: "Contractors", members: idsOf("contractor") },
    { displayName: "Engineering", members: idsOf("engineer") },
    { displayName: "Sales", members: [...idsOf("sales").slice(1), ...idsOf("staff", (at) => at < 2)] },
    { displayName: "Customer Service", members: idsOf("service") },
    {
      displayName: "Retail and production",
      groupTypes: ["DynamicMembership"],
      membershipRule: 'user.department -in ["Retail", "Production"]',
      members: ["frontline", "foreman", "till", "kiosk"].flatMap((name) => idsOf(name)),
    },
  ];
  return {
    displayName: "Contoso",
    verifiedDomains: ["contoso.com"],
    countryLetterCode: "DE",
    apps: [{ name: "migration", permissions: [...migrationPermissions, ...madeGroupPermissions] }],
    skus: REAL_PRODUCTS.map((sku) => {
      const held = users.filter(({ licenses = [] }) => licenses.some((each) => each.sku === sku.skuPartNumber)).length;
      const seats = held + Math.max(2, Math.floor(held / 50));
      switch (sku.skuPartNumber) {
        case "DYN365_ENTERPRISE_SALES":
          return { ...sku, seats: 0, suspended: seats, capabilityStatus: "Suspended" };
        case "PROJECTPROFESSIONAL":
          return { ...sku, seats: 0, warning: seats, capabilityStatus: "Warning" };
        default:
          return { ...sku, seats };
      }
    }),
    ...rulesFor(users),
    users,
    groups: [...groups],
  };
}

/** Microsoft's lists, as far as this tenant's people do not show otherwise. */
function rulesFor(users: readonly UserSpec[]): Pick<TenantSpec, "dependencies" | "exclusive"> {
  const plansOf = new Map(
    REAL_PRODUCTS.map((sku) => [sku.skuPartNumber, sku.servicePlans.map((plan) => plan.servicePlanName)]),
  );
  const known = new Set([...plansOf.values()].flat());
  const held = new Map<string, ReadonlySet<string>>();
  for (const { licenses = [] } of users) {
    const on = licenses.flatMap(({ sku, disabledPlans = [] }) =>
      (plansOf.get(sku) ?? []).filter((plan) => !disabledPlans.includes(plan)),
    );
    held.set([...on].sort().join(), new Set(on));
  }
  const sets = [...held.values()];
  const pairs = EXCLUSIVE.flatMap(({ plans }) =>
    plans.flatMap((plan, at) => plans.slice(at + 1).map((other): [string, string] => [plan, other])),
  );
  return {
    exclusive: pairs
      .filter((pair) => pair.every((plan) => known.has(plan)))
      .filter(([a, b]) => !sets.some((on) => on.has(a) && on.has(b))),
    dependencies: PREREQUISITES.filter(({ plan, basis }) => basis === "enforced" && known.has(plan))
      .map(({ plan, needsOneOf }) => ({ plan, needsOneOf: needsOneOf.filter((each) => known.has(each)) }))
      .filter(
        ({ plan, needsOneOf }) =>
          needsOneOf.length > 0 && !sets.some((on) => on.has(plan) && !needsOneOf.some((each) => on.has(each))),
      ),
  };
}
