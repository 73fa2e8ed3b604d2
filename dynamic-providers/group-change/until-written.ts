import { failureOf, GraphError } from "../../graph/client/failure";
import type { WriteOutcome } from "../../graph/tenant-graph";
import { PATIENT } from "../writing/patience";
import { failureIn, untilClear } from "../writing/until-clear";
import type { Row } from "../writing/waits";

/**
 * Repeats an attempt until it is done. Each attempt must read and check again: it may take plans away, and an earlier
 * one may have taken effect although its answer was lost.
 *
 * @returns the reason to stop; `null` if done
 * @throws {GraphError} if it fails for good
 */
export async function untilWritten(row: Row, attempt: () => Promise<void>): Promise<string | null> {
  const one = "the group";
  const send = async (): Promise<ReadonlyMap<string, WriteOutcome>> => {
    try {
      await attempt();
      return new Map([[one, { kind: "done" }]]);
    } catch (error) {
      return new Map([[one, { kind: "failed", failure: failureOf(error) }]]);
    }
  };
  const { outcomes, stop } = await untilClear([one], send, row, PATIENT);
  if (stop !== null) return stop;
  const failure = failureIn(outcomes.get(one));
  if (failure !== null) throw new GraphError(failure);
  return null;
}
