import type * as pulumi from "@pulumi/pulumi";
import { HostedResource } from "./hosted-resource";
import type { GroupMembersInputs } from "./lifecycle/group-members";

/** Members that are added to one group; see `lifecycle/group-members.ts`. */
export class GroupMembers extends HostedResource {
  constructor(name: string, args: pulumi.Inputs & GroupMembersInputs, options: pulumi.CustomResourceOptions) {
    const outputs = { joined: undefined };
    super("GroupMembers", name, { ...outputs, ...args }, options);
  }
}
