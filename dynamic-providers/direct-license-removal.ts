import type * as pulumi from "@pulumi/pulumi";
import { describeFailure, failureOf } from "../graph/client/failure";
import { Catalog } from "../licensing/catalog/catalog";
import { unpackBlocked } from "../licensing/plan/blocked-by-reason";
import { unpackIds, unpackPairs } from "../licensing/record/compact-ids";
import { present } from "../licensing/declaration";
import type { Guid, Removal } from "../licensing/model";
import type { Blocked } from "../licensing/decision/block-reason";
import type { RefusedRemoval } from "../licensing/decision/refused-removals";
import { failingOf } from "../licensing/inheritance/reprocessing";
import { Refusal } from "../licensing/refusal";
import type { TenantReads } from "../graph/tenant-graph";
import { BY_ID } from "../licensing/people";
import { blockedLines, shownInBlockedLines } from "../licensing/plan/blocked-words";
import { namesOf } from "../licensing/plan/names-of";
import { counted, total, formatCounts } from "../licensing/counts";
import { HostedResource } from "./hosted-resource";
import type { RemovalInputs } from "./removal/removal-inputs";
import { type RemovalOutputs, endOf, partOfRun, removalOutputs, waitingOutputs } from "./removal/removal-outputs";
import { formatHalt } from "./removal/halt-words";
import { riseOfErrors } from "./removal/members-in-error";
import { outOfOrder } from "./removal/in-order";
import { removeAll, usersPerUnit } from "./removal/run";
import { reprocess } from "./reprocessing/reprocess";
import { graphsOf } from "./writing/waits";
import type { Converged, Lifecycle } from "./engine/lifecycle";
import type { Receipts } from "./engine/receipts";
import { rollBack } from "./removal/wave-rollback";
import type { Host } from "./engine/host";
import type { UnitResult } from "./removal/ledger";
import { peopleNow } from "./removal/people-now";

/** What the program declares. The engine runs `directLicenseRemoval`. */
export class DirectLicenseRemoval extends HostedResource {
  declare readonly pending: pulumi.Output<RemovalOutputs["pending"]>;
  declare readonly stays: pulumi.Output<RemovalOutputs["stays"]>;
  declare readonly staysBySku: pulumi.Output<RemovalOutputs["staysBySku"]>;
  declare readonly notRestoredBySku: pulumi.Output<RemovalOutputs["notRestoredBySku"]>;
  declare readonly outcome: pulumi.Output<RemovalOutputs["outcome"]>;
  declare readonly doneAt: pulumi.Output<string | null>;

  constructor(name: string, args: pulumi.Inputs & RemovalInputs, options: pulumi.CustomResourceOptions) {
    const outputs = {
      status: undefined,
      lastRemoved: undefined,
      pending: undefined,
      stays: undefined,
      staysBySku: undefined,
      notRestored: undefined,
      notRestoredBySku: undefined,
      doneAt: undefined,
      outcome: undefined,
      settled: undefined,
    };
    super("DirectLicenseRemoval", name, { ...outputs, ...args }, options);
  }
}

type UserSkus = ReadonlyMap<Guid, ReadonlySet<Guid>>;

/** Removes direct licences from the users of one part of a wave, each on a proof from a fresh read. */
export const directLicenseRemoval = removalInUnitsOf(usersPerUnit);

