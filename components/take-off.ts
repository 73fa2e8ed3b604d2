import type * as pulumi from "@pulumi/pulumi";
import { GroupLicenseTakeOff, takeOffInputs } from "../dynamic-providers/group-license-take-off";
import type { GraphConnection } from "../graph/tenant-graph";
import type { Catalog } from "../licensing/catalog/catalog";
import type { Guid } from "../licensing/model";
import type { GroupPlan } from "../licensing/plan/group-plan";
import type { Timeouts } from "../licensing/stack-file/stack-file";
import { plainUrn } from "./row";

export interface TakeOffArgs {
  readonly connection: GraphConnection;
  readonly catalog: Catalog;
  readonly timeouts: Timeouts;
  readonly idOf: (plan: GroupPlan) => pulumi.Input<Guid>;
}

/** Declares what goes off these groups, after the gate or before it: see `isBeforeGate`. Groups that never had a take-off have no row for it. */
export function declareTakeOffs(
  plans: readonly GroupPlan[],
  { connection, catalog, timeouts, idOf }: TakeOffArgs,
  options: pulumi.CustomResourceOptions & { readonly parent: pulumi.Resource },
): readonly GroupLicenseTakeOff[] {
  return plans
    .filter(({ hasTakeOff }) => hasTakeOff)
    .map((plan) => {
      const name = `${plan.declared.name}-take-off`;
      const inputs = {
        ...takeOffInputs(connection, plan, catalog, timeouts),
        group: { ...plan.declared, groupId: idOf(plan) as Guid },
        __urn: plainUrn(name, "GroupLicenseTakeOff", options.parent) as unknown as string,
      };
      return new GroupLicenseTakeOff(name, inputs, options);
    });
}
