import type { GraphConnection } from "../../graph/tenant-graph";
import { baselineDigest, packBaseline, type Baseline, type BaselinePattern } from "../../licensing/baseline";
import type { Catalog } from "../../licensing/catalog";
import type { Guid } from "../../licensing/model";
import { tally, type Tally } from "../../licensing/tally";

/**
 * Direct assignments on record and as they are now: a wave that has run leaves the inputs as they are, and a saved plan
 * valid.
 */
export interface BaselineInputs {
  readonly connection: GraphConnection;
  readonly names: Readonly<Record<Guid, string>>;
  readonly users: number;
  /** By SKU. */
  readonly assignments: Tally;
  /** Stands for `__lists`. */
  readonly digest: string;
  readonly __lists: { readonly entries: readonly BaselinePattern[] };
}

/** @param skuIds the declared SKUs */
export function baselineInputs(
  connection: GraphConnection,
  baseline: Baseline,
  skuIds: ReadonlySet<Guid>,
  catalog: Catalog,
): BaselineInputs {
  const entries = packBaseline(baseline);
  return {
    connection,
    names: Object.fromEntries([...skuIds].map((skuId) => [skuId, catalog.skuName(skuId)])),
    users: baseline.size,
    assignments: assignmentsIn(baseline, (skuId) => catalog.skuName(skuId)),
    digest: baselineDigest(entries),
    __lists: { entries },
  };
}

export function assignmentsIn(baseline: Baseline, nameOf: (skuId: Guid) => string): Tally {
  const words: string[] = [];
  for (const licenses of baseline.values()) for (const skuId of licenses.keys()) words.push(nameOf(skuId));
  return tally(words);
}
