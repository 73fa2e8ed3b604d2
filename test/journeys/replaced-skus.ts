import type { Emulator, Loss, SkuSpec, TenantSpec, UserSpec } from "../../emulator";
import { EMS, ENTERPRISEPACK } from "../../emulator/tenants/products";

/** The plan of Office 365 E3 that the products below do not have. */
export const ONLY_IN_E3 = "KAIZALA_O365_P3";

const plansWithout = (sku: Omit<SkuSpec, "seats">, ...names: readonly string[]) =>
  sku.servicePlans.filter(({ servicePlanName }) => !names.includes(servicePlanName));

/** Microsoft 365 E5, as far as a tenant with these products shows it: all of E3 and EMS but one plan, and more. */
const SPE_E5: Omit<SkuSpec, "seats"> = {
  skuId: "06ebc4ee-1bb5-47dd-8120-11324bc54e06",
  skuPartNumber: "SPE_E5",
  servicePlans: [
    ...plansWithout(ENTERPRISEPACK, ONLY_IN_E3),
    ...plansWithout(EMS, "RMS_S_ENTERPRISE"),
    { servicePlanId: "3fb82609-8c27-4f7b-bd51-30634711ee67", servicePlanName: "BPOS_S_TODO_3" },
    { servicePlanId: "eec0eb4f-6444-4f95-aba0-50c24d67f998", servicePlanName: "AAD_PREMIUM_P2" },
  ],
};

/** Office 365 E3 without Teams, and Teams by itself. */
const E3_NO_TEAMS: Omit<SkuSpec, "seats"> = {
  skuId: "46c3a859-c90d-40b3-9551-6178a48d5c18",
  skuPartNumber: "Office_365_E3_(no_Teams)",
  servicePlans: plansWithout(ENTERPRISEPACK, ONLY_IN_E3, "TEAMS1"),
};
const TEAMS: Omit<SkuSpec, "seats"> = {
  skuId: "7e74bd05-2c47-404e-829a-ba95c66fe8e5",
  skuPartNumber: "Microsoft_Teams_EEA_New",
  servicePlans: ENTERPRISEPACK.servicePlans.filter(({ servicePlanName }) => servicePlanName === "TEAMS1"),
};

/** Users with direct E3 and EMS, the last of whom use the plan that is in E3 alone. */
export function tenantOfE3(counts: {
  readonly staff: number;
  readonly blocked: number;
  readonly office: number;
}): TenantSpec {
  const people = (prefix: string, count: number, licenses: UserSpec["licenses"]): UserSpec[] =>
    Array.from({ length: count }, (_, at) => ({ userPrincipalName: `${prefix}${at + 1}@contoso.com`, licenses }));
  const e3 = { sku: "ENTERPRISEPACK", disabledPlans: [ONLY_IN_E3] };
  const staff = [
    // Teams is off in the first one's own licence.
    ...people("first", 1, [{ sku: "ENTERPRISEPACK", disabledPlans: [ONLY_IN_E3, "TEAMS1"] }, { sku: "EMS" }]),
    ...people("staff", counts.staff - 1, [e3, { sku: "EMS" }]),
    ...people("blocked", counts.blocked, [{ sku: "ENTERPRISEPACK" }, { sku: "EMS" }]),
  ];
  const office = people("office", counts.office, [e3]);
  const all = staff.length + office.length;
  return {
    displayName: "Contoso",
    verifiedDomains: ["contoso.com"],
    countryLetterCode: "DE",
    skus: [
      { ...ENTERPRISEPACK, seats: all + 1 },
      { ...EMS, seats: all },
      { ...SPE_E5, seats: staff.length },
      { ...E3_NO_TEAMS, seats: office.length },
      { ...TEAMS, seats: office.length },
    ],
    users: [...staff, ...office, ...people("elsewhere", 1, [e3])].map((user) => ({ usageLocation: "DE", ...user })),
    groups: [
      { displayName: "E5 staff", members: staff.map(({ userPrincipalName }) => userPrincipalName) },
      { displayName: "Office", members: office.map(({ userPrincipalName }) => userPrincipalName) },
    ],
  };
}

/** The plans of E1 that E3 has under another name, as Microsoft's pages say: `licensing/catalog/superseding-plans.ts`. */
const SUCCESSORS: Readonly<Record<string, string>> = {
  EXCHANGE_S_STANDARD: "EXCHANGE_S_ENTERPRISE",
  SHAREPOINTSTANDARD: "SHAREPOINTENTERPRISE",
};

/**
 * What the tenant's own history shows as lost and not kept as a successor.
 *
 * @param than `start`: also what users gained meanwhile; `own`: only plans that they could use at the start
 */
export function lossesBesideSuccessors(
  { history, tenant }: Emulator,
  than: "start" | "own" = "start",
): readonly Loss[] {
  const successors = new Map(
    Object.entries(SUCCESSORS).map(([plan, by]) => [tenant.plan(plan), tenant.plan(by)] as const),
  );
  const isKept = ({ userId, at }: Loss, planId: string) => {
    const then =
      history
        .of(userId)
        .filter((each) => each.at <= at)
        .at(-1)?.planIds ?? [];
    return then.includes(successors.get(planId) ?? "");
  };
  const isOwn = ({ userId }: Loss, planId: string) => history.of(userId)[0]?.planIds.includes(planId) === true;
  return history
    .losses()
    .filter((loss) =>
      loss.planIds.some((planId) => !isKept(loss, planId) && (than === "start" || isOwn(loss, planId))),
    );
}
