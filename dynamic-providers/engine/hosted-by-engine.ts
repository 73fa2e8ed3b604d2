import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { GraphConnection } from "../../graph/tenant-graph";
import type { Lifecycle } from "./lifecycle";
import { ENGINE_ANSWERS_WITHIN_MS, engineHost } from "./engine-host";
import { toPulumiProvider, type Bag, type HostedProvider } from "./hosted";
import { ReceiptsByTenant, type Receipts } from "./receipts";
import { isIdle } from "./work-in-hand";

const LOOK_FOR_ENGINE_EVERY_MS = 5_000;

let isWatched = false;

/** Two components of a program may both have a wave "canary". */
const receipts = new ReceiptsByTenant();

/** Hosts a lifecycle in a process that a Pulumi engine started; the first argument is the engine's address. */
export function toEngineProvider<Inputs extends object, Outputs extends object>(
  lifecycle: Lifecycle<Inputs, Outputs>,
): HostedProvider {
  const address = process.argv[2] ?? "";
  if (!isWatched) endWithEngine(address);
  isWatched = true;
  return toPulumiProvider(lifecycle, (row) => engineHost(address, receiptsOf(row)));
}

function receiptsOf({ connection }: Bag): Receipts {
  const { tenant = "" } = (connection ?? {}) as Partial<GraphConnection>;
  return receipts.of(tenant);
}

/**
 * A provider outlives a killed engine. This check ends the process once the engine is gone and no work is in progress:
 * a unit that has written must still be read back.
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
