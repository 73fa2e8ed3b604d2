import type { GraphConnection } from "../../graph/tenant-graph";
import type { BaselinePattern } from "../../licensing/record/baseline";
import { packPairs, type PackedPairs } from "../../licensing/record/compact-ids";
import type { Catalog } from "../../licensing/catalog/catalog";
import { endedTally, owedTally } from "../../licensing/plan/debt-words";
import type { DebtsPlan } from "../../licensing/plan/debts";
import { packRestores } from "../../licensing/plan/restore";
import type { Timeouts } from "../../licensing/stack-file/stack-file";
import { countByName, type CountsByName } from "../../licensing/counts";

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

function pairOf({ userId, license: { skuId } }: DebtsPlan["owed"][number]) {
  return { userId, skuId };
}
