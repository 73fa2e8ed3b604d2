import { Catalog } from "../../licensing/catalog/catalog";
import type { Successor } from "../../licensing/catalog/successors";
import { present, type DeclaredGroup } from "../../licensing/declaration";
import { unionOfPlans } from "../../licensing/effective-plans";
import type { Guid, License } from "../../licensing/model";
import { unpackBaseline } from "../../licensing/record/baseline";
import { Refusal } from "../../licensing/refusal";
import type { AcceptedRisks } from "../../licensing/snapshot";
import type { Timeouts } from "../../licensing/stack-file/stack-file";
import type { Host } from "../engine/host";
import { graphsOf, type Row, type RowGraphs } from "../writing/waits";
import type { MoveInputs } from "./move-inputs";

/** The context of one part of a move, apart from its users. A rollback moves the other way round. */
export interface MoveContext extends Row, RowGraphs {
  readonly declared: readonly DeclaredGroup[];
  readonly leave: DeclaredGroup;
  readonly join: DeclaredGroup;
  /** Plans that the stack file accepts as lost by leaving. */
  readonly mayLose: readonly { readonly skuId: Guid; readonly planId: Guid }[];
  /** See `Leaving.mustKeep`. */
  readonly mustKeep: (userId: Guid) => ReadonlySet<Guid> | undefined;
  readonly accepts: AcceptedRisks;
  /** True if time-limited memberships are checked; this tenant can list them. */
  readonly asksEnds: boolean;
  readonly successors: readonly Successor[];
  readonly timeouts: Timeouts;
  /** Number of users of this part; more than a burst are written evenly from the start. */
  readonly all: number;
}

/**
 * @throws {Refusal} if one of the groups was deleted
 * @throws {GraphError} if the SKUs cannot be read
 */
export async function contextOf(
  inputs: MoveInputs,
  host: Host,
): Promise<{ readonly context: MoveContext; readonly catalog: Catalog }> {
  const { groups, move, mode, timeouts, __lists } = inputs;
  const declared = present(groups);
  const [from, to] = [move.from, move.to].map((name) => declared.find((group) => group.name === name));
  if (from === undefined || to === undefined) {
    throw new Refusal(`${move.from} or ${move.to} no longer exists, so no user goes from one to the other.`);
  }
  const row = { host, urn: inputs.__urn };
  const ids = declared.map(({ groupId }) => groupId);
  const graphs = graphsOf(inputs.connection, row, ids);
  const catalog = new Catalog(await graphs.graph.subscribedSkus(), inputs.__successors);
  const isBack = mode === "restore";
  const kept = isBack ? unpackBaseline(__lists.keeps) : NOTHING;
  const gave = isBack ? unpackBaseline(__lists.gave) : NOTHING;
  const hadOf = (userId: Guid) => [kept, gave].flatMap((each) => [...(each.get(userId)?.values() ?? [])]);
  // A user without a record of what the old group gave keeps at least what it gives.
  const backTo = unionOfPlans(from.licenses, catalog);
  const noWayBack = inputs.acceptNoWayBack === true || new Set(inputs.__noWayBack);
  return {
    catalog,
    context: {
      ...row,
      ...graphs,
      declared,
      leave: isBack ? to : from,
      join: isBack ? from : to,
      mayLose: inputs.acceptLoss,
      // The old group may give less by now. What else the new group gives came with the move.
      // check: a rollback keeps what the old group gave before the move
      mustKeep: (userId) => (isBack ? new Set([...backTo, ...unionOfPlans(hadOf(userId), catalog)]) : undefined),
      accepts: { grace: new Set(inputs.__acceptGrace), noWayBack },
      asksEnds: inputs.asksMembershipEnds,
      successors: inputs.__successors,
      timeouts,
      all: inputs.users,
    },
  };
}

const NOTHING: ReadonlyMap<Guid, ReadonlyMap<Guid, License>> = new Map();

/** The licences with only those plans enabled that the user must keep, for the read-back and a repair. */
export function mustKeepOf(
  had: readonly License[],
  userId: Guid,
  { mustKeep, mayLose }: MoveContext,
  catalog: Catalog,
): readonly License[] {
  const keep = mustKeep(userId);
  return had.map((license) => {
    const gone = [...catalog.enabledPlans(license)].filter(
      (planId) =>
        (keep !== undefined && !keep.has(planId)) ||
        mayLose.some((each) => each.skuId === license.skuId && each.planId === planId),
    );
    return { ...license, disabledPlans: [...new Set([...license.disabledPlans, ...gone])].sort() };
  });
}
