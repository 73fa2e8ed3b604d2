import * as pulumi from "@pulumi/pulumi";
import { connectForReading, CREDENTIALS_PREFIX, signInEnvironment, type GraphConnection } from "../graph/tenant-graph";
import { planDocument } from "../licensing/plan-document/plan-document";
import { planMigration } from "../licensing/plan/plan-migration";
import { mistakesAboutStartedWaves } from "../licensing/plan/started-waves";
import { Refusal } from "../licensing/refusal";
import { LOGICAL_NAME, LOGICAL_NAME_RULE } from "../licensing/stack-file/logical-name";
import { readDeclaration, type WrittenDeclaration } from "../licensing/stack-file/reading";
import type { StackFile } from "../licensing/stack-file/stack-file";
import { permissionWarnings } from "../tenant/missing-permissions";
import { readRun } from "../tenant/read-run";
import { signInReach, signInWarnings } from "../tenant/sign-in-reach";
import { LicenseMigration } from "./license-migration";
import { licensingGroups } from "./licensing-groups";
import { readOwnRecord } from "./own-record";
import { writePlanFile } from "./plan-file";
import { refusalsShown, refuseBeforeWriting } from "./refusals";
import { urnOf } from "./row";
import { besideStackFile } from "./stack-folder";
import { stackOutputs, type GroupOutput, type StackOutputs, type WaveOutput } from "./stack-outputs";
import { claimTenant } from "./tenants-of-run";

export type { GroupOutput, StackOutputs, WaveOutput } from "./stack-outputs";

/** The keys of a stack file without `licensing:`, with the same values and defaults: docs/stack-file.md. */
export interface GroupLicensingArgs extends WrittenDeclaration {
  /**
   * Begins the names of the variables that sign in to this tenant: with `FABRIKAM_`, `FABRIKAM_AZURE_CLIENT_ID` and
   * `FABRIKAM_AZURE_CLIENT_SECRET`. Then nothing else signs in. Default: the environment as it is, and `az login`.
   */
  readonly credentialsPrefix?: string;
}

/**
 * Moves the users of one tenant from direct licences to licences inherited from groups, in waves, as far as
 * `applyThrough` allows. A preview only reads; a declaration that does not fit the tenant is refused before any write.
 */
export class GroupLicensing extends pulumi.ComponentResource<StackOutputs> {
  /** By logical name. */
  readonly groups: pulumi.Output<Readonly<Record<string, GroupOutput>>>;
  /** By name. */
  readonly waves: pulumi.Output<Readonly<Record<string, WaveOutput>>>;
  /** The same with an output for each, so that in a preview one unknown does not hide the others. */
  readonly byName: Promise<StackOutputs>;
  readonly #name: string;
  readonly #args: GroupLicensingArgs;

  constructor(name: string, args: GroupLicensingArgs, options: pulumi.ComponentResourceOptions = {}) {
    // Without the arguments, which Pulumi would keep in the state: they name users.
    super(typeOf(name), name, {}, options);
    this.#name = name;
    this.#args = args;
    this.byName = this.getData();
    this.groups = pulumi.output(this.byName.then(({ groups }) => groups));
    this.waves = pulumi.output(this.byName.then(({ waves }) => waves));
  }

  protected override async initialize(): Promise<StackOutputs> {
    // Pulumi calls this inside `super`, before the fields have their values.
    await Promise.resolve();
    return refusalsShown(this, this.#args.tenant, () => this.#declare());
  }

  /** Read, plan, declare. */
  async #declare(): Promise<StackOutputs> {
    const { connection, stackFile } = validated(this.#args);
    const { tenant, timeouts, showNames } = stackFile;
    const graph = connectForReading(connection);
    const shown = showNames || showsNamesOnce();
    const { input, catalog, tenantId, names, reprocess, ...read } = await readRun(
      graph,
      { ...stackFile, showNames: shown },
      readOwnRecord(urnOf(this)),
    );
    claimTenant(tenantId, this.#name);

    const plan = planMigration(input);
    const mistakes = mistakesAboutStartedWaves(input.waves, input.record, plan.groups);
    if (mistakes.length > 0) throw Refusal.ofMistakes(mistakes);
    const reach = await signInReach(graph, signInEnvironment(connection.credentialsPrefix), Date.now());
    const ofPermissions = await permissionWarnings(graph, !pulumi.runtime.isDryRun());
    const warnings = [...read.warnings, ...signInWarnings(reach, plan.waves), ...ofPermissions];
    writePlanFile(() => planDocument({ stack: pulumi.getStack(), tenant, input, plan, warnings, showNames: shown }));
    refuseBeforeWriting(plan);

    const { own, people } = input;
    const shared = { connection, timeouts, people };
    const groups = licensingGroups(plan, { ...shared, catalog, own, tenantId, names, parent: this });
    const args = { ...shared, plan, snapshot: input.snapshot, groups, warnings, showNames, reprocess };
    return stackOutputs(plan, new LicenseMigration("migration", args, { parent: this }), catalog);
  }
}

/** `--names`: in previews alone, because what an `up` says may stay in the state. */
function showsNamesOnce(): boolean {
  return pulumi.runtime.isDryRun() && process.env["LICENSING_SHOW_NAMES"] === "true";
}

/**
 * The type holds the name, and so do the URNs of all rows within: two components have their own waves "canary", and
 * each finds its own record in the state.
 */
function typeOf(name: string): string {
  if (!LOGICAL_NAME.test(name))
    throw new pulumi.RunError(`The name of a GroupLicensing, "${name}", ${LOGICAL_NAME_RULE}.`);
  return `licensing:${name}:GroupLicensing`;
}

/** @throws {Refusal} with all mistakes in what is written */
function validated({ credentialsPrefix, ...written }: GroupLicensingArgs): {
  readonly connection: GraphConnection;
  readonly stackFile: StackFile;
} {
  const reading = readDeclaration(written, besideStackFile());
  if (!reading.ok) throw Refusal.ofMistakes(reading.mistakes);
  const { stackFile } = reading;
  const { cloud, tenant, pace } = stackFile;
  // The default pace is not stored in resources, so that it can change without changing them.
  const connection = { cloud, tenant, ...(pace === null ? {} : { pace }) };
  if (credentialsPrefix === undefined) return { connection, stackFile };
  if (!CREDENTIALS_PREFIX.test(credentialsPrefix)) {
    throw new Refusal(
      `credentialsPrefix "${credentialsPrefix}" begins no name of an environment variable: write letters, digits and "_", such as "FABRIKAM_". Nothing was changed.`,
    );
  }
  const made = stackFile.groups.filter((group) => "create" in group).map(({ name }) => name);
  if (made.length > 0) {
    throw new Refusal(
      `${made.join(", ")} cannot be created with credentialsPrefix: the azuread plugin signs in by ARM_ variables, which are those of one tenant. ` +
        "Create the group elsewhere and write existing. Nothing was changed.",
    );
  }
  return { connection: { ...connection, credentialsPrefix }, stackFile };
}
