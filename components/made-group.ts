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
import { plainUrn } from "./row";

export interface MadeGroupArgs {
  readonly connection: GraphConnection;
  readonly plan: GroupPlan;
  readonly own: OwnGroup;
  readonly provider: Provider;
  readonly timeouts: Timeouts;
}

export interface MadeGroup {
  /** Known as soon as the state knows the group. */
  readonly groupId: pulumi.Input<string>;
  /** What has to be done before the group may get a licence: its members are in. */
  readonly ready: readonly pulumi.Resource[];
}

/** The package keeps the members that it finds in its state. They are not its to change: GroupMembers and people are. */
const MEMBERS = ["members"];

/** Of a group that people deleted, so that nothing is written to it. Without its row in the program Pulumi would delete it. */
const ALL = [...MEMBERS, "displayName", "description", "owners", "types", "dynamicMembership"];

/** Declares a group that this stack makes, and those of its members that are this stack's to choose. */
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
        // The plugin looks for the name again right before it makes or renames a group.
        preventDuplicateNames: true,
        ...(creation.description === null ? {} : { description: creation.description }),
        // Absent, the package makes an owner of whoever runs this; an empty list would be no owner at all.
        ...(own.ownerIds.length === 0 ? {} : { owners: [...own.ownerIds] }),
        ...(members.kind === "rule"
          ? { types: ["DynamicMembership"], dynamicMembership: { enabled: true, rule: members.rule } }
          : {}),
      },
      {
        parent,
        provider,
        protect: plan.isProtected,
        ignoreChanges: plan.declared.deleted === undefined ? MEMBERS : ALL,
      },
    );
  }

  function declareMembers(): readonly pulumi.Resource[] {
    const common = { connection, name, groupId: groupId as string, displayName: creation.displayName };
    const options = { parent, dependsOn: [group] };
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
