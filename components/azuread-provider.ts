import type { Resource } from "@pulumi/pulumi";
import { Provider } from "@pulumi/azuread/provider";
import type { GraphConnection } from "../graph/tenant-graph";
import type { Guid } from "../licensing/model";

/**
 * The same clouds, by the azuread package's names:
 * https://www.pulumi.com/registry/packages/azuread/installation-configuration
 */
const ENVIRONMENTS = {
  global: "global",
  usgov: "usgovernmentl4",
  "usgov-dod": "usgovernmentl5",
  china: "china",
} as const;

/**
 * The azuread plugin, bound to the confirmed tenant. It signs in by itself (`ARM_…` variables, workload identity or `az
 * login`) and gets no secrets from here, because its inputs are stored in the state.
 */
export function azureadProvider({ cloud }: GraphConnection, tenantId: Guid, parent: Resource): Provider {
  // A cloud given by its hosts publishes metadata with its Graph and sign-in hosts.
  const where =
    typeof cloud === "string" ? { environment: ENVIRONMENTS[cloud] } : { metadataHost: new URL(cloud.authority).host };
  return new Provider("azuread", { tenantId, ...where }, { parent });
}
