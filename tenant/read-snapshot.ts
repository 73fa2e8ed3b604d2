import { GraphError } from "../graph/client/failure";
import type { TenantReads } from "../graph/tenant-graph";
import type { Catalog } from "../licensing/catalog/catalog";
import { present, skusInScope, type DeclaredGroup } from "../licensing/declaration";
import type { Guid, LicensedGroup, LicensedUser } from "../licensing/model";
import { groupOfToday, userOfToday } from "../licensing/catalog/of-today";
import { isUnmade } from "../licensing/stack-file/own-group";
import type { TenantSnapshot } from "../licensing/snapshot";
import { SharedLicenses } from "./shared-licenses";

const NONE: ReadonlySet<Guid> = new Set();

/**
 * Reads the input of the plan: the declared groups, their members with licence states, nested groups, and other holders
 * of a SKU in scope or on record.
 *
 * @param onRecord SKUs of direct licences that earlier runs have recorded
 * @throws {GraphError} if a listing cannot be read
 */
export async function readSnapshot(
  graph: TenantReads,
  declared: readonly DeclaredGroup[],
  catalog: Catalog,
  onRecord: ReadonlySet<Guid> = NONE,
): Promise<{ readonly snapshot: TenantSnapshot; readonly warnings: readonly string[] }> {
  const users = new Map<Guid, LicensedUser>();
  const unreadable = new Map<Guid, string>();
  const licenses = new SharedLicenses("direct");
  const take = (user: LicensedUser) => users.set(user.id, licenses.in(userOfToday(user, catalog)));
  const there = present(declared).filter(({ groupId }) => !isUnmade(groupId));
  const groupIds = there.map(({ groupId }) => groupId);
  const [{ groups, nested }, members, warnings] = await Promise.all([
    graph.groupsWithNested(groupIds),
    readMembers(graph, there, take, unreadable),
    readHolders(graph, new Set([...skusInScope(declared), ...onRecord]), catalog, take, unreadable),
  ]);
  const unmade = declared.filter(({ groupId }) => isUnmade(groupId)).map(asMade);
  const deleted = declared.filter((group) => group.deleted !== undefined).map(asDeleted);
  const empty = [...unmade, ...deleted];
  return {
    snapshot: {
      declared,
      catalog,
      groups: new Map([...groups.values(), ...empty].map((group) => [group.id, groupOfToday(group, catalog)])),
      users,
      members: new Map([...members, ...empty.map(({ id }) => [id, new Set<Guid>()] as const)]),
      nested,
      ...(unreadable.size === 0 ? {} : { unreadable }),
    },
    warnings,
  };
}

/** A group that this run will create: empty, without a licence. */
function asMade({ groupId, displayName }: DeclaredGroup): LicensedGroup {
  return {
    id: groupId,
    displayName,
    securityEnabled: true,
    mailEnabled: false,
    membershipRule: null,
    onPremisesSyncEnabled: false,
    licenses: [],
    processingState: null,
  };
}

/** A deleted group: no members, and nothing to do for its row. */
function asDeleted(group: DeclaredGroup): LicensedGroup {
  return { ...asMade(group), licenses: group.licenses, processingState: "ProcessingComplete" };
}

async function readMembers(
  graph: TenantReads,
  declared: readonly DeclaredGroup[],
  take: (user: LicensedUser) => void,
  unreadable: Map<Guid, string>,
): Promise<ReadonlyMap<Guid, ReadonlySet<Guid>>> {
  const members = await Promise.all(
    declared.map(async ({ groupId }) => {
      const ids = new Set<Guid>();
      const ofGroup = new Map<Guid, string>();
      for await (const page of graph.memberPages(groupId, ofGroup)) {
        for (const user of page) {
          ids.add(user.id);
          take(user);
        }
      }
      for (const [id, why] of ofGroup) {
        ids.add(id);
        unreadable.set(id, why);
      }
      return [groupId, ids] as const;
    }),
  );
  return new Map(members);
}

/** Holders of these SKUs outside the groups: they keep them, and the plan reports them. */
async function readHolders(
  graph: TenantReads,
  skuIds: ReadonlySet<Guid>,
  catalog: Catalog,
  take: (user: LicensedUser) => void,
  unreadable: Map<Guid, string>,
): Promise<readonly string[]> {
  const warnings = await Promise.all(
    [...skuIds].map(async (skuId): Promise<string[]> => {
      try {
        for await (const page of graph.holderPages(skuId, unreadable)) for (const user of page) take(user);
        return [];
      } catch (error) {
        if (!(error instanceof GraphError) || error.failure.kind !== "unsupportedQuery") throw error;
        const sku = catalog.skuName(skuId);
        return [
          `This tenant does not list the holders of ${sku} (${error.failure.message}): ` +
            "users outside the licensing groups that hold it directly keep it, and are not counted here.",
        ];
      }
    }),
  );
  return warnings.flat();
}
