import { GraphError, isFailure } from "../../graph/failure";
import type { GraphConnection, TenantGraph } from "../../graph/tenant-graph";
import {
  grow,
  hasNews,
  packBaseline,
  unpackBaseline,
  type Baseline,
  type BaselinePattern,
} from "../../licensing/baseline";
import type { Guid } from "../../licensing/model";
import { Refusal } from "../../licensing/refusal";
import { addTallies, counted, type Tally } from "../../licensing/tally";
import type { Lifecycle } from "./lifecycle";

export interface BaselineInputs {
  readonly connection: GraphConnection;
  readonly names: Readonly<Record<Guid, string>>;
  /** Direct assignments on record and as they are now: a wave that has run leaves the inputs as they are, and a saved plan valid. */
  readonly __entries: readonly BaselinePattern[];
}

export interface BaselineOutputs {
  readonly connection: GraphConnection;
  readonly users: number;
  /** Direct assignments on record, by SKU. */
  readonly assignments: Tally;
  readonly __entries: readonly BaselinePattern[];
}

/**
 * What every user held directly before this program removed anything: in the state before the first removal, and only
 * growing. A rollback restores from it, so it is not let go while somebody depends on what replaced it.
 */
export const directLicenseBaseline: Lifecycle<BaselineInputs, BaselineOutputs> = {
  idOf: () => "baseline",

  refusal: () => null,

  hasChanges: (inputs, outputs) => hasNews(unpackBaseline(outputs.__entries), unpackBaseline(inputs.__entries)),

  converge({ connection, names, __entries }, before) {
    const baseline = grow(unpackBaseline(before?.__entries ?? []), unpackBaseline(__entries));
    const outputs: BaselineOutputs = {
      connection,
      users: baseline.size,
      assignments: addTallies(
        [...baseline.values()].map((licenses) =>
          Object.fromEntries([...licenses.keys()].map((skuId) => [names[skuId] ?? skuId, 1])),
        ),
      ),
      __entries: packBaseline(baseline),
    };
    return Promise.resolve({ outputs, unfinished: [] });
  },

  async release({ connection, __entries }, host) {
    const dependent = await dependents(host.connect(connection), unpackBaseline(__entries));
    if (dependent === 0) return;
    throw new Refusal(
      `${counted(dependent, "user")} no longer hold directly what the baseline records, and depend on the licences of ` +
        "their groups. Nothing was changed. Ways out: keep the stack; " +
        "or put their direct licences back with rollback: true on their waves, and run pulumi up once more after that; " +
        "or take the resources out of the state without touching the tenant: pulumi state delete --all --force, " +
        "because rows are protected, after pulumi stack export has kept the baseline.",
    );
  },
};

/** Users who lack a direct assignment that the baseline has. People who no longer exist depend on nothing. */
async function dependents(graph: TenantGraph, baseline: Baseline): Promise<number> {
  const users = await graph.users(baseline.keys());
  let count = 0;
  for (const [userId, user] of users) {
    if (isFailure(user)) {
      if (user.kind === "notFound") continue;
      throw new GraphError(user);
    }
    const direct = user.assignments.filter((entry) => entry.assignedByGroup === null);
    const wanted = [...(baseline.get(userId)?.keys() ?? [])];
    if (wanted.some((skuId) => !direct.some((entry) => entry.skuId === skuId))) count += 1;
  }
  return count;
}
