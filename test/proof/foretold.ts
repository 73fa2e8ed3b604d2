import { GraphError } from "../../emulator/graph-error";
import type { GroupSpec, LicenseSpec, TenantSpec, UserSpec } from "../../emulator";
import { guidFrom } from "../../emulator/directory/spec";
import { foresee } from "../../licensing/plan/foresight";
import { EXCLUSIVE, PREREQUISITES } from "../../licensing/preflight/plan-relations";
import { sequence } from "../journeys/random";
import type { Rig } from "../providers/rig";
import { planned } from "../real-tenant/planned";
import { REAL_PRODUCTS } from "../real-tenant/products";

/** What stands in the way of a licence, in the words of the table. */
export const TROUBLES = ["exclusion", "prerequisite", "seats", "location", "subscription", "another SKU"] as const;
export type TroubleKind = (typeof TROUBLES)[number];

/** Licences of users by a group, by what the preview said of them. */
export interface Foretold {
  /** It said that the licence would fail so, and it did. */
  readonly happened: number;
  /** It said that it may fail. */
  readonly unknown: number;
  /** It failed, and the preview had said nothing. */
  readonly missed: number;
  /** It said that it would fail, and it did not. */
  readonly wrong: number;
}

export type Table = Record<TroubleKind, Foretold>;

const NONE: Foretold = { happened: 0, unknown: 0, missed: 0, wrong: 0 };
export const emptyTable = (): Table => Object.fromEntries(TROUBLES.map((kind) => [kind, NONE])) as unknown as Table;

const KIND_OF: Readonly<Record<string, TroubleKind>> = {
  MutuallyExclusiveViolation: "exclusion",
  DependencyViolation: "prerequisite",
  CountViolation: "seats",
  ProhibitedInUsageLocationViolation: "location",
};
const KIND_OF_CAUSE = {
  exclusive: "exclusion",
  prerequisite: "prerequisite",
  seat: "seats",
  location: "location",
} as const satisfies Record<string, TroubleKind>;
const kindOf = (error: string): TroubleKind => KIND_OF[error] ?? "another SKU";

/** Products between which Microsoft's documents know conflicts and needs, and some without any. */
const PARTS = [
  ...["ENTERPRISEPACK", "STANDARDPACK", "SPE_F1", "SPE_E3", "SPE_E5", "EMS", "EMSPREMIUM", "MCOEV", "MCOMEETADV"],
  ...["MCOPSTN1", "MCOPSTN2", "Microsoft_Teams_Premium", "EXCHANGEARCHIVE_ADDON", "EXCHANGESTANDARD", "VISIOCLIENT"],
  ...["PROJECTPROFESSIONAL", "Microsoft_365_Copilot", "POWER_BI_PRO", "DYN365_ENTERPRISE_SALES", "DYN365_TEAM_MEMBERS"],
];

/** A tenant of real products, and groups of it that are to give some of them. */
interface Question {
  readonly tenant: TenantSpec;
  readonly wanted: Readonly<Record<string, readonly LicenseSpec[]>>;
}

