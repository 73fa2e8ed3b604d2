import { madeGroupPermissions, migrationPermissions } from "../../emulator/directory/spec";
import { guidFrom, type LicenseSpec, type TenantSpec } from "../../emulator";
import type { MoveSpec, WaveSpec } from "../../licensing/stack-file/stack-file";
import { count, percent, wave } from "../licensing/builders";
import type { SmallStackFile } from "../providers/small-stack";
import type { Case, LicenseCase } from "./case";
import type { Accepted } from "./truth";

/** The numbers of a case, as the names that tenant and stack file have for them. */

export const TENANT_ID = guidFrom("tenant of the proof");
const PLENTY = 100;
const ABROAD = "KP";
/** Later than any case. */
export const END_OF_MEMBERSHIP = "2031-01-01T00:00:00Z";
const RETIRED = guidFrom("a plan that is retired");

/** The number of a SKU; one that is too large wraps around. */
export const skuAt = ({ skus }: Case, sku: number): number => sku % skus.length;
export const skuName = (all: Case, sku: number): string =>
  `SKU${skuAt(all, sku)}${all.trial !== null && skuAt(all, all.trial) === skuAt(all, sku) ? "_TRIAL" : ""}`;
/** Plans that have the names of Microsoft's, because its pages say that one succeeds the other, or that they exclude each other. */
const MICROSOFTS: ReadonlyMap<number, string> = new Map([
  [5, "EXCHANGE_S_STANDARD"],
  [6, "EXCHANGE_S_ENTERPRISE"],
  [7, "SHAREPOINTSTANDARD"],
  [8, "SHAREPOINTENTERPRISE"],
]);
/** Plans, each with the one that succeeds it in Microsoft's pages. */
const SUCCEEDING = [
  [5, 6],
  [7, 8],
] as const;
/** Plans that exclude each other by Microsoft's list; no others are known to before a user shows it. */
export const EXCLUDING = [7, 8] as const;
export const planName = (plan: number): string => MICROSOFTS.get(plan) ?? `PLAN${plan}`;
export const planId = (plan: number): string => guidFrom(planName(plan));
export const groupName = ({ groups }: Case, group: number): string => `Group ${group % groups.length}`;
export const upnOf = ({ users }: Case, user: number): string => `user${user % users.length}@contoso.com`;

/** A licence with the plans that the SKU has; two numbers that wrap around to one SKU are one licence. */
export function licensesOf(all: Case, licenses: readonly LicenseCase[]): { sku: string; disabledPlans: string[] }[] {
  const bySku = new Map(licenses.map((license) => [skuName(all, license.sku), license]));
  return [...bySku].map(([sku, license]) => ({
    sku,
    disabledPlans: (all.skus[license.sku % all.skus.length] ?? []).filter((p) => license.off.includes(p)).map(planName),
  }));
}

/** What a group gives before the first run. */
function givenBefore(all: Case, group: Case["groups"][number]): LicenseSpec[] {
  if (group.gives === "nothing") return [];
  const declared = licensesOf(all, group.declares);
  if (group.gives === "declared") return declared;
  return declared.map(({ sku, disabledPlans }) => {
    const [first = 0] = all.skus[Number.parseInt(sku.slice(3), 10)] ?? [];
    return { sku, disabledPlans: group.gives === "more" ? [] : [...new Set([...disabledPlans, planName(first)])] };
  });
}

