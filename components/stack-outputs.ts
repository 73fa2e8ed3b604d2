import * as pulumi from "@pulumi/pulumi";
import type { VerifiedGroup } from "../dynamic-providers/gate/gate";
import type { Catalog } from "../licensing/catalog/catalog";
import type { GroupPlan } from "../licensing/plan/group-plan";
import type { MigrationPlan, WavePlan } from "../licensing/plan/plan";
import type { Dependents } from "../licensing/loss/dependents";
import { formatLicenses } from "../licensing/license-patterns";
import { formatProblem } from "../licensing/inheritance/inheritance";
import { addCounts, negated, countByName, type CountsByName } from "../licensing/counts";
import type { LicenseMigration } from "./license-migration";
import type { LicenseWave, MoveOutput } from "./license-wave";

export interface GroupOutput {
  readonly id: string;
  readonly licenses: string;
  readonly processingState: string | null;
  readonly members: number;
  /** Members without all that the group gives, by problem. */
  readonly errors: CountsByName;
  /** Members that would lose a plan without the stack's groups; while there are any, the group is not released. */
  readonly dependents: DependentsOutput;
}

/** Users and plans are named once all waves are rolled back: before, most members depend on the group, as they should. */
interface DependentsOutput {
  readonly users: number;
  /** Ids, ten at most; a text, since the engine prints each item of a list on a row of its own. */
  readonly first?: string;
  readonly plans?: string;
}

export interface WaveOutput {
  /** Direct assignments that were removed, by SKU. */
  readonly removed: CountsByName;
  /** Direct assignments still to be removed, by SKU. */
  readonly pending: CountsByName;
  /** Direct assignments that stay, by reason. */
  readonly blocked: CountsByName;
  /** Users that go from group to group, by move: `E3 users → E5 users`. Absent without `licensing:moves`. */
  readonly moves?: Readonly<Record<string, MoveOutput>>;
  readonly doneAt: string | null;
}

/** What `pulumi stack output` shows: the groups and the waves, by name. */
export interface StackOutputs {
  readonly groups: Readonly<Record<string, pulumi.Output<GroupOutput>>>;
  readonly waves: Readonly<Record<string, pulumi.Output<WaveOutput>>>;
}

export function stackOutputs(plan: MigrationPlan, migration: LicenseMigration, catalog: Catalog): StackOutputs {
  return {
    groups: Object.fromEntries(
      plan.groups.map((group) => [group.declared.name, groupOutput(group, plan, migration, catalog)]),
    ),
    waves: Object.fromEntries(
      plan.waves.flatMap((wave, index) => {
        const made = migration.waves[index];
        return made === undefined ? [] : [[wave.name, waveOutput(wave, made, catalog)]];
      }),
    ),
  };
}

/** The group as the plan found it, or as the gate found it if this run changes its licences. */
function groupOutput(
  { declared, now, members, problems, dependentsLater }: GroupPlan,
  plan: MigrationPlan,
  { verified, madeIds }: LicenseMigration,
  catalog: Catalog,
): pulumi.Output<GroupOutput> {
  const given = {
    id: madeIds.idOf(declared),
    licenses: formatLicenses(declared.licenses, catalog),
    dependents: dependentsOutput(dependentsLater, isRolledBack(plan), catalog),
  };
  const planned = {
    ...given,
    processingState: now.processingState,
    members,
    errors: countByName(problems.map((problem) => formatProblem(problem, catalog))),
  };
  if (!plan.predicted) return pulumi.output(planned);
  return verified.apply((groups?: Readonly<Record<string, VerifiedGroup>>) => {
    // A gate that --target excludes has no outputs.
    const found = groups?.[declared.name];
    if (found === undefined) return pulumi.output(planned);
    return pulumi.output({
      ...given,
      processingState: found.processingState,
      members: found.members,
      errors: found.errors,
    });
  });
}

function dependentsOutput({ users, first, plans }: Dependents, isNamed: boolean, catalog: Catalog): DependentsOutput {
  if (users === 0 || !isNamed) return { users };
  const names = [...new Set(plans.map(({ planId }) => catalog.planName(planId)))].sort();
  return { users, first: first.join(", "), plans: names.join(", ") };
}

/** All waves, and nothing is left to put back. */
function isRolledBack({ waves }: MigrationPlan): boolean {
  return waves.every(({ mode, slices }) => mode === "restore" && slices.every(({ restores }) => restores.length === 0));
}

function waveOutput({ recorded, mode }: WavePlan, { state }: LicenseWave, catalog: Catalog): pulumi.Output<WaveOutput> {
  const all = Object.fromEntries(Object.entries(recorded).map(([skuId, count]) => [catalog.skuName(skuId), count]));
  return state.apply(({ pending, blocked, blockedBySku, notRestoredBySku, moves, doneAt }) => ({
    removed: mode === "restore" ? notRestoredBySku : addCounts([all, negated(pending), negated(blockedBySku)]),
    pending,
    blocked,
    ...(Object.keys(moves).length > 0 && { moves }),
    doneAt,
  }));
}