export function questionOf(seed: number): Question {
  const random = sequence(seed);
  const below = (count: number) => Math.floor(random() * count);
  const some = <T>(from: readonly T[], share: number) => from.filter(() => random() < share);
  const products = REAL_PRODUCTS.filter(({ skuPartNumber }) => PARTS.includes(skuPartNumber));
  const bought = some(products, 0.5);
  const license = (at: number): LicenseSpec => {
    const sku = bought[at % bought.length] ?? products[0];
    const plans = sku?.servicePlans.filter(({ appliesTo }) => appliesTo === "User") ?? [];
    const off = random() < 0.6 ? [] : some(plans, 0.3).map(({ servicePlanName }) => servicePlanName);
    return { sku: sku?.skuPartNumber ?? "", disabledPlans: off };
  };
  const licenses = (most: number) => [
    ...new Map(
      Array.from({ length: below(most + 1) }, () => license(below(100))).map((each) => [each.sku, each]),
    ).values(),
  ];
  const unsold = new Set(some(bought, 0.15).map(({ skuPartNumber }) => skuPartNumber));
  const moved = new Set<string>();
  // Graph refuses a licence where it is not sold: a user with one there has moved with it, and is alone.
  const isFirst = ({ sku }: LicenseSpec) => moved.size < moved.add(sku).size;
  const users = Array.from({ length: 4 + below(12) }, (_, at): UserSpec => {
    const usageLocation = ["CH", "CH", "DE", "KP"][below(4)] ?? "CH";
    return {
      id: guidFrom(`foretold ${seed} ${at}`),
      userPrincipalName: `user${at}@contoso.com`,
      usageLocation,
      licenses: licenses(3).filter((each) => usageLocation !== "KP" || !unsold.has(each.sku) || isFirst(each)),
    };
  });
  const ids = users.map(({ id = "" }) => id);
  const wanted = Object.fromEntries(
    Array.from({ length: 1 + below(3) }, (_, at) => [`Group ${at}`, licenses(3)] as const).filter(
      ([, given]) => given.length > 0,
    ),
  );
  const there = some(ids, 0.3);
  const givenThere = licenses(1);
  const asked = Object.keys(wanted).map((displayName) => ({ displayName, members: some(ids, 0.6) }));
  // The preview reads members of the declared groups and holders of their SKUs: what others hold shows it nothing.
  const skusAsked = new Set(Object.values(wanted).flatMap((given) => given.map(({ sku }) => sku)));
  const shown = users.filter(
    ({ id = "", licenses: held = [] }) =>
      held.some(({ sku }) => skusAsked.has(sku)) || asked.some(({ members }) => members.includes(id)),
  );
  const groups: readonly GroupSpec[] = [
    ...asked,
    // Gives something today: what fails for its members is what the tenant shows.
    { displayName: "There already", members: there, licenses: givenThere },
  ];
  const skus = (bought.length === 0 ? products.slice(0, 1) : bought).map((sku) => {
    const held = users.filter(({ licenses: all = [] }) => all.some((each) => each.sku === sku.skuPartNumber)).length;
    // Without a seat, a member of the group above would show that Entra needs nothing of it.
    const isShort = random() < 0.25 && !givenThere.some((each) => each.sku === sku.skuPartNumber);
    const ended = random() < 0.07;
    return {
      ...sku,
      seats: ended ? 0 : held + (isShort ? below(4) : 40),
      ...(ended ? { suspended: held + 40, capabilityStatus: "Suspended" } : {}),
      prohibitedLocations: unsold.has(sku.skuPartNumber) ? ["KP"] : [],
    };
  });
  return {
    tenant: {
      ...entraOf(skus, shown, (id) => (there.includes(id) ? givenThere : []), random),
      skus,
      users,
      groups: [...groups],
    },
    wanted,
  };
}

/**
 * What Entra refuses there: Microsoft's lists, as far as none of these users holds otherwise; of what only the terms ask for, a part.
 *
 * @param given what a group gives them today, if it comes through
 */
function entraOf(
  skus: readonly Pick<(typeof REAL_PRODUCTS)[number], "skuPartNumber" | "servicePlans">[],
  users: readonly UserSpec[],
  given: (userId: string) => readonly LicenseSpec[],
  random: () => number,
): Pick<TenantSpec, "exclusive" | "dependencies" | "countryLetterCode"> {
  const plansOf = new Map(skus.map((sku) => [sku.skuPartNumber, sku.servicePlans.map((each) => each.servicePlanName)]));
  const known = new Set([...plansOf.values()].flat());
  const plansIn = (licenses: readonly LicenseSpec[]) =>
    new Set(
      licenses.flatMap(({ sku, disabledPlans = [] }) =>
        (plansOf.get(sku) ?? []).filter((plan) => !disabledPlans.includes(plan)),
      ),
    );
  const held = users.map(({ licenses = [] }) => plansIn(licenses));
  const withInherited = users.map(({ id = "", licenses = [] }) => plansIn([...licenses, ...given(id)]));
  const together = [...held, ...[...plansOf.values()].map((plans) => new Set(plans))];
  const pairs = EXCLUSIVE.flatMap(({ plans }) =>
    plans.flatMap((plan, at) => plans.slice(at + 1).map((other): [string, string] => [plan, other])),
  );
  return {
    countryLetterCode: "CH",
    exclusive: pairs
      .filter((pair) => pair.every((plan) => known.has(plan)))
      .filter(([a, b]) => !together.some((on) => on.has(a) && on.has(b))),
    dependencies: PREREQUISITES.filter(({ plan, basis }) => known.has(plan) && (basis === "enforced" || random() < 0.3))
      .map(({ plan, needsOneOf }) => ({ plan, needsOneOf: needsOneOf.filter((each) => known.has(each)) }))
      .filter(({ needsOneOf }) => needsOneOf.length > 0)
      .filter(
        ({ plan, needsOneOf }) => !withInherited.some((on) => on.has(plan) && !needsOneOf.some((each) => on.has(each))),
      ),
  };
}

