import type * as pulumi from "@pulumi/pulumi";
import { HostedResource } from "./hosted-resource";
import type { BaselineInputs } from "./lifecycle/baseline-inputs";

/** The direct licences of all users before the first removal; see `lifecycle/direct-license-baseline.ts`. */
export class DirectLicenseBaseline extends HostedResource {
  declare readonly users: pulumi.Output<number>;

  constructor(name: string, args: pulumi.Inputs & BaselineInputs, options: pulumi.CustomResourceOptions) {
    super("DirectLicenseBaseline", name, { ...args }, options);
  }
}
