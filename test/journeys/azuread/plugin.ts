import type { Emulator } from "../../../emulator";
import { startStandIn } from "../../../emulator/azuread/start";
import type { Plugin } from "../../../rehearsal/embedded/open";

/** Makes the groups of a journey: a small program of ours in the place of the azuread plugin. */
export function azureadPlugin(emulator: Emulator): Promise<Plugin> {
  return startStandIn(emulator, process.env);
}
