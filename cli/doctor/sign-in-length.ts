import type { TenantReads } from "../../graph/tenant-graph";
import { LOGIN_OF_PIPELINE, LONGER_SIGN_IN, formatReach, signInReach } from "../../tenant/sign-in-reach";
import { warn, type Check } from "./check";

/** Warns if a sign-in that can't be renewed would expire before the run ends. */
export async function signInLengthChecks(
  graph: Pick<TenantReads, "tokenEndsAtMs" | "writesAhead">,
  env: NodeJS.ProcessEnv,
  nowMs: number,
): Promise<readonly Check[]> {
  const reach = await signInReach(graph, env, nowMs);
  if (reach === null) return [];
  return [warn(`sign-in: it is ${LOGIN_OF_PIPELINE}; ${formatReach(reach)}`, LONGER_SIGN_IN)];
}
