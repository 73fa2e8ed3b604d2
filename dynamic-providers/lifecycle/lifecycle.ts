import type { Host } from "../engine/host";
import type { Receipts } from "../engine/receipts";

/**
 * What a kind of resource does in the tenant, apart from how it is hosted. `Inputs` come from the program; `Outputs`
 * are what the state keeps. Both are plain JSON.
 */
export interface Lifecycle<Inputs extends object, Outputs extends object> {
  idOf(inputs: Inputs): string;
  /**
   * Why the inputs are refused, already in the preview; `null` when they are not.
   *
   * @param receipts what the rows before it have done; `null` in a preview, where no row does anything
   */
  refusal(inputs: Inputs, receipts: Receipts | null): string | null;
  /** Whether `converge` has anything to do or to record. */
  hasChanges(inputs: Inputs, outputs: Outputs): boolean;
  /** Create and update are one: observe, do what is missing, return. Can be run again after any crash. */
  converge(inputs: Inputs, before: Outputs | null, host: Host): Promise<Converged<Outputs>>;
  /** Lets go of the resource. Throws a refusal where somebody would lose a service. */
  release(outputs: Outputs, host: Host): Promise<void>;
}

/** What is so now, and why it is not yet as it should be; an empty list means that it is. */
export interface Converged<Outputs> {
  readonly outputs: Outputs;
  readonly unfinished: readonly string[];
}