/** @param size number of users in a unit, given the number of other requests in its reads */
export function removalInUnitsOf(size: (others: number) => number): Lifecycle<RemovalInputs, RemovalOutputs> {
  return {
    idOf: ({ wave, slice }) => `${wave} ${slice}`,

    refusal: (inputs, receipts) =>
      inputs.refusal === ""
        ? receipts && (notOnRecord(inputs, receipts) ?? outOfOrder(inputs, receipts))
        : inputs.refusal,

    hasChanges: (inputs, { status, settled, outcome, reprocessed }) =>
      !inputs.waits &&
      (status !== (inputs.mode === "restore" ? "rolled-back" : "done") ||
        inputs.digest !== settled ||
        // Once the stack file accepts the outcome, the soak begins.
        (inputs.mode === "remove" && !inputs.__lists.wasDone && outcome.minMoved !== inputs.minMoved) ||
        (inputs.reprocess && inputs.__failing !== "" && inputs.__failing !== reprocessed) ||
        Object.keys(inputs.__lists.moved).length > 0),

    async converge(inputs, before, host) {
      // check: a wave on hold touches no user
      if (inputs.waits) {
        // Otherwise the row of a waiting wave would say "created", as if the wave had been done.
        await host.status(inputs.__urn, inputs.__hold);
        return { outputs: before ?? waitingOutputs(inputs), unfinished: [] };
      }
      if (inputs.mode === "restore") return rollBack(inputs, before, host);
      // Checked here too, because `check` may not have run in this process.
      const notYet = notOnRecord(inputs, host.receipts) ?? outOfOrder(inputs, host.receipts);
      if (notYet !== null) throw new Refusal(notYet);
      const { __lists: lists } = inputs;
      const planned = unpackPairs(lists.planned);
      const foreseen = unpackBlocked(lists.blocked);
      const recorded = merge(planned, foreseen.filter(isDirect));
      const users = [...new Set([...planned.keys(), ...foreseen.map(({ userId }) => userId)])].sort();
      const row = { host, urn: inputs.__urn };
      const groupIds = inputs.groups.map(({ groupId }) => groupId);
      const graphs = graphsOf(
        inputs.connection,
        row,
        present(inputs.groups).map(({ groupId }) => groupId),
      );
      const { graph } = graphs;
      const begun = await graph.skusAndErrors(groupIds).catch(failureOf);
      if ("kind" in begun) return notBegun(inputs, before, describeFailure(begun), planned.size, host.now());
      const failing = inputs.reprocess ? failingOf(foreseen).map(({ userId }) => userId) : [];
      const tried = await reprocess(graph, failing, row);
      // check: users blocked in the plan are looked at again where the gate waits for them
      // check: a continued run looks at the users with something left
      const toLookAt = lists.looksAgain ? users : users.filter((userId) => planned.has(userId) || tried.has(userId));
      const catalog = new Catalog(begun.skus, inputs.__successors, new Map(Object.entries(inputs.__trials)));
      const nested = new Map(Object.entries(lists.nested).map(([id, packed]) => [id, new Set(unpackIds(packed))]));
      const { groups: declared, settleMs, putBackMs, steadyMs, showNames } = inputs;
      const refused = byUser(lists.refused);
      const notNow = riseOfErrors(declared, inputs.__inError, begun.inError);
      const noWayBack = inputs.acceptNoWayBack === true || new Set(inputs.__noWayBack);
      const accepts = { grace: new Set(inputs.__acceptGrace), noWayBack };
      const context = {
        ...{ accepts, asksEnds: inputs.asksMembershipEnds },
        ...{
          ...row,
          ...graphs,
          declared,
          catalog,
          recorded,
          refused,
          bridges: unpackPairs(lists.bridges),
          nested,
          settleMs,
          putBackMs,
          steadyMs,
          showNames,
        },
        waveUsers: inputs.users,
        usersPerUnit: size(declared.length + (inputs.asksMembershipEnds ? declared.length : 0) + 1),
      };
      const run = await removeAll(toLookAt, planned, context, notNow);
      const looked = new Set(toLookAt);
      const asForeseen = foreseen.filter(({ userId }) => !looked.has(userId));
      const result = { ...run, blocked: [...run.blocked, ...asForeseen] };
      // check: a wave is done at Graph's time
      const outputs = removalOutputs(inputs, before, result, users, catalog, graph.now(), host.now());
      if (result.halt === null)
        host.receipts.partIsDone(inputs.wave, inputs.slice, partOfRun(outputs, before, result.blocked));
      await tellRemoval(inputs, result, outputs, catalog, graph, host);
      return {
        outputs,
        unfinished: result.halt === null ? [] : [formatHalt(inputs, result.halt, result, toLookAt.length)],
      };
    },

    // Deleting this row takes nothing from users: direct licences are gone already, and the groups' stay.
    release: () => Promise.resolve(),
  };
}

