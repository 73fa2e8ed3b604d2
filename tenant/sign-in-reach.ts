import { isLoginOfPipeline, type TenantReads } from "../graph/tenant-graph";
import type { WavePlan } from "../licensing/plan/plan";
import { counted, thousands } from "../licensing/counts";
import { formatRoundedDuration } from "../licensing/duration";

/** How many users a run can write to with a sign-in that cannot be renewed, at the pace of the stack. */
export interface SignInReach {
  /** `null` if the token does not say when it expires. */
  readonly lasts: { readonly seconds: number; readonly users: number } | null;
  readonly secondsFor: (users: number) => number;
}

/** @returns `null` if the sign-in can be renewed */
export async function signInReach(
  graph: Pick<TenantReads, "tokenEndsAtMs" | "writesAhead">,
  env: NodeJS.ProcessEnv,
  nowMs: number,
): Promise<SignInReach | null> {
  if (!isLoginOfPipeline(env)) return null;
  const endsAtMs = await graph.tokenEndsAtMs();
  const { atOnce, perSecond } = graph.writesAhead();
  const secondsFor = (users: number) => Math.ceil(Math.max(0, users - atOnce) / perSecond);
  if (endsAtMs === null) return { lasts: null, secondsFor };
  const seconds = Math.max(0, Math.floor((endsAtMs - nowMs) / 1_000));
  return { lasts: { seconds, users: Math.floor(atOnce + seconds * perSecond) }, secondsFor };
}

/** Follows "it is" or "this run signs in by". */
export const LOGIN_OF_PIPELINE =
  "the az login of this pipeline, which can't be renewed when its token is a federated one (AADSTS700024)";

export const LONGER_SIGN_IN =
  "On Azure DevOps give the task SYSTEM_ACCESSTOKEN, on GitHub use no azure/login: docs/pull-requests.md. Or apply in smaller waves.";

export function formatReach({ lasts }: SignInReach): string {
  if (lasts === null) return "its token does not say how long it lasts";
  return `its token lasts ${formatRoundedDuration(60_000 * Math.floor(lasts.seconds / 60))}, time for about ${counted(lasts.users, "user")} at this pace`;
}

/** Warns of a run that writes to more users than its sign-in has time for. */
export function signInWarnings(reach: SignInReach | null, waves: readonly WavePlan[]): readonly string[] {
  const users = usersOf(waves);
  if (reach === null || users === 0 || (reach.lasts !== null && users <= reach.lasts.users)) return [];
  return [
    `This run signs in by ${LOGIN_OF_PIPELINE}. It is to change the licences of ${thousands(users)} users, which takes about ${formatRoundedDuration(1_000 * reach.secondsFor(users))}; ` +
      `${formatReach(reach)}. ${LONGER_SIGN_IN}`,
  ];
}

/** Number of users that this run's waves write to. */
function usersOf(waves: readonly WavePlan[]): number {
  const slices = waves.filter(({ hold }) => hold === null).flatMap((wave) => wave.slices);
  return new Set(slices.flatMap(({ removals, restores }) => [...removals, ...restores].map(({ userId }) => userId)))
    .size;
}
