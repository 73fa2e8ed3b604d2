import * as pulumi from "@pulumi/pulumi";
import type { GroupMembersInputs } from "./lifecycle/group-members";
import { stub } from "./stub";

/** Members that are added to one group; see `lifecycle/group-members.ts`. */
export class GroupMembers extends pulumi.dynamic.Resource {
  constructor(name: string, args: pulumi.Inputs & GroupMembersInputs, options: pulumi.CustomResourceOptions) {
    const outputs = { joined: undefined, __joined: undefined };
    super(
      stub("./dynamic-providers/host/group-members"),
      name,
      { ...outputs, ...args },
      options,
      "licensing",
      "GroupMembers",
    );
  }
}
