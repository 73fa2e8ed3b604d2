import { GraphError } from "../graph/failure";
import type { TenantGraph } from "../graph/tenant-graph";
import type { Catalog } from "../licensing/catalog";
import { declaredSkus, type DeclaredGroup } from "../licensing/declaration";
import type { Guid, LicensedGroup, LicensedUser, NestedGroup } from "../licensing/model";
import type { TenantSnapshot } from "../licensing/snapshot";

/**
 * Reads what the plan is made from: the declared groups, their members with licence states, the groups inside them,
 * and everybody else who holds a declared SKU.
 */
export async function readSnapshot(
  graph: TenantGraph,
  declared: readonly DeclaredGroup[],
  catalog: Catalog,
): Promise<{ readonly snapshot: TenantSnapshot; readonly warnings: readonly string[] }> {
  const users = new Map<Guid, LicensedUser>();
  const [groups, members, nested, warnings] = await Promise.all([
    readGroups(graph, declared),
    readMembers(graph, declared, users),
    readNested(graph, declared),
    readHolders(graph, declared, catalog, users),
  ]);
  return { snapshot: { declared, catalog, groups, users, members, nested }, warnings };
}

async function readGroups(
  graph: TenantGraph,
  declared: readonly DeclaredGroup[],
): Promise<ReadonlyMap<Guid, LicensedGroup>> {
  const found = await graph.groups(declared.map((group) => group.groupId));
  return new Map(
    declared.map(({ groupId }) => {
      const group = found.get(groupId) ?? { kind: "notFound", id: groupId };
      if ("kind" in group) throw new GraphError(group);
      return [groupId, group];
    }),
  );
}

async function readMembers(
  graph: TenantGraph,
  declared: readonly DeclaredGroup[],
  users: Map<Guid, LicensedUser>,
): Promise<ReadonlyMap<Guid, ReadonlySet<Guid>>> {
  const members = await Promise.all(
    declared.map(async ({ groupId }) => {
      const ids = new Set<Guid>();
      for await (const page of graph.memberPages(groupId)) {
        for (const user of page) {
          ids.add(user.id);
          users.set(user.id, user);
        }
      }
      return [groupId, ids] as const;
    }),
  );
  return new Map(members);
}

async function readNested(
  graph: TenantGraph,
  declared: readonly DeclaredGroup[],
): Promise<ReadonlyMap<Guid, readonly NestedGroup[]>> {
  const nested = await Promise.all(
    declared.map(async ({ groupId }) => [groupId, await graph.nestedGroups(groupId)] as const),
  );
  return new Map(nested);
}

/** People outside the groups who hold a declared SKU: they keep it, and whoever runs this should know of them. */
async function readHolders(
  graph: TenantGraph,
  declared: readonly DeclaredGroup[],
  catalog: Catalog,
  users: Map<Guid, LicensedUser>,
): Promise<readonly string[]> {
  const warnings = await Promise.all(
    [...declaredSkus(declared)].map(async (skuId): Promise<string[]> => {
      try {
        for await (const page of graph.holderPages(skuId)) for (const user of page) users.set(user.id, user);
        return [];
      } catch (error) {
        if (!(error instanceof GraphError) || error.failure.kind !== "unsupportedQuery") throw error;
        const sku = catalog.skuName(skuId);
        return [
          `This tenant does not list the holders of ${sku} (${error.failure.message}): ` +
            "people outside the licensing groups who hold it directly keep it, and are not counted here.",
        ];
      }
    }),
  );
  return warnings.flat();
}
