import type * as pulumi from "@pulumi/pulumi";
import { HostedResource } from "./hosted-resource";
import type { GateOutputs } from "./lifecycle/verified-inheritance";
import type { GateInputs } from "./gate/gate";

/** The gate between the groups and the waves; see `lifecycle/verified-inheritance.ts`. */
export class VerifiedInheritance extends HostedResource {
  /** By logical name: the result of the last verification, not an input. */
  declare readonly verified: pulumi.Output<GateOutputs["verified"]>;
  declare readonly verifiedAt: pulumi.Output<string>;

  constructor(name: string, args: pulumi.Inputs & GateInputs, options: pulumi.CustomResourceOptions) {
    const outputs = { verified: undefined, settled: undefined, verifiedAt: undefined };
    super("VerifiedInheritance", name, { ...outputs, ...args }, options);
  }
}
