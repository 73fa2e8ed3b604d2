import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { GraphError } from "../graph/client/failure";
import type { MigrationPlan } from "../licensing/plan/plan";
import { Refusal } from "../licensing/refusal";
import { writeRefusal } from "./plan-file";

/**
 * Declares the parts of a component, and shows a refusal as its message under the component, without a stack trace.
 *
 * @param tenant as declared, for the plan file
 * @throws {pulumi.ResourceError} for a refusal or a failure of Graph; other errors unchanged
 */
export async function refusalsShown<T>(
  component: pulumi.Resource,
  tenant: unknown,
  declare: () => Promise<T>,
): Promise<T> {
  // Errors inside an output arrive here.
  if (!process.listeners("unhandledRejection").includes(quickToShow)) {
    process.prependListener("unhandledRejection", quickToShow);
  }
  try {
    return await declare();
  } catch (error) {
    const isRefusal = error instanceof Refusal || error instanceof GraphError;
    if (isRefusal) writeRefusal(error.message, tenant);
    throw quickToShow(isRefusal ? new pulumi.ResourceError(error.message, component, true) : error);
  }
}

/**
 * The SDK inspects an error that ends the program, together with the whole stack's promise, which takes 10 seconds to
 * minutes. A custom `inspect` avoids that.
 */
function quickToShow(error: unknown): unknown {
  if (error instanceof Error) {
    Object.defineProperty(error, inspect.custom, { value: () => error.stack ?? error.message, configurable: true });
  }
  return error;
}

/**
 * Ends an `up` with a refused plan before any resource is declared. Each row refuses too, but the engine reaches rows
 * in its own order, or with --target not at all, and other rows might already have been written.
 *
 * @throws {Refusal} with all reasons
 */
export function refuseBeforeWriting({ groups, waves }: MigrationPlan): void {
  if (pulumi.runtime.isDryRun()) return;
  const refusals = new Set([...groups, ...waves].flatMap(({ refusal }) => refusal ?? []));
  if (refusals.size > 0) throw new Refusal([...refusals].join("\n"));
}
