import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator";
import { ContractWatch } from "../contract/keep-to-contract";
import { GraphClient } from "./graph-client";
import { smallTenant } from "./small-tenant";

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
  const contract = new ContractWatch();

  before(async () => {
    emulator = await createEmulator({
      tenant: smallTenant(),
      clock: "manual",
      onExchange: contract.onExchange,
      ...options,
    });
    client = await GraphClient.signIn(emulator);
    take(emulator, client);
  });
  beforeEach(() => emulator?.reset());
  after(async () => {
    client?.close();
    await emulator?.close();
    contract.assertKept();
  });
}
