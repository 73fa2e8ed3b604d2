import { isLoginOfPipeline, type TenantGraph } from "../../graph/tenant-graph";
import { thousands } from "../../licensing/tally";
import { warn, type Check } from "./check";

/** How far a run comes with a sign-in that can't be renewed: one write for each user, at the pace of the stack. */
export async function signInLengthChecks(
  graph: Pick<TenantGraph, "tokenEndsAtMs" | "writesAhead">,
  env: NodeJS.ProcessEnv,
  nowMs: number,
): Promise<readonly Check[]> {
  if (!isLoginOfPipeline(env)) return [];
  const endsAtMs = await graph.tokenEndsAtMs();
  const what =
    "sign-in: it is the az login of this pipeline, which can't be renewed when its token is a federated one (AADSTS700024)";
  const seconds = endsAtMs === null ? null : Math.max(0, Math.floor((endsAtMs - nowMs) / 1_000));
  const { atOnce, perSecond } = graph.writesAhead();
  const reach =
    seconds === null
      ? "; its token does not say how long it lasts"
      : `; its token lasts ${Math.floor(seconds / 60)} min, time for about ${thousands(Math.floor(atOnce + seconds * perSecond))} users at this pace`;
  return [
    warn(
      `${what}${reach}`,
      "On Azure DevOps give the task SYSTEM_ACCESSTOKEN, on GitHub use no azure/login: docs/pull-requests.md. Or apply in smaller waves.",
    ),
  ];
}
