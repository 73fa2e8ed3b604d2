import { failureOf, GraphError } from "../../graph/client/failure";
import type { WriteOutcome } from "../../graph/tenant-graph";
import { PATIENT } from "../writing/patience";
import { failureIn, untilClear } from "../writing/until-clear";
import type { Row } from "../writing/waits";

/**
 * Each attempt looks and judges anew, because it may take plans away, and the one before it may have been done though its answer was lost.
 *
 * @returns why the run is to stop; `null`: it is done
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
