import { TOLERATED_SKEW_MS } from "../../graph/client/limits";
import {
  connectForDiagnosis,
  type ConnectExtra,
  type GraphConnection,
  type TenantReads,
} from "../../graph/tenant-graph";
import { formatSeconds } from "../../licensing/duration";
import { worst } from "../../licensing/verdict";
import { LOGIN_OF_PIPELINE, LONGER_SIGN_IN, formatReach, signInReach } from "../../tenant/sign-in-reach";
import { fail, pass, warn, type Check } from "./check";
import { cloudChecks } from "./cloud-checks";
import { declaredGroups } from "./declared-groups";
import { NO_GROUPS, type GroupWords, type MadeGroups } from "./made-groups";
import { permissionChecks } from "./permission-checks";
import { operationsOf, wantedParts, type Purpose } from "./wanted";

/** Ours: a clock that time synchronisation keeps is right to a second. */
const CLOCK_WARN_MS = 30_000;

/** Checks the cloud, the clock, the sign-in and the permissions. Sends no write. A check that can't be made reports why. */
export async function tenantChecks(
  connection: GraphConnection,
  made: MadeGroups,
  extra: ConnectExtra & { readonly purpose?: Purpose; readonly groups?: GroupWords } = {},
): Promise<readonly Check[]> {
  const graph = connectForDiagnosis(connection, extra);
  const clock = await orWhy("cloud", async () => [
    clockCheck(await graph.clockAheadMs()),
    ...(await cloudChecks(connection, graph)),
  ]);
  const who = await orWhy("sign-in", () => whoChecks(graph));
  // Without a token every other check would fail with the same error.
  if (worst(who.map(({ verdict }) => verdict)) === "fail") return [...clock, ...who];
  const permissions = await orWhy("permissions", async () => {
    const { declared, checks } = await declaredGroups(graph, extra.groups ?? NO_GROUPS);
    const wanted = wantedParts(extra.purpose ?? null, made, declared);
    const signedIn = await graph.signedInAs();
    const probed = await graph.probe(operationsOf(wanted, made), declared);
    return [...checks, ...permissionChecks({ signedIn, probed, made, wanted, declared })];
  });
  const length = await orWhy("sign-in", () => signInLengthChecks(graph, process.env, Date.now()));
  return [...clock, ...who, ...length, ...permissions];
}

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

async function whoChecks(graph: TenantReads): Promise<readonly Check[]> {
  const { as, name, appId } = await graph.signedInAs();
  const who = { app: "the app", user: "the user", unknown: "an identity that the token does not name" }[as];
  const words = [who, name, appId === null ? null : `(${as === "user" ? "through the app " : ""}${appId})`];
  const { verdict, reason } = await graph.checkTenant();
  return [
    pass(`sign-in: as ${words.filter((word) => word !== null).join(" ")}`),
    verdict === "pass"
      ? pass(`tenant: ${reason}`)
      : fail(
          `tenant: ${reason}`,
          "Sign in to the right tenant (AZURE_TENANT_ID, az login --tenant …), or correct licensing:tenant.",
        ),
  ];
}

function clockCheck(aheadMs: number | null): Check {
  if (aheadMs === null) return warn("clock: Graph does not tell its time");
  const words = `clock: ${formatSeconds(Math.abs(aheadMs))} ${aheadMs < 0 ? "behind" : "ahead of"} Graph's`;
  const remedy =
    "Set this machine's clock (timedatectl set-ntp true): sign-in fails when it is far off. Soaks are counted by Graph's clock.";
  if (Math.abs(aheadMs) >= TOLERATED_SKEW_MS) return fail(words, remedy);
  return Math.abs(aheadMs) >= CLOCK_WARN_MS ? warn(words, remedy) : pass(words);
}

async function orWhy(what: string, look: () => Promise<readonly Check[]>): Promise<readonly Check[]> {
  try {
    return await look();
  } catch (error) {
    return [fail(`${what}: ${error instanceof Error ? error.message : String(error)}`)];
  }
}
