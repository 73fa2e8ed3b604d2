import * as pulumi from "@pulumi/pulumi";
import { Group } from "@pulumi/azuread/group";
import type { Provider } from "@pulumi/azuread/provider";
import { EvaluatedRule } from "../dynamic-providers/evaluated-rule";
import { GroupMembers } from "../dynamic-providers/group-members";
import type { GraphConnection } from "../graph/tenant-graph";
import { packIds } from "../licensing/record/compact-ids";
import type { GroupPlan } from "../licensing/plan/group-plan";
import { isUnmade, type OwnGroup } from "../licensing/stack-file/own-group";
import type { Timeouts } from "../licensing/stack-file/stack-file";
import { plainUrn, within } from "./row";

export interface MadeGroupArgs {
  readonly connection: GraphConnection;
  readonly plan: GroupPlan;
  readonly own: OwnGroup;
  readonly provider: Provider;
  readonly timeouts: Timeouts;
}

export interface MadeGroup {
  /** Known once the state has the group. */
  readonly groupId: pulumi.Input<string>;
  /** Resources that must be done before the group gets a licence: its members are in. */
  readonly ready: readonly pulumi.Resource[];
}

/** The package stores the members that it finds; only GroupMembers and people may change them. */
const MEMBERS = ["members"];

/** For a group that was deleted in the tenant: nothing is written to it. Without its row, Pulumi would delete it. */
const ALL = [...MEMBERS, "displayName", "description", "owners", "types", "dynamicMembership"];

/** Declares a group that this stack creates, and its members as far as this stack manages them. */
export function declareMadeGroup(parent: pulumi.Resource, args: MadeGroupArgs): MadeGroup {
  const { connection, plan, own, provider, timeouts } = args;
  const { name, creation, members } = own;

  const group = declareGroup();
  const groupId = isUnmade(own.groupId) ? group.objectId.apply((id) => id.toLowerCase()) : own.groupId;
  return { groupId, ready: [group, ...declareMembers()] };

  function declareGroup(): Group {
    return new Group(
      name,
      {
        displayName: creation.displayName,
        securityEnabled: true,
        // The plugin checks the name again just before it creates or renames a group.
        preventDuplicateNames: true,
        ...(creation.description === null ? {} : { description: creation.description }),
        // If absent, the package makes the signed-in account the owner; an empty list would mean no owner.
        ...(own.ownerIds.length === 0 ? {} : { owners: [...own.ownerIds] }),
        ...(members.kind === "rule"
          ? { types: ["DynamicMembership"], dynamicMembership: { enabled: true, rule: members.rule } }
          : {}),
      },
      {
        ...within(parent),
        provider,
        protect: plan.isProtected,
        ignoreChanges: plan.declared.deleted === undefined ? MEMBERS : ALL,
      },
    );
  }

  function declareMembers(): readonly pulumi.Resource[] {
    const common = { connection, name, groupId: groupId as string, displayName: creation.displayName };
    const options = { ...within(parent), dependsOn: [group] };
    const urn = (type: string) => plainUrn(name, type, parent) as unknown as string;
    if (members.kind === "rule") {
      return [
        new EvaluatedRule(name, { ...common, rule: members.rule, timeouts, __urn: urn("EvaluatedRule") }, options),
      ];
    }
    if (plan.joining === null) return [];
    const { userIds } = plan.joining;
    const inputs = { ...common, add: userIds.size, __lists: { add: packIds(userIds) }, __urn: urn("GroupMembers") };
    return [new GroupMembers(name, inputs, options)];
  }
}
