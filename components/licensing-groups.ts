import type { Resource } from "@pulumi/pulumi";
import type { GraphConnection } from "../graph/tenant-graph";
import type { Catalog } from "../licensing/catalog/catalog";
import type { Guid } from "../licensing/model";
import type { OwnGroups } from "../licensing/stack-file/own-group";
import type { People } from "../licensing/people";
import type { MigrationPlan } from "../licensing/plan/plan";
import { NO_NAMES, type RecordedNames } from "../licensing/catalog/recorded-names";
import type { Timeouts } from "../licensing/stack-file/stack-file";
import { azureadProvider } from "./azuread-provider";
import { LicensingGroup } from "./licensing-group";

export interface LicensingGroupsArgs {
  readonly connection: GraphConnection;
  readonly catalog: Catalog;
  readonly own: OwnGroups;
  readonly tenantId: Guid;
  readonly timeouts: Timeouts;
  readonly people: People;
  /** By logical name. */
  readonly names: ReadonlyMap<string, RecordedNames>;
  readonly parent: Resource;
}

/** Declares all licensing groups. A stack that creates none needs no azuread plugin. */
export function licensingGroups(
  { groups, waves, addedPlans, findings }: MigrationPlan,
  { connection, catalog, own, tenantId, timeouts, people, names, parent }: LicensingGroupsArgs,
): readonly LicensingGroup[] {
  const provider = own.size === 0 ? null : azureadProvider(connection, tenantId, parent);
  const isPutBack = waves.some(({ mode }) => mode === "restore");
  return groups.map((plan) => {
    const { name } = plan.declared;
    const mine = own.get(name);
    const made = mine === undefined || provider === null ? {} : { made: { own: mine, provider, timeouts } };
    const added = addedPlans.filter(({ group }) => group === name);
    const shared = { connection, plan, catalog, findings, people, isPutBack, names: names.get(name) ?? NO_NAMES };
    return new LicensingGroup(name, { ...shared, addedPlans: added, ...made }, { parent });
  });
}