/** Foresees what becomes of one tenant, lets its Entra do it, and writes down in the table what was foretold. Names what was not. */
export async function foretell(rig: Rig, seed: number, table: Table): Promise<readonly string[]> {
  const { tenant, wanted } = questionOf(seed);
  const names = Object.keys(wanted);
  if (names.length === 0) return [];
  rig.start(tenant);
  rig.emulator.clock.advance(3_600_000);
  const { plan, snapshot, own } = await planned(rig.graph(), {
    "licensing:tenant": rig.emulator.tenant.id,
    "licensing:groups": Object.fromEntries(
      names.map((name) => [name.toLowerCase().replace(" ", "-"), { existing: name, licenses: wanted[name] }]),
    ),
  });
  const then = foresee({ snapshot, own, country: tenant.countryLetterCode ?? null });
  const failures: string[] = [];
  const note = (kind: TroubleKind, what: keyof Foretold, words: string) => {
    table[kind] = { ...table[kind], [what]: table[kind][what] + 1 };
    if (what === "missed" || what === "wrong") failures.push(`seed ${seed}: ${what}, ${kind}: ${words}`);
  };
  for (const name of names) {
    const group = rig.emulator.tenant.group(name);
    const key = name.toLowerCase().replace(" ", "-");
    const refused = plan.findings.filter(({ severity, about }) => severity === "error" && about.startsWith(`${key} `));
    const refusedFor = (code: string) => refused.some((each) => each.code === code);
    const mayBeRefused = plan.findings.some(
      ({ code, about }) => code.includes("prerequisite") && about.startsWith(`${key} `),
    );
    try {
      rig.emulator.tenant.setGroupLicenses(group.id, wanted[name] ?? []);
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      const kind = error.message.includes("valid company License") ? "subscription" : "prerequisite";
      const isTold = refusedFor(kind === "subscription" ? "subscription-ended" : "prerequisite-not-in-group");
      note(kind, isTold ? "happened" : mayBeRefused ? "unknown" : "missed", `${name} refused: ${error.message}`);
      continue;
    }
    // The program itself refuses that, before anything is written.
    if (refusedFor("subscription-ended")) note("subscription", "happened", name);
    if (refusedFor("prerequisite-not-in-group")) note("prerequisite", "wrong", `${name} was not refused`);
    rig.emulator.clock.advance(3_600_000);
    for (const userId of group.userMembers) {
      const entries = rig.emulator.tenant
        .user(userId)
        .holdings.assignments.filter(({ assignedByGroup }) => assignedByGroup === group.id);
      const causes = entries.map(({ error }) => kindOf(error));
      const said = saidOf(userId, group.id, then.trouble);
      for (const { skuId, error } of entries) {
        const told = then.snapshot.users
          .get(userId)
          ?.assignments.find((each) => each.skuId === skuId && each.assignedByGroup === group.id);
        const words = `${userId} ${skuId} by ${name}: told ${told?.error ?? "nothing"}, is ${error}`;
        const kind = kindOf(error === "None" ? (told?.error ?? "None") : error);
        // A sibling fails for the sake of another licence: what counts is what was said of that one.
        const why = kind === "another SKU" ? causes : [kind];
        const isAmong = (foretold: ReadonlySet<TroubleKind>) => why.some((each) => foretold.has(each));
        if (error === "None") {
          if (told?.error != null) note(kind, said.doubts.size > 0 ? "unknown" : "wrong", words);
        } else if (told?.error != null && told.state === "Error" && (isAmong(said.sure) || told.error === error))
          note(kind, "happened", words);
        else note(kind, isAmong(said.doubts) ? "unknown" : "missed", words);
      }
    }
  }
  return failures;
}

/** What the preview says of this user and group: why a licence fails, and why it may. */
function saidOf(
  userId: string,
  groupId: string,
  { seats, conflicts }: ReturnType<typeof foresee>["trouble"],
): { readonly sure: ReadonlySet<TroubleKind>; readonly doubts: ReadonlySet<TroubleKind> } {
  const isAbout = (cohort: (typeof conflicts)[number]["cohort"]) =>
    cohort.group.declared.groupId === groupId && cohort.userIds.includes(userId);
  const kinds = (wanted: boolean) =>
    conflicts.flatMap(({ isSure, cohort, cause }) =>
      isSure === wanted && isAbout(cohort) ? [KIND_OF_CAUSE[cause]] : [],
    );
  const mayLackSeat = seats.some(
    ({ short, newcomers, shortLater, waiting }) =>
      (short > 0 && newcomers.some(isAbout)) || (short + shortLater > 0 && waiting.some(isAbout)),
  );
  return {
    sure: new Set(kinds(true)),
    doubts: new Set([...kinds(false), ...(mayLackSeat ? (["seats"] as const) : [])]),
  };
}
