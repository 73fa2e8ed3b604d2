import type * as pulumi from "@pulumi/pulumi";
import { HostedResource } from "./hosted-resource";
import type { GroupLicenseInputs, GroupLicenseOutputs } from "./lifecycle/group-license";

/** The licences of one group, given in place; see `lifecycle/group-license.ts`. */
export class GroupLicense extends HostedResource {
  declare readonly licenses: pulumi.Output<GroupLicenseOutputs["licenses"]>;

  constructor(name: string, args: pulumi.Inputs & GroupLicenseInputs, options: pulumi.CustomResourceOptions) {
    const outputs = { name: undefined, groupId: undefined, displayName: undefined, licenses: undefined };
    super("GroupLicense", name, { ...outputs, ...args }, options);
  }
}
