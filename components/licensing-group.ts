import * as pulumi from "@pulumi/pulumi";
import { GroupLicense } from "../dynamic-providers/group-license";
import type { GraphConnection } from "../graph/tenant-graph";
import { addedPlanName, plansToRecord, type AddedPlan } from "../licensing/drift/added-plans";
import type { Catalog } from "../licensing/catalog/catalog";
import type { GroupPlan } from "../licensing/plan/group-plan";
import { unionOfPlans } from "../licensing/effective-plans";
import { withNames } from "../licensing/loss/loss";
import type { Finding } from "../licensing/finding";
import type { Guid } from "../licensing/model";
import type { RecordedNames } from "../licensing/catalog/recorded-names";
import type { People } from "../licensing/people";
import { formatChange, formatDependents, formatGroup } from "../licensing/plan/group-words";
import { isAboutGroup } from "../licensing/preflight/finding-words";
import { declareMadeGroup, type MadeGroupArgs } from "./made-group";
import { plainUrn, log, tellFindings, within } from "./row";

export interface LicensingGroupArgs {
  readonly connection: GraphConnection;
  readonly plan: GroupPlan;
  readonly catalog: Catalog;
  /** Those of the whole plan; a group shows its own. */
  readonly findings: readonly Finding[];
  readonly people: People;
  /** The SKUs that the names of its licences in the stack file stand for. */
  readonly names: RecordedNames;
  /** True if a wave puts direct licences back; the row then lists users that still depend on the group. */
  readonly isPutBack: boolean;
  /** Added plans that are enabled in this group. */
  readonly addedPlans: readonly AddedPlan[];
  /** How to create the group; absent if it exists. */
  readonly made?: Omit<MadeGroupArgs, "connection" | "plan">;
}

/** A group with licences that its first-level members inherit. */
export class LicensingGroup extends pulumi.ComponentResource {
  readonly groupId: pulumi.Input<Guid>;
  readonly license: GroupLicense;

  constructor(name: string, args: LicensingGroupArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("licensing:index:LicensingGroup", name, {}, options);
    const { connection, plan, catalog, made } = args;

    const { groupId, ready } =
      made === undefined
        ? { groupId: plan.declared.groupId, ready: [] }
        : declareMadeGroup(this, { ...made, connection, plan });
    this.groupId = groupId;
    const given = unionOfPlans(plan.declared.licenses, catalog);
    this.license = new GroupLicense(
      name,
      {
        connection,
        group: { ...plan.declared, groupId: groupId as Guid },
        changes: formatChange(plan, catalog),
        refusal: plan.refusal ?? "",
        acceptLoss: withNames(plan.accepted, catalog),
        successors: catalog.namedSuccessors().filter(({ byId }) => given.has(byId)),
        others: Object.fromEntries(plan.others),
        addedPlans: args.addedPlans.map((each) => addedPlanName(each, catalog)),
        __later: plan.later.map(({ skuId }) => skuId),
        __successors: catalog.accepted,
        __left: plan.left.map(({ skuId }) => skuId),
        __plans: plansToRecord(plan.declared, catalog),
        __names: args.names,
        __urn: plainUrn(name, "GroupLicense", this) as unknown as string,
      },
      // Members first, so that Entra processes all of them together when the licence is assigned.
      { ...within(this), protect: plan.isProtected, dependsOn: [...ready] },
    );
    say(this);
    this.registerOutputs({ license: this.license.urn });

    function say(component: LicensingGroup): void {
      void log(component, formatGroup(plan, catalog));
      const dependents = args.isPutBack ? formatDependents(plan, catalog, args.people) : null;
      if (dependents !== null) void log(component, dependents);
      const own = args.findings.filter((finding) => isAboutGroup(finding, plan.declared.name));
      void tellFindings(component, own, args.people);
    }
  }
}
