import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { Lifecycle } from "../lifecycle/lifecycle";
import { ENGINE_ANSWERS_WITHIN_MS, engineHost } from "./engine-host";
import { toPulumiProvider, type HostedProvider } from "./hosted";
import { isIdle } from "./work-in-hand";

const LOOK_FOR_ENGINE_EVERY_MS = 5_000;

let isWatched = false;

/** Hosts a lifecycle in the process that a Pulumi engine has started, whose first argument is the engine's address. */
export function toEngineProvider<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
): HostedProvider {
  const address = process.argv[2] ?? "";
  if (!isWatched) endWithEngine(address);
  isWatched = true;
  return toPulumiProvider(lifecycle, () => engineHost(address));
}

/**
 * A provider outlives an engine that was killed, with nobody to end it. Looks now and then whether the engine is still
 * there, and ends the process when it is not and no work is in hand: a unit that has written must still read back.
 */
function endWithEngine(address: string): void {
  const timer = setInterval(() => {
    const client = new EngineClient(address, credentials.createInsecure());
    client.waitForReady(Date.now() + ENGINE_ANSWERS_WITHIN_MS, (error) => {
      client.close();
      if (error !== undefined && isIdle()) process.exit(1);
    });
  }, LOOK_FOR_ENGINE_EVERY_MS);
  timer.unref();
}
