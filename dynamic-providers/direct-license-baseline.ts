import * as pulumi from "@pulumi/pulumi";
import type { BaselineInputs } from "./lifecycle/direct-license-baseline";
import { stub } from "./stub";

/** What everybody held directly at the start; see `lifecycle/direct-license-baseline.ts`. */
export class DirectLicenseBaseline extends pulumi.dynamic.Resource {
  declare readonly users: pulumi.Output<number>;

  constructor(name: string, args: pulumi.Inputs & BaselineInputs, options: pulumi.CustomResourceOptions) {
    const outputs = { users: undefined, assignments: undefined };
    super(
      stub("./dynamic-providers/host/direct-license-baseline"),
      name,
      { ...outputs, ...args },
      options,
      "licensing",
      "DirectLicenseBaseline",
    );
  }
}
