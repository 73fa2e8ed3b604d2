import { failureOf, isFailure } from "../../graph/client/failure";
import type { TenantReads } from "../../graph/tenant-graph";
import { freeSeats } from "../../licensing/catalog/subscription";
import { Catalog } from "../../licensing/catalog/catalog";
import { packPairs, pairsIn, unpackPairs, type PackedPairs } from "../../licensing/record/compact-ids";
import { grouped } from "../../licensing/grouped";
import { onlyPairs, withoutPairs } from "../../licensing/record/removals-on-record";
import type { Guid } from "../../licensing/model";
import { circumstancesOf, restoreDigest, restoresIn, type Restore } from "../../licensing/plan/restore";
import { packSliceRecord, type SliceRecord } from "../../licensing/record/slice-record";
import { unrestoredIn, type NotRestored } from "../../licensing/record/unrestored-on-record";
import { plansBeforeSwap } from "../../licensing/record/bridges-on-record";
import { counted, countByName, total, formatCounts } from "../../licensing/counts";
import type { Host } from "../engine/host";
import { restoreAll } from "./restore";
import type { RestoreResult } from "./restore-account";
import { graphsOf } from "../writing/waits";
import type { Converged } from "../engine/lifecycle";
import type { RemovalInputs } from "./removal-inputs";
import { endOf, knownOf, takenBy, waitingOutputs, type RemovalOutputs } from "./removal-outputs";

/** Puts back the direct licences of the wave's users. The wave can run again later, and then soaks anew. */
export async function rollBack(
  inputs: RemovalInputs,
  before: RemovalOutputs | null,
  host: Host,
): Promise<Converged<RemovalOutputs>> {
  const row = { host, urn: inputs.__urn };
  const { graph } = graphsOf(inputs.connection, row);
  const catalog = new Catalog(await graph.subscribedSkus());
  const restores = restoresIn(inputs.__lists.restore).map(({ userId, license }) => ({
    userId,
    license: catalog.asOfToday(license),
  }));
  const result = await restoreAll(restores, graph, row, inputs.putBackMs, {
    bridges: unpackPairs(inputs.__lists.takesBack),
    plansBefore: plansBeforeSwap(inputs.__lists.plansBefore),
  });
  const bySku = countByName(result.restored.map(({ license }) => catalog.skuName(license.skuId)));
  if (total(bySku) > 0) {
    const words = `${counted(total(bySku), "direct assignment")} (${formatCounts(bySku)})`;
    await host.say(inputs.__urn, `${inputs.wave}: put back ${words}`);
  }
  for (const [why, count] of Object.entries(result.refused)) {
    await host.say(inputs.__urn, `${inputs.wave}: ${counted(count, "user")} could not get it back: ${why}`);
  }
  const unrestored = stillUnrestored(inputs, before, result, await circumstancesAfter(result, graph));
  const outputs: RemovalOutputs = {
    ...waitingOutputs(inputs),
    status: result.halt === null ? "rolled-back" : "halted",
    pending: {},
    stays: {},
    notRestored: result.refused,
    notRestoredBySku: countByName(unrestored.map(({ skuId }) => catalog.skuName(skuId))),
    // Licences that could not be put back are no work for the next run unless their circumstances change.
    settled: result.halt === null ? restoreDigest([]) : "",
    __unrestored: packedBy(unrestored, ({ circumstances }) => circumstances),
    __whyUnrestored: packedBy(unrestored, ({ why }) => why),
    __end: endOf(result.halt, host.now()),
    ...packSliceRecord(recordAfter(inputs, before, result)),
  };
  const unfinished = result.halt === null ? [] : [`wave ${inputs.wave}: the rollback halted: ${result.halt}`];
  return { outputs, unfinished };
}

/**
 * The circumstances of licences not put back, as this run leaves them: it has given such users other licences, and others the last
 * seats. Where a seat is free again by now, and for users that cannot be read, those of the plan stay, and the next run tries again.
 */
async function circumstancesAfter(
  { notRestored, withoutSeat }: RestoreResult,
  graph: TenantReads,
): Promise<ReadonlyMap<string, string>> {
  if (notRestored.length === 0) return new Map();
  const read = await graph.users(new Set(notRestored.map(({ userId }) => userId))).catch(failureOf);
  const skus = await graph.subscribedSkus().catch(failureOf);
  if ("kind" in read || "kind" in skus) return new Map();
  const catalog = new Catalog(skus);
  const users = new Map([...read].flatMap(([id, user]) => (isFailure(user) ? [] : [[id, user] as const])));
  const isFree = (skuId: Guid) => catalog.skus.some((sku) => sku.id === skuId && freeSeats(sku, "all") > 0);
  return new Map(
    notRestored.flatMap((each) => {
      const { userId, license } = each;
      if (!users.has(userId) || (withoutSeat.has(userId) && isFree(license.skuId))) return [];
      return [[`${userId} ${license.skuId}`, circumstancesOf(each, { users, catalog })] as const];
    }),
  );
}

interface UnrestoredPair extends NotRestored {
  readonly userId: Guid;
  readonly skuId: Guid;
}

/** Licences not put back: those of this run, and earlier ones that it did not try. */
function stillUnrestored(
  { __lists: { circumstances } }: RemovalInputs,
  before: RemovalOutputs | null,
  { notRestored }: RestoreResult,
  after: ReadonlyMap<string, string>,
): readonly UnrestoredPair[] {
  const whys = new Map(notRestored.map(({ userId, license, why }) => [`${userId} ${license.skuId}`, why]));
  const tried = Object.entries(circumstances).flatMap(([word, pairs]) =>
    pairsIn(pairs).map((pair) => ({ ...pair, key: `${pair.userId} ${pair.skuId}`, word })),
  );
  const keys = new Set(tried.map(({ key }) => key));
  const earlier = [...unrestoredIn(before?.__unrestored ?? {}, before?.__whyUnrestored ?? {})].flatMap(
    ([key, known]) => {
      const [userId = "", skuId = ""] = key.split(" ");
      return keys.has(key) ? [] : [{ userId, skuId, ...known }];
    },
  );
  const failed = tried.flatMap(({ userId, skuId, key, word }) => {
    const why = whys.get(key);
    return why === undefined ? [] : [{ userId, skuId, circumstances: after.get(key) ?? word, why }];
  });
  return [...earlier, ...failed];
}

function packedBy(
  pairs: readonly UnrestoredPair[],
  word: (pair: UnrestoredPair) => string | null,
): Readonly<Record<string, PackedPairs>> {
  return Object.fromEntries(
    [...grouped(pairs, (each) => word(each) ?? "")].flatMap(([key, mine]) =>
      key === "" ? [] : [[key, packPairs(mine)]],
    ),
  );
}

/** After a rollback the wave has no removals on record, except those that could not be put back. */
function recordAfter(inputs: RemovalInputs, before: RemovalOutputs | null, result: RestoreResult): SliceRecord {
  const pairsOf = (restores: readonly Restore[]) =>
    restores.map(({ userId, license: { skuId } }) => ({ userId, skuId }));
  const known = knownOf(before);
  const { removed, owed = [] } = known;
  const back = new Set(result.restored.map(({ userId, license }) => `${userId} ${license.skuId}`));
  return {
    taken: takenBy(inputs, known, []),
    removed:
      result.halt === null
        ? onlyPairs(removed, pairsOf(result.notRestored))
        : withoutPairs(removed, pairsOf(result.restored)),
    refused: [],
    owed: owed.filter(({ userId, skuId }) => !back.has(`${userId} ${skuId}`)),
    missed: [],
  };
}
