import { scopeByUser, type DeclaredGroup } from "../declaration";
import { isDirectInForce } from "../effective-plans";
import { isFromGroup, type Assignment, type Guid } from "../model";
import { evidenceOf, type LicensingWorld, type TenantSnapshot, type UserEvidence } from "../snapshot";
import { plansFrom, stayingPlans } from "./staying";

/** Direct licences that the stack file does not take up, although the declared groups give their users all of them. */
export interface CoveredLicense {
  readonly skuId: Guid;
  /** The SKUs that together give all of it, the one that gives most first. */
  readonly by: readonly Guid[];
  /** The group that gives the first of `by` to these users. */
  readonly group: DeclaredGroup;
  /** Sorted by id. */
  readonly userIds: readonly Guid[];
  /** Number of users without another source of the SKU: their seats would be free. */
  readonly seats: number;
}

type IsTakenUp = (evidence: UserEvidence, skuId: Guid) => boolean;

/**
 * Most users first. Judged by the rule for removals, so that each would go if the file said `replaces`.
 *
 * @param isTakenUp licences to leave out. Default: those in the user's scope, which the waves decide on
 */
export function coveredLicenses(
  snapshot: TenantSnapshot,
  isTakenUp: IsTakenUp = inScopeOf(snapshot),
): readonly CoveredLicense[] {
  const found = new Map<string, { readonly first: Sources; readonly userIds: Guid[]; seats: number }>();
  for (const evidence of evidenceOf(snapshot)) {
    const { user, memberOf } = evidence;
    if (memberOf.size === 0) continue;
    for (const entry of user.assignments) {
      if (!isDirectInForce(entry) || isTakenUp(evidence, entry.skuId)) continue;
      const sources = sourcesOf(entry, evidence, snapshot);
      if (sources === null) continue;
      const key = [entry.skuId, sources.group.name, ...sources.by].join(" ");
      const alike = found.get(key) ?? { first: sources, userIds: [], seats: 0 };
      found.set(key, alike);
      alike.userIds.push(user.id);
      if (!user.assignments.some((each) => each.skuId === entry.skuId && isFromGroup(each))) {
        alike.seats += 1;
      }
    }
  }
  return [...found.values()]
    .map(({ first, userIds, seats }) => ({ ...first, userIds: userIds.sort(), seats }))
    .sort((a, b) => b.userIds.length - a.userIds.length || a.skuId.localeCompare(b.skuId));
}

function inScopeOf({ declared }: TenantSnapshot): IsTakenUp {
  const scopeOf = scopeByUser(declared);
  return ({ memberOf, nestedIn }, skuId) =>
    scopeOf((groupId) => memberOf.has(groupId) || nestedIn.has(groupId)).has(skuId);
}

type Sources = Pick<CoveredLicense, "skuId" | "by" | "group">;

/** The fewest licences that give all of the direct one, found greedily; `null`: they do not. */
function sourcesOf(direct: Assignment, evidence: UserEvidence, world: LicensingWorld): Sources | null {
  const { catalog, declared } = world;
  const standing = catalog.standing(direct.skuId);
  const needed = catalog.enabledPlans(direct);
  if (needed.size === 0 || catalog.uncovered(needed, stayingPlans(evidence, world, standing)).length > 0) return null;
  const mine = declared.filter(({ groupId }) => evidence.memberOf.has(groupId));
  const given = mine.flatMap((group) =>
    group.licenses.map(({ skuId }) => ({
      group,
      skuId,
      plans: new Set(plansFrom(group, skuId, standing, evidence, world)),
    })),
  );
  const by: (typeof given)[number][] = [];
  for (let left: readonly Guid[] = [...needed]; left.length > 0;) {
    const stillMissing = ({ plans }: (typeof given)[number]) => catalog.uncovered(new Set(left), plans);
    const [best] = [...given].sort((a, b) => stillMissing(a).length - stillMissing(b).length);
    if (best === undefined || stillMissing(best).length === left.length) return null;
    by.push(best);
    left = stillMissing(best);
  }
  const [first] = by;
  return first === undefined
    ? null
    : { skuId: direct.skuId, by: [...new Set(by.map(({ skuId }) => skuId))], group: first.group };
}
