import { Provider } from "@pulumi/azuread/provider";
import type { GraphConnection } from "../graph/tenant-graph";
import type { Guid } from "../licensing/model";

/** The same clouds in the words of the azuread package: https://www.pulumi.com/registry/packages/azuread/installation-configuration */
const ENVIRONMENTS = {
  global: "global",
  usgov: "usgovernmentl4",
  "usgov-dod": "usgovernmentl5",
  china: "china",
} as const;

/**
 * The azuread plugin for the tenant that was confirmed, whatever else its environment names. It signs in by itself, with `ARM_…`
 * variables, workload identity or `az login`; nothing secret is given to it here, because what is given is in the state.
 */
export function azureadProvider({ cloud }: GraphConnection, tenantId: Guid): Provider {
  // A cloud by its hosts publishes its own metadata, by which the plugin finds Graph and sign-in.
  const where =
    typeof cloud === "string" ? { environment: ENVIRONMENTS[cloud] } : { metadataHost: new URL(cloud.authority).host };
  return new Provider("azuread", { tenantId, ...where });
}
