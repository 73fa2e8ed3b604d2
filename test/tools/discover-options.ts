import type { DiscoverOptions } from "../../cli/discover/discover";
import type { Rig } from "../providers/rig";

/** Options of `entra-licensing discover` for the tenant of a rig, without any flag. */
export function discoverOptions(rig: Rig, folder: string, changes: Partial<DiscoverOptions> = {}): DiscoverOptions {
  return {
    stack: "contoso",
    tenant: rig.connection.tenant,
    cloud: JSON.stringify(rig.connection.cloud),
    folder,
    owner: [],
    selfService: false,
    everyVariant: false,
    names: false,
    overwrite: false,
    fresh: false,
    ...changes,
  };
}
