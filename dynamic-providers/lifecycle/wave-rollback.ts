import { unpackBaseline } from "../../licensing/baseline";
import { Catalog } from "../../licensing/catalog";
import { onlyPairs, withoutPairs } from "../../licensing/removals-on-record";
import { restoreDigest, type Restore } from "../../licensing/restore";
import { packSliceRecord, type SliceRecord } from "../../licensing/slice-record";
import { counted, tally, total, wordsOfTally } from "../../licensing/tally";
import type { Host } from "../host/host";
import { restoreAll } from "../removal/restore";
import type { RestoreResult } from "../removal/restore-account";
import { graphsOf } from "../writing/waits";
import type { Converged } from "./lifecycle";
import type { RemovalInputs } from "./removal-inputs";
import { knownOf, takenBy, waitingOutputs, type RemovalOutputs } from "./removal-outputs";

/** Puts back what the wave's users had; the wave can go forward again afterwards, and soaks anew when it is done. */
export async function rollBack(
  inputs: RemovalInputs,
  before: RemovalOutputs | null,
  host: Host,
): Promise<Converged<RemovalOutputs>> {
  const row = { host, urn: inputs.__urn };
  const { graph } = graphsOf(inputs.connection, row);
  const catalog = new Catalog(await graph.subscribedSkus());
  const restores = [...unpackBaseline(inputs.__lists.restore)].flatMap(([userId, licenses]) =>
    [...licenses.values()].map((license) => ({ userId, license: catalog.asOfToday(license) })),
  );
  const result = await restoreAll(restores, graph, row);
  const bySku = tally(result.restored.map(({ license }) => catalog.skuName(license.skuId)));
  if (total(bySku) > 0) {
    const words = `${counted(total(bySku), "direct assignment")} (${wordsOfTally(bySku)})`;
    await host.say(inputs.__urn, `${inputs.wave}: put back ${words}`);
  }
  for (const [why, count] of Object.entries(result.refused)) {
    await host.say(inputs.__urn, `${inputs.wave}: ${counted(count, "user")} could not get it back: ${why}`);
  }
  const outputs: RemovalOutputs = {
    ...waitingOutputs(inputs),
    status: result.halt === null ? "rolled-back" : "halted",
    pending: {},
    stays: {},
    notRestored: result.refused,
    notRestoredBySku: tally(result.notRestored.map(({ license }) => catalog.skuName(license.skuId))),
    settled: result.halt === null ? restoreDigest(result.notRestored) : "",
    ...packSliceRecord(recordAfter(inputs, before, result)),
  };
  const unfinished = result.halt === null ? [] : [`wave ${inputs.wave}: the rollback halted: ${result.halt}`];
  return { outputs, unfinished };
}

/** A wave that is put back has removed nothing any more, but from those who could not get it back. */
function recordAfter(inputs: RemovalInputs, before: RemovalOutputs | null, result: RestoreResult): SliceRecord {
  const pairsOf = (restores: readonly Restore[]) =>
    restores.map(({ userId, license: { skuId } }) => ({ userId, skuId }));
  const known = knownOf(before);
  const { removed } = known;
  return {
    taken: takenBy(inputs, known, []),
    removed:
      result.halt === null
        ? onlyPairs(removed, pairsOf(result.notRestored))
        : withoutPairs(removed, pairsOf(result.restored)),
    refused: [],
  };
}
