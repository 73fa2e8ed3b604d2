import { baselineInputs } from "../../../dynamic-providers/direct-license-baseline";
import { removalInputs, type RemovalInputs } from "../../../dynamic-providers/removal/removal-inputs";
import { removalOutputs } from "../../../dynamic-providers/removal/removal-outputs";
import type { GraphConnection } from "../../../graph/tenant-graph";
import type { BaselineState } from "../../../licensing/record/baseline";
import { skusInScope } from "../../../licensing/declaration";
import { returnedLicenses } from "../../../licensing/drift/drift";
import { driftLines } from "../../../licensing/drift/drift-words";
import { licensesAfterRun } from "../../../licensing/record/licenses-after";
import { membersInError } from "../../../licensing/inheritance/members-in-error";
import { byName } from "../../../licensing/people";
import type { MigrationPlan, PlanInput, SlicePlan } from "../../../licensing/plan/plan";
import { planMigration } from "../../../licensing/plan/plan-migration";
import { planDifferences } from "../../../licensing/plan-document/differences";
import { planDocument } from "../../../licensing/plan-document/plan-document";
import { blockedLines } from "../../../licensing/plan/blocked-words";
import { formatGroup } from "../../../licensing/plan/group-words";
import { namesOf } from "../../../licensing/plan/names-of";
import { formatWave } from "../../../licensing/plan/wave-words";
import { recordOf, type SliceOutputs, type StackRecord } from "../../../licensing/record/record";
import { nestedUsersOf, type TenantSnapshot } from "../../../licensing/snapshot";
import type { WaveSpec } from "../../../licensing/stack-file/stack-file";
import { mistakesAboutStartedWaves } from "../../../licensing/plan/started-waves";

const NOON = Date.parse("2026-11-02T12:00:00Z");
const CONNECTION: GraphConnection = { cloud: "global", tenant: "contoso.com" };

/** What a stack's state holds of earlier runs. */
export interface State {
  readonly baselines: readonly BaselineState[];
  readonly slices: readonly SliceOutputs[];
}

/** A part of a wave, and the inputs of its resource. */
interface Row {
  readonly slice: SlicePlan;
  readonly inputs: RemovalInputs;
}

/** What a run of the program decides and says, part by part and in its order, without the reading before and the engine around it. */
export class OneRun {
  constructor(
    private readonly snapshot: TenantSnapshot,
    private readonly waves: readonly WaveSpec[],
    private readonly before: State = { baselines: [], slices: [] },
  ) {}

  record(): StackRecord {
    return recordOf({ ...this.before, groupLicenses: [] });
  }

  input(record: StackRecord): PlanInput {
    const { snapshot, waves } = this;
    const at = new Date(NOON).toISOString();
    const changes = returnedLicenses(snapshot, record).map(({ userId }) => ({ userId, at, actor: "a script" }));
    return {
      snapshot,
      waves,
      named: new Map(),
      moveLast: new Map(),
      applyThrough: waves.at(-1)?.name ?? null,
      record,
      auditLog: { changes, fromMs: 0, readAtMs: NOON, gap: null },
      accepted: [],
      after: licensesAfterRun(snapshot, record),
      country: "CH",
      people: byName(snapshot.users),
      nowMs: NOON,
    };
  }

  plan(input: PlanInput): MigrationPlan {
    const plan = planMigration(input);
    mistakesAboutStartedWaves(input.waves, input.record, plan.groups);
    return plan;
  }

  /** The plan as files have it, and compared with one that was reviewed. */
  document(input: PlanInput, plan: MigrationPlan): void {
    const document = planDocument({
      stack: "large",
      tenant: "contoso.com",
      input,
      plan,
      warnings: [],
      showNames: true,
    });
    planDifferences(document, document);
  }

  /** What a preview says, and the inputs of the resources that do the work. */
  rows(plan: MigrationPlan): readonly Row[] {
    const { snapshot } = this;
    const { catalog } = snapshot;
    const people = byName(snapshot.users);
    const surroundings = {
      connection: CONNECTION,
      snapshot,
      nestedUsers: nestedUsersOf(snapshot),
      inError: membersInError(snapshot),
      moveLast: plan.moveLast,
      baselineDigest: "",
      timeouts: { processingMs: 0, inheritanceMs: 0, settleMs: 0, putBackMs: 900_000 },
      showNames: true,
    };
    for (const group of plan.groups) formatGroup(group, catalog);
    driftLines(plan.drift, catalog, people);
    return plan.waves.flatMap((wave) => {
      const blocked = wave.slices.flatMap((slice) => slice.blocked);
      formatWave(wave, catalog, plan.predicted);
      blockedLines(blocked, namesOf(snapshot), catalog, people);
      return wave.slices.map((slice) => ({
        slice,
        inputs: { ...removalInputs(wave, slice, surroundings), __urn: "" },
      }));
    });
  }

  /** What the resources leave in the state when all goes as planned. */
  state(plan: MigrationPlan, rows: readonly Row[]): State {
    const { declared, catalog } = this.snapshot;
    const baseline = baselineInputs(CONNECTION, plan, skusInScope(declared), catalog);
    return {
      baselines: [{ ...baseline, __entries: baseline.__lists.entries, __departed: [] }],
      slices: rows.map(({ slice: { removals: removed, blocked }, inputs }) => {
        const users = [...new Set([...removed, ...blocked].map(({ userId }) => userId))];
        const result = {
          removed,
          blocked,
          refused: [],
          pending: [],
          gone: [],
          owed: [],
          lookedAt: users.length,
          halt: null,
        };
        return removalOutputs(inputs, null, result, users, catalog, NOON, NOON);
      }),
    };
  }
}
