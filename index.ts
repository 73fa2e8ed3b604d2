import * as pulumi from "@pulumi/pulumi";
import { LicenseMigration } from "./components/license-migration";
import { licensingGroups } from "./components/licensing-groups";
import { readOwnRecord } from "./components/own-record";
import { writePlanFile } from "./components/plan-file";
import { refusalsShown, refuseBeforeWriting } from "./components/refusals";
import { besideStackFile } from "./components/stack-folder";
import { stackOutputs, type StackOutputs } from "./components/stack-outputs";
import { connectForReading, type GraphConnection } from "./graph/tenant-graph";
import { planDocument } from "./licensing/plan-document/plan-document";
import { planMigration } from "./licensing/plan/plan-migration";
import { mistakesAboutStartedWaves } from "./licensing/plan/started-waves";
import { Refusal } from "./licensing/refusal";
import { readStackFile } from "./licensing/stack-file/reading";
import { permissionWarnings } from "./tenant/missing-permissions";
import { readRun } from "./tenant/read-run";
import { signInReach, signInWarnings } from "./tenant/sign-in-reach";

/** The stack file becomes components and outputs: read, plan, declare. */
async function program(): Promise<StackOutputs> {
  const file = readStackFile(pulumi.runtime.allConfig(), besideStackFile());
  if (!file.ok) throw Refusal.ofMistakes(file.mistakes);
  const { cloud, tenant, pace, timeouts, showNames } = file.stackFile;
  // The default pace is not stored in resources, so that it can change without changing them.
  const connection: GraphConnection = { cloud, tenant, ...(pace === null ? {} : { pace }) };
  const graph = connectForReading(connection);
  const shown = showNames || showsNamesOnce();
  const { input, catalog, tenantId, names, reprocess, ...read } = await readRun(
    graph,
    { ...file.stackFile, showNames: shown },
    readOwnRecord(),
  );

  const plan = planMigration(input);
  const mistakes = mistakesAboutStartedWaves(input.waves, input.record, plan.groups);
  if (mistakes.length > 0) throw Refusal.ofMistakes(mistakes);
  const ofSignIn = signInWarnings(await signInReach(graph, process.env, Date.now()), plan.waves);
  const ofPermissions = await permissionWarnings(graph, !pulumi.runtime.isDryRun());
  const warnings = [...read.warnings, ...ofSignIn, ...ofPermissions];
  writePlanFile(() => planDocument({ stack: pulumi.getStack(), tenant, input, plan, warnings, showNames: shown }));
  refuseBeforeWriting(plan);

  const { own, people } = input;
  const shared = { connection, timeouts, people };
  const groups = licensingGroups(plan, { ...shared, catalog, own, tenantId, names });
  const args = { ...shared, plan, snapshot: input.snapshot, groups, warnings, showNames, reprocess };
  return stackOutputs(plan, new LicenseMigration("migration", args), catalog);
}

/** `--names`: in previews alone, because what an `up` says may stay in the state. */
function showsNamesOnce(): boolean {
  return pulumi.runtime.isDryRun() && process.env["LICENSING_SHOW_NAMES"] === "true";
}

export = () => refusalsShown(program);
