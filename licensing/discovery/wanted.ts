import { isDirect, type Guid } from "../model";
import { bundlesOf, type Bundle } from "./add-ons";
import { inheritedAlready, uncovered, type InheritedAlready } from "./inherited-already";
import { patternsOf } from "./patterns";
import { kindOf } from "./people-kinds";
import { isSelfService } from "./self-service";
import type { DiscoveredUser, LicensedToday } from "./tenant-today";
import { merged, together, type WantedBundle } from "./variants";

/** Options of discovery. */
export interface Wishes {
  /** Propose groups for self-service, viral and trial SKUs too. */
  readonly selfService: boolean;
  /** Propose a group for each set of disabled plans, however small the difference and however few the users. */
  readonly everyVariant: boolean;
}

export const USUAL: Wishes = { selfService: false, everyVariant: false };

/** A SKU without a proposed group, and its direct holders. */
export interface LeftAlone {
  readonly skuId: Guid;
  /**
   * `lacks-prerequisite`: an add-on with a prerequisite that its holders do not hold directly. Entra would refuse
   * the add-on in a group alone.
   */
  readonly why: "ended" | "self-service" | "lacks-prerequisite";
  readonly userIds: readonly Guid[];
}

/**
 * With fewer users a group is more work than direct licences. In a company of 200, two users are 1 % and justify a
 * group.
 */
const FEWEST = 5;
const FEWEST_SHARE = 0.01;

/** The direct licences that no group covers yet: the input of the proposals. */
export interface Wanted extends InheritedAlready {
  /** With fewer users no group is proposed; their licences stay direct and are listed. */
  readonly fewest: number;
  readonly bundles: readonly WantedBundle[];
  readonly leftAlone: readonly LeftAlone[];
}

export function wantedOf(today: LicensedToday, { selfService, everyVariant }: Wishes = USUAL): Wanted {
  const { catalog } = today;
  const leftAlone = leftAloneIn(today, selfService);
  const users = withoutSkus(today.users, new Set(leftAlone.map(({ skuId }) => skuId)));
  const inherited = inheritedAlready({ ...today, users });
  const ordinary = new Map([...users].filter(([, user]) => kindOf(user, catalog) === null));
  const open = uncovered(bundlesOf(patternsOf(ordinary.values(), catalog), ordinary, catalog), inherited.covered);
  const apart = open
    .filter(({ lacksPrerequisite }) => !lacksPrerequisite)
    .sort(byHolders)
    .map((bundle): WantedBundle => ({ ...bundle, variants: [] }));
  const fewest = everyVariant ? 1 : Math.min(FEWEST, Math.ceil(FEWEST_SHARE * users.size));
  const kept = together(everyVariant ? apart : merged(apart, users, catalog)).filter(
    ({ holders }) => holders.length >= fewest,
  );
  const bundles = kept
    .map((bundle) => withoutHoldersOf(largerThan(bundle, kept), bundle))
    .filter(({ holders }) => holders.length > 0)
    .sort(byHolders);
  return { ...inherited, fewest, bundles, leftAlone: [...leftAlone, ...lackingIn(open)] };
}

/** Bundles that give all SKUs of this one and more: a base with its add-on. */
function largerThan({ licenses }: Bundle, bundles: readonly WantedBundle[]): readonly WantedBundle[] {
  return bundles.filter(
    (each) =>
      each.licenses.length > licenses.length &&
      licenses.every(({ skuId }) => each.licenses.some((license) => license.skuId === skuId)),
  );
}

/** A user joins one group of a SKU, so holders of a larger bundle are not counted for the base alone. */
function withoutHoldersOf(larger: readonly WantedBundle[], bundle: WantedBundle): WantedBundle {
  const elsewhere = new Set(larger.flatMap(({ holders }) => holders));
  const rest = <B extends Bundle>(each: B): B => ({
    ...each,
    holders: each.holders.filter((id) => !elsewhere.has(id)),
  });
  if (elsewhere.size === 0) return bundle;
  return { ...rest(bundle), variants: bundle.variants.map(rest).filter(({ holders }) => holders.length > 0) };
}

export function byHolders(a: Bundle, b: Bundle): number {
  return b.holders.length - a.holders.length;
}

function leftAloneIn({ users, catalog }: LicensedToday, selfService: boolean): readonly LeftAlone[] {
  const all = catalog.skus.flatMap((sku): Omit<LeftAlone, "userIds">[] => {
    if (catalog.standing(sku.id) === "ended") return [{ skuId: sku.id, why: "ended" }];
    return !selfService && isSelfService(sku) ? [{ skuId: sku.id, why: "self-service" }] : [];
  });
  const holders = new Map(all.map(({ skuId }): [Guid, Guid[]] => [skuId, []]));
  for (const { id, assignments } of users.values()) {
    for (const { skuId } of assignments.filter(isDirect)) holders.get(skuId)?.push(id);
  }
  return all
    .map((each) => ({ ...each, userIds: (holders.get(each.skuId) ?? []).sort() }))
    .filter(({ userIds }) => userIds.length > 0)
    .sort((a, b) => b.userIds.length - a.userIds.length);
}

function lackingIn(bundles: readonly Bundle[]): readonly LeftAlone[] {
  return bundles
    .filter(({ lacksPrerequisite }) => lacksPrerequisite)
    .flatMap(({ leads, holders }) =>
      leads.map((skuId) => ({ skuId, why: "lacks-prerequisite", userIds: holders }) as const),
    );
}

function withoutSkus(users: LicensedToday["users"], skuIds: ReadonlySet<Guid>): ReadonlyMap<Guid, DiscoveredUser> {
  if (skuIds.size === 0) return users;
  return new Map(
    [...users].map(([id, user]) => [
      id,
      { ...user, assignments: user.assignments.filter(({ skuId }) => !skuIds.has(skuId)) },
    ]),
  );
}
