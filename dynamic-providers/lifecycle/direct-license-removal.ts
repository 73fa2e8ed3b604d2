import { describeFailure, GraphError, isFailure, type GraphFailure } from "../../graph/failure";
import type { GraphConnection, TenantGraph } from "../../graph/tenant-graph";
import { unpackBaseline, type BaselinePattern } from "../../licensing/baseline";
import { Catalog } from "../../licensing/catalog";
import { packIds, unpackIds, unpackPairs, type PackedPairs } from "../../licensing/compact-ids";
import type { DeclaredGroup } from "../../licensing/declaration";
import type { ShownPattern } from "../../licensing/license-patterns";
import type { Guid, LicensedUser } from "../../licensing/model";
import { BY_ID, byName, type People } from "../../licensing/people";
import { sliceDigest, type Removal } from "../../licensing/plan";
import { blockedLines, blockedTally, namesOf, shownInBlockedLines } from "../../licensing/plan-words";
import type { SliceOutputs } from "../../licensing/record";
import type { RefusedRemoval } from "../../licensing/refused-removals";
import { onlyPairs, pairsIn, withoutPairs, withRun, type RemovalRun } from "../../licensing/removals-on-record";
import { restoreDigest, type Restore } from "../../licensing/restore";
import { counted, tally, total, wordsOfTally, type Tally } from "../../licensing/tally";
import type { WaveBefore } from "../../licensing/wave-place";
import type { Host } from "../host/host";
import type { UnitResult } from "../removal/ledger";
import { haltWords } from "../removal/halt-words";
import { riseOfErrors } from "../removal/members-in-error";
import { removeAll } from "../removal/run";
import { restoreAll, type RestoreResult } from "../removal/restore";
import { graphsOf } from "../waits";
import type { Converged, Lifecycle } from "./lifecycle";

export interface RemovalInputs {
  readonly connection: GraphConnection;
  readonly wave: string;
  /** `1 of 1`. */
  readonly slice: string;
  /** The wave's place among the waves: `2 of 3`. */
  readonly order: string;
  /** Users of the whole wave from whom something is to be removed. */
  readonly users: number;
  /** The nearest wave before it that moves somebody. */
  readonly after: WaveBefore;
  /** Users of `licensing:moveLast` from whom this slice is to remove something, by the word for them in the stack file. */
  readonly moveLast: Readonly<Record<string, Guid>>;
  readonly mode: "remove" | "restore";
  /** Direct assignments to put back, by SKU. */
  readonly restore: Tally;
  readonly groups: readonly DeclaredGroup[];
  /** Direct assignments to remove, by SKU. */
  readonly remove: Tally;
  /** Direct assignments that stay, by reason. */
  readonly blocked: Tally;
  /** The same as `remove`, or as `restore`, by SKU and disabled plans, with whom first. */
  readonly patterns: Readonly<Record<string, ShownPattern>>;
  /** This run leaves the wave alone. */
  readonly waits: boolean;
  /** Why the wave is refused; empty when it is not. */
  readonly refusal: string;
  readonly settleMs: number;
  readonly steadyMs: number;
  /** Stands for what is to be removed and what is blocked, user by user. */
  readonly digest: string;
  /** Whether diagnostics may name people; what is kept has ids alone. */
  readonly showNames: boolean;
  /** Why this run leaves the wave alone, in words that change from run to run; empty when it may run. */
  readonly __hold: string;
  /** Members in error when the plan was made, by group. */
  readonly __inError: Readonly<Record<Guid, number>>;
  /** Direct assignments to remove. */
  readonly __planned: PackedPairs;
  /** Direct assignments that are blocked. */
  readonly __blocked: PackedPairs;
  /** What Entra has refused to remove before, and would again. Absent from plans that are older than it. */
  readonly __refused?: readonly RefusedRemoval[];
  /** Users in this slice who are in a nested group, by the declared group around it. */
  readonly __nested: Readonly<Record<Guid, string>>;
  /** What a rollback puts back. */
  readonly __restore: readonly BaselinePattern[];
  /** What was removed from users of this slice by a run that was killed before it could say so. */
  readonly __moved: PackedPairs;
  readonly __urn: string;
}

