import * as pulumi from "@pulumi/pulumi";
import { GroupLicense } from "../dynamic-providers/group-license";
import type { GraphConnection } from "../graph/tenant-graph";
import type { Catalog } from "../licensing/catalog";
import type { GroupPlan } from "../licensing/group-plan";
import { withNames } from "../licensing/loss";
import { changeWords, groupWarnings, groupWords } from "../licensing/plan-words";
import { tell } from "./row";

export interface LicensingGroupArgs {
  readonly connection: GraphConnection;
  readonly plan: GroupPlan;
  readonly catalog: Catalog;
}

/** A group whose first-level members inherit its licences. */
export class LicensingGroup extends pulumi.ComponentResource {
  readonly license: GroupLicense;

  constructor(name: string, args: LicensingGroupArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("licensing:index:LicensingGroup", name, {}, options);
    const { connection, plan, catalog } = args;

    this.license = new GroupLicense(
      name,
      {
        connection,
        group: plan.declared,
        changes: changeWords(plan, catalog),
        refusal: plan.refusal ?? "",
        acceptLoss: withNames(plan.accepted, catalog),
        others: Object.fromEntries(plan.others),
      },
      { parent: this, protect: plan.isProtected },
    );
    say(this);
    this.registerOutputs({ license: this.license.urn });

    function say(component: LicensingGroup): void {
      void tell(component, groupWords(plan, catalog));
      for (const warning of groupWarnings(plan, catalog)) void pulumi.log.warn(warning, component);
    }
  }
}
