import type { Emulator } from "../emulator";

/** What the engine and its programs need to reach the embedded Graph. */
export function environmentFor(emulator: Emulator): NodeJS.ProcessEnv {
  return { ...emulator.credentials(), NODE_EXTRA_CA_CERTS: emulator.caFile };
}
