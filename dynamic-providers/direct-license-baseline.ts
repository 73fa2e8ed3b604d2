import type * as pulumi from "@pulumi/pulumi";
import { isFailure, quoteGraph } from "../graph/client/failure";
import type { GraphConnection, TenantReads } from "../graph/tenant-graph";
import {
  baselineDigest,
  grow,
  packBaseline,
  recordedBaseline,
  unpackBaseline,
  type Baseline,
  type BaselineState,
  type BaselinePattern,
} from "../licensing/record/baseline";
import { packIds, pairsIn, unpackIds, packPairs, type PackedPairs } from "../licensing/record/compact-ids";
import { dayOf } from "../licensing/drift/departures";
import { grouped } from "../licensing/grouped";
import { packBegun, unpackBegun, type BegunWave } from "../licensing/record/interrupted-removals";
import { isDirect, isFromGroup, type Guid } from "../licensing/model";
import { packBegunMoves, type BegunMoves } from "../licensing/record/moves-on-record";
import {
  bridgePairs,
  growPlans,
  mergedPairs,
  packPlans,
  plansBeforeSwap,
  type PackedPlans,
} from "../licensing/record/bridges-on-record";
import { growReplacing, replacingIn } from "../licensing/record/replacing-groups";
import { inForce } from "../licensing/effective-plans";
import { Refusal } from "../licensing/refusal";
import { counted, type CountsByName, countByName } from "../licensing/counts";
import type { Catalog } from "../licensing/catalog/catalog";
import type { MigrationPlan } from "../licensing/plan/plan";
import { HostedResource } from "./hosted-resource";
import type { Lifecycle } from "./engine/lifecycle";

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
  /** Direct licences that swaps of this stack add, by SKU: no user's own, and not given back by a rollback. */
  readonly swaps: CountsByName;
  /** Digest of `__lists`. */
  readonly digest: string;
  readonly __lists: {
    readonly entries: readonly BaselinePattern[];
    /** All users that left their group, see `packIds`. */
    readonly departed: string;
    /** See `MigrationPlan.bridges`. */
    readonly bridges: PackedPairs;
    /** See `MigrationPlan.plansBeforeSwap`. */
    readonly plansBefore: PackedPlans;
    /** See `MigrationPlan.begun`. */
    readonly begun: readonly (Omit<BegunWave, "pairs"> & { readonly pairs: PackedPairs })[];
    /** See `MigrationPlan.moving`. */
    readonly moving: BegunMoves["parts"];
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
  plan: Pick<
    MigrationPlan,
    | "baseline"
    | "begun"
    | "moving"
    | "bridges"
    | "plansBeforeSwap"
    | "replacing"
    | "departures"
    | "departedGroups"
    | "departureRecord"
  >,
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
    swaps: countByName(bridgePairs(plan.bridges).map(({ skuId }) => catalog.skuName(skuId))),
    digest: baselineDigest(entries),
    __lists: {
      entries,
      departed: packIds(plan.departures),
      bridges: packPairs(bridgePairs(plan.bridges)),
      plansBefore: packPlans(plan.plansBeforeSwap),
      begun: plan.begun.map(({ pairs, ...wave }) => ({ ...wave, pairs: packPairs(pairs) })),
      moving: packBegunMoves("", plan.moving).parts,
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

export interface BaselineOutputs extends BaselineState {
  readonly connection: GraphConnection;
  /** Direct assignments on record, by SKU. */
  readonly assignments: CountsByName;
}

/** What the program declares. The engine runs `directLicenseBaseline`. */
export class DirectLicenseBaseline extends HostedResource {
  declare readonly users: pulumi.Output<number>;

  constructor(name: string, args: pulumi.Inputs & BaselineInputs, options: pulumi.CustomResourceOptions) {
    super("DirectLicenseBaseline", name, { ...args }, options);
  }
}

/**
 * The direct licences of all users before the first removal, for rollbacks. In the state before that removal; it only
 * grows, and is not released while a user depends on a replacement.
 */
export const directLicenseBaseline: Lifecycle<BaselineInputs, BaselineOutputs> = {
  idOf: () => "baseline",

  refusal: () => null,

  // Each run records what it is about to remove, so that the next one can detect a run that was killed.
  // check: too many departures fail the nightly check
  hasChanges: ({ digest, departuresAreDue, __lists }, outputs) =>
    departuresAreDue || __lists.begun.length > 0 || __lists.moving.length > 0 || digest !== outputs.digest,

  async converge({ connection, names, digest, __lists, __rules }, before, host) {
    const known = before === null ? new Map() : recordedBaseline(before);
    const baseline = grow(known, unpackBaseline(__lists.entries));
    const replaced = growReplacing(replacingIn(before?.__entries ?? []), replacingIn(__lists.entries));
    const entries = packBaseline(baseline, replaced);
    const bridges = mergedPairs(before?.__bridges, __lists.bridges);
    const plans = growPlans(plansBeforeSwap(before?.__plansBefore), plansBeforeSwap(__lists.plansBefore));
    const outputs: BaselineOutputs = {
      connection,
      users: baseline.size,
      assignments: assignmentsIn(baseline, (skuId) => names[skuId] ?? skuId),
      digest: baselineDigest(entries),
      __entries: entries,
      __departed: await departedBy(unpackIds(__lists.departed), before, () => host.connectForReading(connection)),
      __rules,
      ...(bridges.length > 0 && { __bridges: packPairs(bridges) }),
      ...(plans.size > 0 && { __plansBefore: packPlans(plans) }),
      ...begunAfter(
        __lists.begun.map(({ pairs, ...wave }) => ({ ...wave, pairs: pairsIn(pairs) })),
        before,
        known,
        baseline,
        host.now(),
      ),
      ...movingAfter(__lists.moving, before, host.now()),
    };
    // The engine saves these outputs before it starts dependents.
    host.receipts.baselineIsKept(digest);
    return { outputs, unfinished: [] };
  },

  async release(outputs, host) {
    const dependent = await dependents(host.connectForReading(outputs.connection), recordedBaseline(outputs));
    // check: the baseline is not let go while a user depends on it
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

/**
 * The removals that this run is about to make; without any, those of the last run, re-indexed for the current baseline.
 */
function begunAfter(
  waves: readonly BegunWave[],
  before: BaselineOutputs | null,
  known: Baseline,
  baseline: Baseline,
  nowMs: number,
): Pick<BaselineOutputs, "__begun"> {
  if (waves.length > 0) return { __begun: packBegun(new Date(nowMs).toISOString(), waves, baseline) };
  const last = before?.__begun;
  return last === undefined ? {} : { __begun: packBegun(last.at, unpackBegun(last, known), baseline) };
}

/** The moves that this run is about to make; without any, those of the last run. */
function movingAfter(
  parts: BegunMoves["parts"],
  before: BaselineOutputs | null,
  nowMs: number,
): Pick<BaselineOutputs, "__moving"> {
  if (parts.length > 0) return { __moving: { at: new Date(nowMs).toISOString(), parts } };
  return before?.__moving === undefined ? {} : { __moving: before.__moving };
}

/** Groups departures by the day on which a run first saw them. A user that returned and leaves again gets a new day. */
async function departedBy(
  departed: readonly Guid[],
  before: BaselineOutputs | null,
  connect: () => TenantReads,
): Promise<readonly { readonly day: string; readonly users: string }[]> {
  const days = new Map(
    (before?.__departed ?? []).flatMap(({ day, users }) => unpackIds(users).map((userId) => [userId, day] as const)),
  );
  if (departed.length === 0) return [];
  const today = departed.every((userId) => days.has(userId)) ? "" : dayOf(await timeOfGraph(connect()));
  // check: a departure has the day on which it was first seen
  return [...grouped(departed, (userId) => days.get(userId) ?? today)]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([day, userIds]) => ({ day, users: packIds(userIds) }));
}

/** Any answer brings Graph's time. */
async function timeOfGraph(graph: TenantReads): Promise<number> {
  await graph.subscribedSkus();
  return graph.now();
}

/**
 * Users that lack a recorded direct assignment and inherit something instead. Deleted users, and users without
 * inherited licences, depend on no group.
 */
async function dependents(graph: TenantReads, baseline: Baseline): Promise<number> {
  const users = await graph.users(baseline.keys());
  let count = 0;
  for (const [userId, user] of users) {
    if (isFailure(user)) {
      if (user.kind === "notFound") continue;
      throw new Refusal(
        `The user ${userId}, who is on record, cannot be read (${quoteGraph(user)}), and may depend on the licences of a ` +
          "group. Nothing was changed. Ways out: run it again when the user can be read; or leave the tenant as it is, and let " +
          "the stack forget it: pulumi stack export --file state.json, then pulumi state delete --all --force.",
      );
    }
    if (!user.assignments.some((entry) => isFromGroup(entry) && inForce(entry))) continue;
    const direct = user.assignments.filter(isDirect);
    const wanted = [...(baseline.get(userId)?.keys() ?? [])];
    if (wanted.some((skuId) => !direct.some((entry) => entry.skuId === skuId))) count += 1;
  }
  return count;
}
