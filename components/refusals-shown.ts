import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { GraphError } from "../graph/client/failure";
import { Refusal } from "../licensing/refusal";
import { writeRefusal } from "./plan-file";

/** Runs the program so that a refusal is shown as what it says, without the stack trace of a bug. */
export async function refusalsShown<T>(program: () => Promise<T>): Promise<T> {
  // What goes wrong in an output comes this way.
  process.prependListener("unhandledRejection", quickToShow);
  try {
    return await program();
  } catch (error) {
    const isRefusal = error instanceof Refusal || error instanceof GraphError;
    if (isRefusal) writeRefusal(error.message);
    throw quickToShow(isRefusal ? new pulumi.RunError(error.message) : error);
  }
}

/**
 * The SDK inspects an error that ends the program, and hangs the promise of the whole stack on it first: a walk over
 * everything in memory that takes from 10 seconds to minutes. An error that says how it is shown is not walked.
 */
function quickToShow(error: unknown): unknown {
  if (error instanceof Error) {
    Object.defineProperty(error, inspect.custom, { value: () => error.stack ?? error.message, configurable: true });
  }
  return error;
}
