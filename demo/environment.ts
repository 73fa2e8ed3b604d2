import type { Emulator } from "../emulator";

/** What the engine and its programs need to reach the embedded Graph. */
export function environmentFor(emulator: Emulator): NodeJS.ProcessEnv {
  return { ...emulator.credentials(), NODE_EXTRA_CA_CERTS: emulator.caFile, ...directly("localhost") };
}

/** A proxy of the machine does not reach this machine itself. */
function directly(host: string): NodeJS.ProcessEnv {
  const { no_proxy: lower, NO_PROXY: upper } = process.env;
  const except = [lower ?? upper ?? "", host].filter((each) => each !== "").join(",");
  return { NO_PROXY: except, no_proxy: except };
}
