import assert from "node:assert/strict";
import type { Exchange } from "../../emulator";
import { contractFaults } from "./check-exchange";

/** Watches an embedded Graph. Exchanges that Graph's metadata does not allow are kept until a test asks for them. */
export class ContractWatch {
  readonly #faults = new Set<string>();

  readonly onExchange = (exchange: Exchange): void => {
    for (const fault of contractFaults(exchange)) this.#faults.add(fault);
  };

  assertKept(): void {
    const faults = [...this.#faults];
    this.#faults.clear();
    assert.deepEqual(faults.slice(0, 20), [], "beside the contract of Graph v1.0 (test/contract)");
  }
}
