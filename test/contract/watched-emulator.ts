import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator";
import { ContractWatch } from "./keep-to-contract";

/** An embedded Graph that holds every exchange to the contract; closing it fails for any other exchange. */
export async function watchedEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const contract = new ContractWatch();
  const emulator = await createEmulator({ onExchange: contract.onExchange, ...options });
  const close = emulator.close.bind(emulator);
  // Not a copy: tenant and history are read anew each time.
  return Object.assign(emulator, {
    close: async () => {
      await close();
      contract.assertKept();
    },
  });
}