export function tenantOf(all: Case): TenantSpec {
  const holders = (sku: number) =>
    all.users.filter((user) => {
      const groups = user.memberOf.map((group) => all.groups[group % all.groups.length]);
      const given = groups.flatMap((group) => (group === undefined ? [] : givenBefore(all, group)));
      return [...licensesOf(all, user.direct), ...given].some((license) => license.sku === skuName(all, sku));
    }).length;
  const hasPlan = (plan: number) => all.skus.some((plans) => plans.includes(plan));
  const pair = all.exclusive;
  return {
    id: TENANT_ID,
    displayName: "Contoso",
    countryLetterCode: "CH",
    apps: [{ name: "migration", permissions: [...migrationPermissions, ...madeGroupPermissions] }],
    exclusive:
      pair !== null && pair[0] !== pair[1] && pair.every(hasPlan) ? [[planName(pair[0]), planName(pair[1])]] : [],
    skus: all.skus.map((plans, sku) => ({
      skuId: guidFrom(`SKU${sku}`),
      skuPartNumber: skuName(all, sku),
      seats: holders(sku) + (all.seatsFree[sku] ?? PLENTY),
      capabilityStatus: all.statuses[sku] ?? "Enabled",
      prohibitedLocations: sku === 0 ? [ABROAD] : [],
      servicePlans: [
        ...plans.map((plan) => ({ servicePlanId: planId(plan), servicePlanName: planName(plan) })),
        { servicePlanId: guidFrom("COMPANY"), servicePlanName: "COMPANY", appliesTo: "Company" as const },
      ],
    })),
    users: all.users.map((user, at) => ({
      userPrincipalName: upnOf(all, at),
      licenses: licensesOf(all, user.direct).map(({ sku, disabledPlans }) => ({
        sku,
        disabledPlans: user.retired ? [...disabledPlans, RETIRED] : disabledPlans,
      })),
      isManagementRestricted: user.restricted,
      ...(user.hidden === null ? {} : { hidden: [{ sku: skuName(all, user.hidden) }] }),
      ...(user.nowhere ? { usageLocation: null } : user.abroad ? { usageLocation: ABROAD } : {}),
    })),
    groups: [
      ...all.groups.map((group, at) => ({
        displayName: groupName(all, at),
        members: [
          ...all.users.flatMap((user, n) =>
            user.memberOf.some((each) => each % all.groups.length === at) ? [upnOf(all, n)] : [],
          ),
          ...(at === 0 && all.nested.length > 0 ? ["Nested"] : []),
        ],
        licenses: givenBefore(all, group),
        timeBound: all.users.flatMap(({ ends }, n) =>
          ends !== null && ends % all.groups.length === at ? [{ user: upnOf(all, n), until: END_OF_MEMBERSHIP }] : [],
        ),
      })),
      ...(all.nested.length === 0
        ? []
        : [{ displayName: "Nested", members: [...new Set(all.nested.map((user) => upnOf(all, user)))] }]),
    ],
  };
}

/** Each group leads to one group, and none both gives members away and takes some in. */
export function movesOf(all: Case): readonly MoveSpec[] {
  const at = (group: number) => group % all.groups.length;
  const kept: { from: number; to: number }[] = [];
  for (const move of all.moves) {
    const [from, to] = [at(move.from), at(move.to)];
    const isOdd = kept.some((each) => each.from === from || each.from === to || each.to === from);
    if (from !== to && !isOdd) kept.push({ from, to });
  }
  return kept.map(({ from, to }) => ({ from: `group-${from}`, to: `group-${to}`, acceptOtherUses: [] }));
}

/** The same for the truth, with what Microsoft's pages say of plans by their names. */
export function acceptedIn(all: Case): Accepted {
  const { successors, acceptNoWayBack: accepts, trial } = all;
  const skuId = (sku: number) => guidFrom(`SKU${skuAt(all, sku)}`);
  return {
    successors: [...SUCCEEDING, ...successors]
      .filter(([plan, by]) => plan !== by)
      .map(([plan, by]) => [planId(plan), planId(by)]),
    noWayBack: typeof accepts === "boolean" ? accepts : new Set(accepts.map(skuId)),
    trial: trial === null ? null : skuId(trial),
  };
}

/** What the stack file accepts, by ids: a plan's name is gone once the plan is retired. */
export function acceptedOf(all: Case): Required<Pick<SmallStackFile, "successors" | "acceptNoWayBack">> {
  const { acceptNoWayBack: accepts } = all;
  return {
    successors: all.successors
      .filter(([plan, by]) => plan !== by)
      .map(([plan, by]) => ({ plan: planId(plan), by: planId(by) })),
    acceptNoWayBack: typeof accepts === "boolean" ? accepts : accepts.map((sku) => skuName(all, sku)),
  };
}

export function wavesOf({ waves }: Case, rollback: boolean): readonly WaveSpec[] {
  const everyone = wave("everyone", percent(100), { rollback: rollback && waves.canary === null });
  if (waves.canary === null) return [everyone];
  return [wave("canary", count(waves.canary), { soakMs: waves.soakMs, rollback }), everyone];
}
