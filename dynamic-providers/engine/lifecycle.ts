import type { Host } from "./host";
import type { Receipts } from "./receipts";

/**
 * How a kind of resource works in the tenant, independent of its host. `Inputs` come from the program, `Outputs` are
 * kept in the state; both are plain JSON.
 */
export interface Lifecycle<Inputs extends object, Outputs extends object> {
  idOf(inputs: Inputs): string;
  /**
   * The reason to refuse the inputs, also in a preview; `null` if there is none.
   *
   * @param receipts of the resources before it; `null` in a preview
   */
  refusal(inputs: Inputs, receipts: Receipts | null): string | null;
  /** True if `converge` has something to do or to record. */
  hasChanges(inputs: Inputs, outputs: Outputs): boolean;
  /**
   * Create and update in one: observes, makes the missing changes, returns. Can run again after any crash.
   *
   * @throws {Refusal | GraphError} if nothing can be saved
   */
  converge(inputs: Inputs, before: Outputs | null, host: Host): Promise<Converged<Outputs>>;
  /**
   * Deletes the resource.
   *
   * @throws {Refusal} if a user would lose a service
   */
  release(outputs: Outputs, host: Host): Promise<void>;
}

/** The outputs, and the reasons why the goal is not reached; empty if it is. */
export interface Converged<Outputs> {
  readonly outputs: Outputs;
  readonly unfinished: readonly string[];
}
