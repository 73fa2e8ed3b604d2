import { nextEdition } from "../catalog/next-edition";
import type { Names, Memberships } from "../decision/block-names";
import { unionOfPlans } from "../effective-plans";
import type { Guid, LicensedGroup } from "../model";
import type { TenantSnapshot } from "../snapshot";

type NamedParts = Pick<TenantSnapshot, "declared" | "catalog"> & {
  readonly groups?: ReadonlyMap<Guid, Pick<LicensedGroup, "membershipRule">>;
};

/** Names of groups, SKUs and plans as one run knows them. */
export function namesOf(snapshot: NamedParts, memberships: Memberships = new Map()): Names {
  const groups = new Map(snapshot.declared.map((group) => [group.groupId, group.displayName]));
  const { catalog } = snapshot;
  const given = unionOfPlans(
    snapshot.declared.flatMap(({ licenses }) => licenses),
    catalog,
  );
  const editions = [...given].map((id) => catalog.planName(id));
  return {
    group: (id) => groups.get(id) ?? id,
    plan: (id) => catalog.planName(id),
    inText: (text) => catalog.withNames(text),
    sku: (id) => catalog.skuName(id),
    nextEdition: (id) => nextEdition(catalog.planName(id), editions),
    membership: (id) =>
      memberships.get(id) ?? ((snapshot.groups?.get(id)?.membershipRule ?? null) === null ? "assigned" : "rule"),
  };
}
