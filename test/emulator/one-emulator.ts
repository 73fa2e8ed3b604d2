import type { Emulator, EmulatorOptions } from "../../emulator";
import { GraphClient } from "./graph-client";
import { smallTenant } from "./small-tenant";
import { watchedEmulator } from "../contract/watched-emulator";

/**
 * One embedded Graph with a clock of its own, and one client that is signed in to it, for all tests of a suite.
 * Each test finds the tenant as it was at the start.
 */
export function oneEmulator(
  take: (emulator: Emulator, client: GraphClient) => void,
  options: Partial<EmulatorOptions> = {},
): void {
  let emulator: Emulator | undefined;
  let client: GraphClient | undefined;

  before(async () => {
    emulator = await watchedEmulator({
      tenant: smallTenant(),
      clock: "manual",
      ...options,
    });
    client = await GraphClient.signIn(emulator);
    take(emulator, client);
  });
  beforeEach(() => emulator?.reset());
  after(async () => {
    client?.close();
    await emulator?.close();
  });
}
