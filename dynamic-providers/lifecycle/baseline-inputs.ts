import type { GraphConnection } from "../../graph/tenant-graph";
import { baselineDigest, packBaseline, type Baseline, type BaselinePattern } from "../../licensing/record/baseline";
import type { Catalog } from "../../licensing/catalog/catalog";
import { packIds, packPairs, type PackedPairs } from "../../licensing/record/compact-ids";
import type { BegunWave } from "../../licensing/record/interrupted-removals";
import type { Guid } from "../../licensing/model";
import type { MigrationPlan } from "../../licensing/plan/plan";
import { countByName, type CountsByName } from "../../licensing/counts";

/**
 * Recorded and current direct assignments together, so that a finished wave changes no inputs and a saved plan stays
 * valid.
 */
export interface BaselineInputs {
  readonly connection: GraphConnection;
  readonly names: Readonly<Record<Guid, string>>;
  readonly users: number;
  /** By SKU. */
  readonly assignments: CountsByName;
  /** Digest of `__lists`. */
  readonly digest: string;
  readonly __lists: {
    readonly entries: readonly BaselinePattern[];
    /** All users that left their group, see `packIds`. */
    readonly departed: string;
    /** See `MigrationPlan.begun`. */
    readonly begun: readonly (Omit<BegunWave, "pairs"> & { readonly pairs: PackedPairs })[];
  };
  /** Moved users that left their group since the last acknowledgement, by group. */
  readonly departed: CountsByName;
  /** Departures must be recorded, or need a person's attention. */
  readonly departuresAreDue: boolean;
  readonly __rules: Readonly<Record<string, string | null>>;
}

/** @param skuIds the SKUs in scope */
export function baselineInputs(
  connection: GraphConnection,
  plan: Pick<MigrationPlan, "baseline" | "begun" | "replacing" | "departures" | "departedGroups" | "departureRecord">,
  skuIds: ReadonlySet<Guid>,
  catalog: Catalog,
): BaselineInputs {
  const { baseline, departedGroups, departureRecord } = plan;
  const entries = packBaseline(baseline, plan.replacing);
  return {
    connection,
    names: Object.fromEntries([...skuIds].map((skuId) => [skuId, catalog.skuName(skuId)])),
    users: baseline.size,
    assignments: assignmentsIn(baseline, (skuId) => catalog.skuName(skuId)),
    digest: baselineDigest(entries),
    __lists: {
      entries,
      departed: packIds(plan.departures),
      begun: plan.begun.map(({ pairs, ...wave }) => ({ ...wave, pairs: packPairs(pairs) })),
    },
    departed: Object.fromEntries(departedGroups.map(({ group, userIds }) => [group.name, userIds.length])),
    departuresAreDue: departureRecord.isDue,
    __rules: departureRecord.rules,
  };
}

export function assignmentsIn(baseline: Baseline, nameOf: (skuId: Guid) => string): CountsByName {
  const words: string[] = [];
  for (const licenses of baseline.values()) for (const skuId of licenses.keys()) words.push(nameOf(skuId));
  return countByName(words);
}