/**
 * The reason why this part may not begin: the state lacks direct licences of its users, so a removal could not be
 * undone, or does not know what is about to go, so a kill would leave no trace. `null` if this run has kept the baseline.
 */
function notOnRecord({ wave, slice, waits, mode, __lists }: RemovalInputs, receipts: Receipts): string | null {
  if (waits || mode === "restore" || receipts.hasBaseline(__lists.baselineDigest)) return null;
  const users = unpackPairs(__lists.unrecorded).size;
  // check: a part of a wave begins only when the state knows what it is about to remove
  if (users === 0 && unpackPairs(__lists.planned).size > 0) return formatUntold(wave, slice);
  // check: a part of a wave begins only with a record of its users
  if (users === 0) return null;
  const missing = counted(users, "user has a direct licence that is", "users have direct licences that are");
  return (
    `wave ${wave} (${slice}) was not begun: ${missing} not in the baseline that the state holds, and this run leaves the baseline out ` +
    "(--target or --exclude). Nothing was removed: what is not on record could not be put back. Run pulumi up without these flags."
  );
}

function formatUntold(wave: string, slice: string): string {
  return (
    `wave ${wave} (${slice}) was not begun: the state would not know what it was about to remove, because this run leaves the baseline ` +
    "out (--target or --exclude), and after a kill nothing could tell it. Nothing was removed. Run pulumi up without these flags."
  );
}

/** A read that fails before the first user leaves the state as it was. */
function notBegun(
  inputs: RemovalInputs,
  before: RemovalOutputs | null,
  why: string,
  users: number,
  nowMs: number,
): Converged<RemovalOutputs> {
  const nothing = { removed: [], blocked: [], lookedAt: 0 };
  const outputs = { ...(before ?? waitingOutputs(inputs)), __end: endOf(why, nowMs) };
  return { outputs, unfinished: [formatHalt(inputs, why, nothing, users)] };
}

function byUser(refused: readonly RefusedRemoval[]): ReadonlyMap<Guid, readonly RefusedRemoval[]> {
  const all = new Map<Guid, readonly RefusedRemoval[]>();
  for (const each of refused) all.set(each.userId, [...(all.get(each.userId) ?? []), each]);
  return all;
}

/** A licence from an unknown source is not in the baseline, even if it later proves to be direct. */
function isDirect({ reason }: Blocked): boolean {
  return reason.kind !== "source-unknown";
}

function merge(planned: UserSkus, blocked: readonly Removal[]): UserSkus {
  const all = new Map(planned);
  for (const { userId, skuId } of blocked) all.set(userId, new Set([...(all.get(userId) ?? []), skuId]));
  return all;
}

/** Prints the permanent lines about a run. */
async function tellRemoval(
  { wave, groups: declared, showNames, __ruled, __urn }: RemovalInputs,
  result: UnitResult,
  { lastRemoved }: RemovalOutputs,
  catalog: Catalog,
  graph: TenantReads,
  host: Host,
): Promise<void> {
  const removed = total(lastRemoved);
  if (removed > 0) {
    await host.say(__urn, `${wave}: removed ${counted(removed, "direct assignment")} (${formatCounts(lastRemoved)})`);
  }
  const ruled = declared.filter(({ name }) => __ruled.includes(name));
  const groups = new Map(ruled.map(({ groupId }) => [groupId, { membershipRule: "" }]));
  const names = namesOf({ declared, catalog, groups });
  const people = showNames ? await peopleNow(graph, shownInBlockedLines(result.blocked, names, catalog)) : BY_ID;
  for (const line of blockedLines(result.blocked, names, catalog, people)) await host.say(__urn, `${wave}: ${line}`);
  if (result.gone.length > 0)
    await host.say(__urn, `${wave}: ${counted(result.gone.length, "user no longer exists", "users no longer exist")}`);
}