export interface RemovalOutputs extends SliceOutputs {
  readonly slice: string;
  readonly status: "waiting" | "done" | "halted" | "rolled-back";
  /** What the last run removed, by SKU. */
  readonly lastRemoved: Tally;
  /** What was to be removed and is not yet, by SKU. */
  readonly pending: Tally;
  /** Direct assignments that stay, by reason. */
  readonly stays: Tally;
  /** Direct assignments that stay, by SKU. */
  readonly staysBySku: Tally;
  /** Users who could not get a direct licence back in a rollback, by why. */
  readonly notRestored: Tally;
  /** The same in direct assignments, by SKU. */
  readonly notRestoredBySku: Tally;
  /** When the slice was done for the first time. */
  readonly doneAt: string | null;
  /** Stands for what the last run left. */
  readonly settled: string;
  /** Everybody this slice has taken: they stay in its wave for good. */
  readonly __taken: string;
  /** Removals that Entra has refused. */
  readonly __refused: readonly RefusedRemoval[];
  /** What this slice removed and no rollback put back, run by run. */
  readonly __removed: readonly RemovalRun[];
}

type UserSkus = ReadonlyMap<Guid, ReadonlySet<Guid>>;

/** Removes direct licences from the users of one part of a wave, each on a proof from a fresh read. */
export const directLicenseRemoval: Lifecycle<RemovalInputs, RemovalOutputs> = {
  idOf: ({ wave, slice }) => `${wave} ${slice}`,

  refusal: ({ refusal }) => (refusal === "" ? null : refusal),

  hasChanges: ({ waits, mode, digest, __moved }, { status, settled }) =>
    !waits &&
    (status !== (mode === "restore" ? "rolled-back" : "done") || digest !== settled || unpackPairs(__moved).size > 0),

  async converge(inputs, before, host) {
    if (inputs.waits) {
      // Otherwise the row of a wave that is left alone would say "created", and read as if it had been done.
      await host.status(inputs.__urn, inputs.__hold);
      return { outputs: before ?? waiting(inputs), unfinished: [] };
    }
    if (inputs.mode === "restore") return rollBack(inputs, before, host);
    const planned = unpackPairs(inputs.__planned);
    const recorded = merge(planned, unpackPairs(inputs.__blocked));
    const users = [...recorded.keys()].sort();
    const row = { host, urn: inputs.__urn };
    const graphs = graphsOf(inputs.connection, row);
    const { graph } = graphs;
    const begun = await graph.skusAndErrors(inputs.groups.map(({ groupId }) => groupId)).catch(failureOf);
    if ("kind" in begun) return notBegun(inputs, before, describeFailure(begun), users.length);
    const catalog = new Catalog(begun.skus);
    const nested = new Map(Object.entries(inputs.__nested).map(([id, packed]) => [id, new Set(unpackIds(packed))]));
    const { groups: declared, settleMs, steadyMs } = inputs;
    const refused = byUser(inputs.__refused ?? []);
    const context = { ...row, ...graphs, declared, catalog, recorded, refused, nested, settleMs, steadyMs };
    const notNow = riseOfErrors(declared, inputs.__inError, begun.inError);
    const result = await removeAll(users, new Set(planned.keys()), context, notNow);
    const outputs = outputsOf(inputs, before, result, users, catalog, host.now());
    await tell(inputs, result, outputs, catalog, graph, host);
    return {
      outputs,
      unfinished: result.halt === null ? [] : [haltWords(inputs, result.halt, result, users.length)],
    };
  },

  // Forgetting a wave takes nothing from anybody: the direct licences are gone either way, the groups' stay.
  release: () => Promise.resolve(),
};

