import type { Emulator } from "../emulator";

/** What the engine and its programs need to reach the embedded Graph, whatever this machine is set up for otherwise. */
export function environmentFor(emulator: Emulator): NodeJS.ProcessEnv {
  const direct = ["localhost", "127.0.0.1", process.env["NO_PROXY"] ?? process.env["no_proxy"]].filter(Boolean).join();
  return {
    ...emulator.credentials(),
    // These and no others: not the `az login` of whoever runs the demo.
    AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential",
    NODE_EXTRA_CA_CERTS: emulator.caFile,
    NO_PROXY: direct,
    no_proxy: direct,
  };
}
