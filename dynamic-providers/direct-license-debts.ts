import type * as pulumi from "@pulumi/pulumi";
import { HostedResource } from "./hosted-resource";
import type { DebtsInputs } from "./lifecycle/debts-inputs";

/** Direct licences owed to users, given back before anything else; see `lifecycle/direct-license-debts.ts`. */
export class DirectLicenseDebts extends HostedResource {
  constructor(name: string, args: pulumi.Inputs & DebtsInputs, options: pulumi.CustomResourceOptions) {
    super("DirectLicenseDebts", name, { ...args }, options);
  }
}