/** A read that fails before the first user leaves everything as it was. */
function notBegun(
  inputs: RemovalInputs,
  before: RemovalOutputs | null,
  why: string,
  users: number,
): Converged<RemovalOutputs> {
  const nothing = { removed: [], blocked: [], lookedAt: 0 };
  return { outputs: before ?? waiting(inputs), unfinished: [haltWords(inputs, why, nothing, users)] };
}

function failureOf(error: unknown): GraphFailure {
  if (error instanceof GraphError) return error.failure;
  throw error;
}

/** Puts back what the wave's users had; the wave can go forward again afterwards, and soaks anew when it is done. */
async function rollBack(
  inputs: RemovalInputs,
  before: RemovalOutputs | null,
  host: Host,
): Promise<Converged<RemovalOutputs>> {
  const { graph } = graphsOf(inputs.connection, { host, urn: inputs.__urn });
  const catalog = new Catalog(await graph.subscribedSkus());
  const restores = [...unpackBaseline(inputs.__restore)].flatMap(([userId, licenses]) =>
    [...licenses.values()].map((license) => ({ userId, license })),
  );
  const result = await restoreAll(restores, { graph, host }, inputs.__urn);
  const bySku = tally(result.restored.map(({ license }) => catalog.skuName(license.skuId)));
  if (total(bySku) > 0) {
    const words = `${counted(total(bySku), "direct assignment")} (${wordsOfTally(bySku)})`;
    await host.say(inputs.__urn, `${inputs.wave}: put back ${words}`);
  }
  for (const [why, count] of Object.entries(result.refused)) {
    await host.say(inputs.__urn, `${inputs.wave}: ${counted(count, "user")} could not get it back: ${why}`);
  }
  const outputs: RemovalOutputs = {
    ...waiting(inputs),
    status: result.halt === null ? "rolled-back" : "halted",
    pending: {},
    stays: {},
    notRestored: result.refused,
    notRestoredBySku: tally(result.notRestored.map(({ license }) => catalog.skuName(license.skuId))),
    settled: result.halt === null ? restoreDigest(result.notRestored) : "",
    __taken: takenBy(inputs, before, []),
    __removed: removedStill(before, result),
  };
  const unfinished = result.halt === null ? [] : [`wave ${inputs.wave}: the rollback halted: ${result.halt}`];
  return { outputs, unfinished };
}

/** A wave that is put back has removed nothing any more, but from those who could not get it back. */
function removedStill(before: RemovalOutputs | null, result: RestoreResult): RemovalOutputs["__removed"] {
  const pairsOf = (restores: readonly Restore[]) =>
    restores.map(({ userId, license: { skuId } }) => ({ userId, skuId }));
  const removed = before?.__removed ?? [];
  return result.halt === null
    ? onlyPairs(removed, pairsOf(result.notRestored))
    : withoutPairs(removed, pairsOf(result.restored));
}

function takenBy(inputs: RemovalInputs, before: RemovalOutputs | null, users: readonly Guid[]): string {
  return packIds([...unpackIds(before?.__taken ?? ""), ...unpackPairs(inputs.__moved).keys(), ...users]);
}

function byUser(refused: readonly RefusedRemoval[]): ReadonlyMap<Guid, readonly RefusedRemoval[]> {
  const all = new Map<Guid, readonly RefusedRemoval[]>();
  for (const each of refused) all.set(each.userId, [...(all.get(each.userId) ?? []), each]);
  return all;
}

function merge(a: UserSkus, b: UserSkus): UserSkus {
  const all = new Map(a);
  for (const [userId, skuIds] of b) all.set(userId, new Set([...(a.get(userId) ?? []), ...skuIds]));
  return all;
}

function waiting(inputs: RemovalInputs): RemovalOutputs {
  return {
    wave: inputs.wave,
    slice: inputs.slice,
    status: "waiting",
    lastRemoved: {},
    pending: inputs.remove,
    stays: inputs.blocked,
    staysBySku: {},
    notRestored: {},
    notRestoredBySku: {},
    doneAt: null,
    settled: "",
    __taken: "",
    __refused: [],
    __removed: [],
  };
}

