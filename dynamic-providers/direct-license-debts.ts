import type * as pulumi from "@pulumi/pulumi";
import { Catalog } from "../licensing/catalog/catalog";
import { packPairs, pairsIn, type PackedPairs } from "../licensing/record/compact-ids";
import { formatHopeless, endedTally, owedTally } from "../licensing/plan/debt-words";
import type { DebtsState } from "../licensing/record/record";
import { restoresIn, type Restore, packRestores } from "../licensing/plan/restore";
import { counted, countByName, total, formatCounts, type CountsByName } from "../licensing/counts";
import type { GraphConnection } from "../graph/tenant-graph";
import type { BaselinePattern } from "../licensing/record/baseline";
import type { DebtsPlan } from "../licensing/plan/debts";
import type { Timeouts } from "../licensing/stack-file/stack-file";
import { HostedResource } from "./hosted-resource";
import { restoreAll } from "./removal/restore";
import { graphsOf } from "./writing/waits";
import type { Lifecycle } from "./engine/lifecycle";

export interface DebtsInputs {
  readonly connection: GraphConnection;
  /** Direct licences that are owed, by SKU. */
  readonly owed: CountsByName;
  /** The same by reason. */
  readonly because: CountsByName;
  /** Debts that this run records as ended, by how they ended. */
  readonly ended: CountsByName;
  /** How long putting back is retried while Graph is unavailable, in milliseconds. */
  readonly putBackMs: number;
  readonly __lists: DebtLists;
  readonly __urn: string;
}

export interface DebtLists {
  /** The licences to give back. */
  readonly pay: readonly BaselinePattern[];
  /** Licences that no run can give back at present, by reason. */
  readonly hopeless: Readonly<Record<string, PackedPairs>>;
  readonly ended: PackedPairs;
}

/** The debts as resource inputs, so that a preview shows them and a nightly check fails while there are any. */
export function debtsInputs(
  connection: GraphConnection,
  debts: DebtsPlan,
  catalog: Catalog,
  { putBackMs }: Pick<Timeouts, "putBackMs">,
): Omit<DebtsInputs, "__urn"> {
  const { owed, ended } = debts;
  const hopeless = [...new Set(owed.flatMap((each) => each.hopeless ?? []))].sort();
  return {
    connection,
    owed: countByName(owed.map(({ license }) => catalog.skuName(license.skuId))),
    because: owedTally(debts, catalog),
    ended: endedTally(debts),
    putBackMs,
    __lists: {
      pay: packRestores(owed.filter((each) => each.hopeless === null)),
      hopeless: Object.fromEntries(
        hopeless.map((why) => [why, packPairs(owed.filter((each) => each.hopeless === why).map(pairOf))]),
      ),
      ended: packPairs(ended),
    },
  };
}

export interface DebtsOutputs extends DebtsState {
  /** Direct licences that are still owed, by SKU. */
  readonly owed: CountsByName;
  /** Licences that the last run gave back, by SKU. */
  readonly paid: CountsByName;
}

/** What the program declares. The engine runs `directLicenseDebts`. */
export class DirectLicenseDebts extends HostedResource {
  constructor(name: string, args: pulumi.Inputs & DebtsInputs, options: pulumi.CustomResourceOptions) {
    super("DirectLicenseDebts", name, { ...args }, options);
  }
}

/**
 * Gives back licences that this stack removed and could not put back in time, and licences that moved users lack since.
 * Depends on neither groups nor the gate: their failure is often the cause of the debt.
 */
export const directLicenseDebts: Lifecycle<DebtsInputs, DebtsOutputs> = {
  idOf: () => "debts",

  refusal: () => null,

  // Open debts are a change until paid, so that a nightly check fails.
  // check: a debt that is open is a change, so that a nightly check fails
  hasChanges: ({ owed, ended }) => total(owed) + total(ended) > 0,

  async converge(inputs, before, host) {
    const { __lists: lists, __urn: urn } = inputs;
    const row = { host, urn };
    const { graph } = graphsOf(inputs.connection, row);
    const catalog = new Catalog(await graph.subscribedSkus());
    const restores = restoresIn(lists.pay);
    const result = await restoreAll(restores, graph, row, inputs.putBackMs);
    const paid = result.halt === null ? without(restores, result.notRestored) : result.restored;
    const left = without(restores, paid);
    const hopeless = Object.entries(lists.hopeless).map(([why, packed]) => [why, pairsIn(packed)] as const);
    const bySku = (pairs: readonly { readonly skuId: string }[]) =>
      countByName(pairs.map(({ skuId }) => catalog.skuName(skuId)));
    const outputs: DebtsOutputs = {
      owed: bySku([...left.map(pairOf), ...hopeless.flatMap(([, pairs]) => pairs)]),
      paid: bySku(paid.map(pairOf)),
      __settled: [
        ...(before?.__settled ?? []),
        ...settledNow(graph.now(), [...paid.map(pairOf), ...pairsIn(lists.ended)]),
      ],
    };
    if (paid.length > 0) {
      await host.say(
        urn,
        `gave back what was owed: ${counted(paid.length, "direct licence")} (${formatCounts(outputs.paid)})${
          total(outputs.owed) > 0 ? "" : ". The waves were held in this run: run pulumi up again, and they go on"
        }`,
      );
    }
    const reasons = [
      ...(result.halt === null ? [] : [result.halt]),
      ...Object.entries(result.refused).map(([why, users]) => owedStill(users, why)),
      ...hopeless.map(([why, pairs]) =>
        owedStill(new Set(pairs.map(({ userId }) => userId)).size, formatHopeless(why)),
      ),
    ];
    return { outputs, unfinished: reasons };
  },

  // Only this stack needs the record of ended debts.
  release: () => Promise.resolve(),
};

function owedStill(users: number, why: string): string {
  return (
    `${counted(users, "user is", "users are")} still owed a direct licence: ${why} ` +
    "Nothing is removed by any wave until it is given back, or given up with licensing:writtenOff."
  );
}

function without(restores: readonly Restore[], others: readonly Restore[]): readonly Restore[] {
  const keys = new Set(others.map(keyOf));
  return restores.filter((each) => !keys.has(keyOf(each)));
}

function keyOf({ userId, license }: Restore): string {
  return `${userId} ${license.skuId}`;
}

function pairOf({ userId, license: { skuId } }: Restore) {
  return { userId, skuId };
}

function settledNow(nowMs: number, pairs: readonly { readonly userId: string; readonly skuId: string }[]) {
  return pairs.length === 0 ? [] : [{ at: new Date(nowMs).toISOString(), of: packPairs(pairs) }];
}
