import type * as pulumi from "@pulumi/pulumi";
import { HostedResource } from "./hosted-resource";
import type { RemovalInputs } from "./lifecycle/removal-inputs";
import type { RemovalOutputs } from "./lifecycle/removal-outputs";

/** One part of a wave; see `lifecycle/direct-license-removal.ts`. */
export class DirectLicenseRemoval extends HostedResource {
  declare readonly pending: pulumi.Output<RemovalOutputs["pending"]>;
  declare readonly stays: pulumi.Output<RemovalOutputs["stays"]>;
  declare readonly staysBySku: pulumi.Output<RemovalOutputs["staysBySku"]>;
  declare readonly notRestoredBySku: pulumi.Output<RemovalOutputs["notRestoredBySku"]>;
  declare readonly outcome: pulumi.Output<RemovalOutputs["outcome"]>;
  declare readonly doneAt: pulumi.Output<string | null>;

  constructor(name: string, args: pulumi.Inputs & RemovalInputs, options: pulumi.CustomResourceOptions) {
    const outputs = {
      status: undefined,
      lastRemoved: undefined,
      pending: undefined,
      stays: undefined,
      staysBySku: undefined,
      notRestored: undefined,
      notRestoredBySku: undefined,
      doneAt: undefined,
      outcome: undefined,
      settled: undefined,
    };
    super("DirectLicenseRemoval", name, { ...outputs, ...args }, options);
  }
}
