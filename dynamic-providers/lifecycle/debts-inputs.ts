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
  /** The same by why. */
  readonly because: CountsByName;
  /** Debts that this run takes note of as ended, by how. */
  readonly ended: CountsByName;
  /** How long they are put back again and again while Graph is out of order. */
  readonly putBackMs: number;
  readonly __lists: DebtLists;
  readonly __urn: string;
}

export interface DebtLists {
  /** What is given back. */
  readonly pay: readonly BaselinePattern[];
  /** What no run can give back as things are, by why. */
  readonly hopeless: Readonly<Record<string, PackedPairs>>;
  readonly ended: PackedPairs;
}

/** What is owed as the inputs of its row: a preview shows it, and a nightly check fails by it. */
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
