import * as pulumi from "@pulumi/pulumi";
import { GraphError } from "../graph/failure";
import { Refusal } from "../tenant/refusal";

/** Runs the program so that a refusal is shown as what it says, without the stack trace of a bug. */
export async function refusalsShown<T>(program: () => Promise<T>): Promise<T> {
  try {
    return await program();
  } catch (error) {
    if (error instanceof Refusal || error instanceof GraphError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
