import * as pulumi from "@pulumi/pulumi";
import { DirectLicenseDebts, debtsInputs } from "../dynamic-providers/direct-license-debts";
import { endedLines, owedLines } from "../licensing/plan/debt-words";
import { DirectLicenseBaseline, baselineInputs } from "../dynamic-providers/direct-license-baseline";
import { ReleaseCheck } from "../dynamic-providers/release-check";
import { VerifiedInheritance } from "../dynamic-providers/verified-inheritance";
import type { VerifiedGroup } from "../dynamic-providers/gate/gate";
import type { GraphConnection } from "../graph/tenant-graph";
import { formatAddedPlan } from "../licensing/drift/added-plans";
import { skusInScope } from "../licensing/declaration";
import { withNames } from "../licensing/loss/loss";
import { driftLines } from "../licensing/drift/drift-words";
import { departureWarning } from "../licensing/drift/departure-words";
import { formatLacking, namesOfLacking } from "../licensing/drift/lacking";
import { formatLostRecord } from "../licensing/drift/lost-record";
import type { People } from "../licensing/people";
import { groupsOfGate, isBeforeGate, type GroupPlan } from "../licensing/plan/group-plan";
import { formatDirectMoves, directMovesOf } from "../licensing/plan/direct-moves";
import type { MigrationPlan } from "../licensing/plan/plan";
import { isAboutGroup } from "../licensing/preflight/finding-words";
import { failingAmong, failingDigest } from "../licensing/inheritance/reprocessing";
import { nestedUsersOf, type TenantSnapshot } from "../licensing/snapshot";
import type { Timeouts } from "../licensing/stack-file/stack-file";
import { counted } from "../licensing/counts";
import { formatUndeclared } from "../licensing/drift/undeclared-licenses";
import { declareTakeOffs } from "./take-off";
import { MadeIds } from "./made-ids";
import { LicenseWave } from "./license-wave";
import type { LicensingGroup } from "./licensing-group";
import { log, plainUrn, tellFindings, within } from "./row";

export interface LicenseMigrationArgs {
  readonly connection: GraphConnection;
  readonly plan: MigrationPlan;
  readonly snapshot: TenantSnapshot;
  readonly groups: readonly LicensingGroup[];
  readonly timeouts: Timeouts;
  readonly warnings: readonly string[];
  readonly people: People;
  /** See `StackFile.showNames`. */
  readonly showNames: boolean;
  /** See `GateInputs.reprocess`. */
  readonly reprocess: boolean;
}

/** The migration from direct to inherited licences: the gate, the baseline, then the waves in order. */
export class LicenseMigration extends pulumi.ComponentResource {
  readonly verified: pulumi.Output<Readonly<Record<string, VerifiedGroup>>>;
  readonly waves: readonly LicenseWave[];
  readonly madeIds: MadeIds;