function outputsOf(
  inputs: RemovalInputs,
  before: RemovalOutputs | null,
  result: UnitResult,
  users: readonly Guid[],
  catalog: Catalog,
  nowMs: number,
): RemovalOutputs {
  const bySku = (pairs: readonly { readonly skuId: Guid }[]) => tally(pairs.map(({ skuId }) => catalog.skuName(skuId)));
  const lastRemoved = bySku(result.removed);
  const halted = result.halt !== null;
  // A halted run has not looked at everybody: what it has not settled of the plan is still to be removed.
  const pending = bySku(halted ? unsettled(unpackPairs(inputs.__planned), result) : result.pending);
  return {
    wave: inputs.wave,
    slice: inputs.slice,
    status: halted ? "halted" : "done",
    lastRemoved,
    pending,
    stays: blockedTally(result.blocked, namesOf({ declared: inputs.groups, catalog })),
    staysBySku: bySku(result.blocked.filter(({ reason }) => reason.kind !== "source-unknown")),
    notRestored: {},
    notRestoredBySku: {},
    doneAt: before?.doneAt ?? (halted ? null : new Date(nowMs).toISOString()),
    settled: halted ? "" : sliceDigest(result.pending, result.blocked),
    __taken: takenBy(inputs, before, users),
    __refused: stillRefused(inputs.__refused ?? [], result),
    __removed: withRun(before?.__removed ?? [], new Date(nowMs).toISOString(), [
      ...pairsIn(inputs.__moved),
      ...result.removed,
    ]),
  };
}

/** What was refused before stays on record until it is gone or refused anew; the plan tells which of it still holds. */
function stillRefused(before: readonly RefusedRemoval[], { removed, refused }: UnitResult): readonly RefusedRemoval[] {
  const settled = keysOf([...removed, ...refused]);
  return [...before.filter((each) => !settled.has(keyOf(each))), ...refused];
}

function unsettled(planned: UserSkus, { removed, blocked, gone }: UnitResult): readonly Removal[] {
  const settled = keysOf([...removed, ...blocked]);
  const missing = new Set(gone);
  return [...planned].flatMap(([userId, skuIds]) =>
    [...skuIds].map((skuId) => ({ userId, skuId })).filter((each) => !missing.has(userId) && !settled.has(keyOf(each))),
  );
}

function keysOf(pairs: readonly Removal[]): ReadonlySet<string> {
  return new Set(pairs.map(keyOf));
}

function keyOf({ userId, skuId }: Removal): string {
  return `${userId} ${skuId}`;
}

/** What stays to be read after the row is gone. */
async function tell(
  { wave, groups, showNames, __urn }: RemovalInputs,
  result: UnitResult,
  { lastRemoved }: RemovalOutputs,
  catalog: Catalog,
  graph: TenantGraph,
  host: Host,
): Promise<void> {
  const removed = total(lastRemoved);
  if (removed > 0) {
    await host.say(__urn, `${wave}: removed ${counted(removed, "direct assignment")} (${wordsOfTally(lastRemoved)})`);
  }
  const names = namesOf({ declared: groups, catalog });
  const people = showNames ? await peopleOf(graph, shownInBlockedLines(result.blocked, names, catalog)) : BY_ID;
  for (const line of blockedLines(result.blocked, names, catalog, people)) await host.say(__urn, `${wave}: ${line}`);
  if (result.gone.length > 0)
    await host.say(__urn, `${wave}: ${counted(result.gone.length, "user no longer exists", "users no longer exist")}`);
}

/** Names are not kept anywhere, so they are read again; who can't be read goes by id. */
async function peopleOf(graph: TenantGraph, userIds: ReadonlySet<Guid>): Promise<People> {
  const found = [...(await graph.users(userIds).catch(nobody))];
  return byName(new Map(found.filter((each): each is [Guid, LicensedUser] => !isFailure(each[1]))));
}

/** The removals are done: names that cannot be read must not cost the account of them. */
function nobody(error: unknown): [] {
  if (error instanceof GraphError) return [];
  throw error;
}
