import * as pulumi from "@pulumi/pulumi";
import type { GroupLicenseInputs, GroupLicenseOutputs } from "./lifecycle/group-license";
import { stub } from "./stub";

/** The licences of one group, given in place; see `lifecycle/group-license.ts`. */
export class GroupLicense extends pulumi.dynamic.Resource {
  declare readonly licenses: pulumi.Output<GroupLicenseOutputs["licenses"]>;

  constructor(name: string, args: pulumi.Inputs & GroupLicenseInputs, options: pulumi.CustomResourceOptions) {
    const outputs = { name: undefined, groupId: undefined, displayName: undefined, licenses: undefined };
    super(
      stub("./dynamic-providers/host/group-license"),
      name,
      { ...outputs, ...args },
      options,
      "licensing",
      "GroupLicense",
    );
  }
}