  constructor(name: string, args: LicenseMigrationArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("licensing:index:LicenseMigration", name, {}, options);
    const { connection, plan, snapshot, timeouts } = args;

    const madeIds = MadeIds.of(plan.groups.map(({ declared }, index) => [declared, args.groups[index]]));
    this.madeIds = madeIds;
    const debts = declareDebts(this);
    const licenses = args.groups.map((group) => group.license);
    const isFirst = plan.groups.filter(isBeforeGate);
    const swaps = takeOffsOf(isFirst, this, licenses);
    const gate = declareGate(this);
    const ofBaseline = baselineInputs(connection, plan, skusInScope(snapshot.declared), snapshot.catalog);
    const others = plan.groups.filter((group) => !isFirst.includes(group));
    const takeOffs = [...swaps, ...takeOffsOf(others, this, [...licenses, gate])];
    const baseline = declareBaseline(this);
    this.verified = gate.verified;
    this.waves = declareWaves(this);
    declareReleaseCheck(this);
    say(this);
    this.registerOutputs({});

    function takeOffsOf(plans: readonly GroupPlan[], parent: LicenseMigration, dependsOn: readonly pulumi.Resource[]) {
      const idOf = ({ declared }: GroupPlan) => madeIds.idOf(declared);
      const rowArgs = { connection, catalog: snapshot.catalog, timeouts, idOf };
      return declareTakeOffs(plans, rowArgs, { parent, dependsOn: [...dependsOn] });
    }

    /** Before any removal, and independent of groups and gate. */
    function declareDebts(parent: LicenseMigration): readonly DirectLicenseDebts[] {
      if (!plan.keepsDebts) return [];
      const inputs = {
        ...debtsInputs(connection, plan.debts, snapshot.catalog, timeouts),
        __urn: plainUrn("debts", "DirectLicenseDebts", parent) as unknown as string,
      };
      return [new DirectLicenseDebts("debts", inputs, within(parent))];
    }

    function declareGate(parent: LicenseMigration): VerifiedInheritance {
      return new VerifiedInheritance(
        "inheritance",
        {
          connection,
          // A SKU that goes off a group after the gate is still there.
          groups: madeIds.in(groupsOfGate(plan.groups)),
          timeouts,
          digest: plan.inheritanceDigest ?? "",
          lostSubscriptions: plan.lostSubscriptions,
          acceptLoss: withNames(plan.accepted, snapshot.catalog),
          successors: snapshot.catalog.namedSuccessors(),
          moveLast: Object.fromEntries(plan.moveLast),
          reprocess: args.reprocess,
          __failing: failingDigest(failingAmong(plan.groups.flatMap(({ problems }) => problems)), snapshot.catalog),
          __urn: plainUrn("inheritance", "VerifiedInheritance", parent) as unknown as string,
        },
        { ...within(parent), dependsOn: [...licenses, ...swaps] },
      );
    }

    function declareBaseline(parent: LicenseMigration): DirectLicenseBaseline {
      return new DirectLicenseBaseline("baseline", ofBaseline, {
        ...within(parent),
        dependsOn: [gate],
        protect: plan.isProtected,
      });
    }

    function declareWaves(parent: LicenseMigration): readonly LicenseWave[] {
      const nestedUsers = nestedUsersOf(snapshot);
      const { moveLast, inError } = plan;
      const made: LicenseWave[] = [];
      for (const wave of plan.waves) {
        // A rollback takes nothing from users, and must work while groups or the gate fail.
        const after = wave.mode === "restore" ? debts : [...debts, baseline, ...takeOffs, ...(made.at(-1)?.last ?? [])];
        const waveArgs = {
          ...args,
          plan: wave,
          predicted: plan.predicted,
          isProtected: plan.isProtected,
          memberships: plan.memberships,
          nestedUsers,
          inError,
          moveLast,
          accepted: plan.accepted,
          baselineDigest: ofBaseline.digest,
          madeIds,
        };
        made.push(new LicenseWave(wave.name, { ...waveArgs, after }, within(parent)));
      }
      return made;
    }

    /** Behind all rows, so that a destroy begins with it. */
    function declareReleaseCheck(parent: LicenseMigration): void {
      const rows = [...args.groups.map(({ license }) => license), ...debts, gate, ...takeOffs, baseline];
      const inputs = {
        connection,
        groups: madeIds.in(snapshot.declared),
        acceptLoss: withNames(plan.accepted, snapshot.catalog),
        __urn: plainUrn("release", "ReleaseCheck", parent) as unknown as string,
      };
      const dependsOn = [...rows, ...parent.waves.flatMap(({ last }) => last)];
      new ReleaseCheck("release", inputs, { ...within(parent), dependsOn, protect: plan.isProtected });
    }

    function say(component: LicenseMigration): void {
      const owed = owedLines(plan.debts, snapshot, args.people);
      for (const warning of [...owed, ...args.warnings, ...changedSince()]) void pulumi.log.warn(warning, component);
      const ofNoGroup = plan.findings.filter(
        (finding) => !snapshot.declared.some(({ name }) => isAboutGroup(finding, name)),
      );
      void tellFindings(component, ofNoGroup, args.people);
      if (plan.inheritingWithoutRecord > 0) {
        void pulumi.log.info(formatLostRecord(plan.inheritingWithoutRecord), component);
      }
      const moves = plan.waves.length === 0 ? "" : formatDirectMoves(directMovesOf(plan));
      if (moves !== "") void log(component, `${plan.predicted ? "(predicted) " : ""}${moves}`);
      const left = departureWarning(plan);
      if (left !== null) void pulumi.log.warn(left, component);
      for (const line of endedLines(plan.debts, args.people)) void pulumi.log.info(line, component);
      for (const each of plan.lacking) {
        void pulumi.log.warn(formatLacking(namesOfLacking(each, snapshot.catalog), args.people), component);
      }
      if (plan.departures.length > 0) {
        const left = `${counted(plan.departures.length, "user")} on record left their licensing group since, or were deleted, and their licence ended with that.`;
        void pulumi.log.info(left, component);
      }
      if (plan.inNoWave > 0 && plan.waves.length > 0) {
        const left = `${counted(plan.inNoWave, "user with a direct licence to move is", "users with a direct licence to move are")} in no wave: add a last wave with percent: 100.`;
        void pulumi.log.warn(left, component);
      }
    }

    /** Changes by others, including Microsoft, since the last run. */
    function changedSince(): readonly string[] {
      const { catalog } = snapshot;
      const groups = new Map(snapshot.declared.map((group) => [group.name, group]));
      const added = plan.addedPlans.flatMap((each) => {
        const group = groups.get(each.group);
        return group === undefined ? [] : [formatAddedPlan(each, group, catalog)];
      });
      const undeclared = plan.undeclared.map((each) => formatUndeclared(each, catalog));
      return [...driftLines(plan.drift, catalog, args.people), ...added, ...undeclared];
    }
  }
}
