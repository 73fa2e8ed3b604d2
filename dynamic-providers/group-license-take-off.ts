import type * as pulumi from "@pulumi/pulumi";
import type { GraphConnection, LicenseWrites } from "../graph/tenant-graph";
import type { Catalog } from "../licensing/catalog/catalog";
import type { Successor } from "../licensing/catalog/successors";
import type { DeclaredGroup } from "../licensing/declaration";
import { addCounts, formatCounts, total, type CountsByName } from "../licensing/counts";
import { grouped } from "../licensing/grouped";
import { inBoth } from "../licensing/loss/group-change";
import { withNames, type NamedLoss } from "../licensing/loss/loss";
import type { Guid, License, LicensedUser } from "../licensing/model";
import { interrupted, type GroupPlan } from "../licensing/plan/group-plan";
import { packDebts } from "../licensing/record/debts-on-record";
import { packLeaving, type Leaving, type LeavingState, type TakeOffState } from "../licensing/record/leaving-on-record";
import { licensesAfter } from "../licensing/record/licenses-after";
import { Refusal } from "../licensing/refusal";
import type { Timeouts } from "../licensing/stack-file/stack-file";
import { HostedResource } from "./hosted-resource";
import type { Host } from "./engine/host";
import type { Lifecycle } from "./engine/lifecycle";
import { holdersAmong, holdersIn, type Holders } from "./group-change/holders";
import { takingTurns, TURNS, type TakingTurns } from "./group-change/in-turn";
import { readBackGroup } from "./group-change/read-back-group";
import { refuseLoss } from "./group-change/refuse-loss";
import { swapInOneCall } from "./group-change/swap-in-one-call";
import { untilWritten } from "./group-change/until-written";
import { writeToGroup } from "./group-change/write-to-group";
import { graphsOf } from "./writing/waits";

export interface TakeOffInputs {
  readonly connection: GraphConnection;
  readonly group: DeclaredGroup;
  /** SKUs that go off the group in this run, by name. */
  readonly takeOff: readonly string[];
  /** SKUs that come in the very call that takes `takeOff` off, by name; empty: members have been verified before. */
  readonly swapIn: readonly string[];
  /** SKUs that an earlier run took off and whose members no run has read back, by name. */
  readonly readBack: readonly string[];
  /** Losses that the stack file accepts for this group. */
  readonly acceptLoss: readonly NamedLoss[];
  /** See `GroupLicenseInputs.others`. */
  readonly others: Readonly<Record<Guid, readonly License[]>>;
  readonly timeouts: Timeouts;
  /** Successors that the stack file accepts. */
  readonly __successors: readonly Successor[];
  /** The SKUs of `takeOff`. */
  readonly __takeOff: readonly Guid[];
  /** The SKUs of `swapIn`. */
  readonly __swapIn: readonly Guid[];
  /** The licences on record of both, with their users; passed without being kept. */
  readonly __lists: readonly LeavingState[];
  readonly __urn: string;
}

export interface TakeOffOutputs extends TakeOffState {
  readonly connection: GraphConnection;
  /** Members whose old licence had to be assigned directly, by SKU, in the last run. */
  readonly restored: CountsByName;
}

/** The plan of one group as resource inputs. */
export function takeOffInputs(
  connection: GraphConnection,
  plan: GroupPlan,
  catalog: Catalog,
  timeouts: Timeouts,
): Omit<TakeOffInputs, "__urn"> {
  const names = (skuIds: readonly Guid[]) => skuIds.map((skuId) => catalog.skuName(skuId)).sort();
  const { declared, later, call, left, accepted, others } = plan;
  const takeOff = later.map(({ skuId }) => skuId);
  return {
    ...{ connection, group: declared, timeouts, others: Object.fromEntries(others) },
    takeOff: names(takeOff),
    swapIn: names((call?.add ?? []).map(({ skuId }) => skuId)),
    readBack: names(interrupted(plan).map(({ skuId }) => skuId)),
    acceptLoss: withNames(accepted, catalog),
    __successors: catalog.accepted,
    __takeOff: takeOff,
    __swapIn: (call?.add ?? []).map(({ skuId }) => skuId),
    __lists: left.map(packLeaving),
  };
}

/** What the program declares. The engine runs `groupLicenseTakeOff`. */
export class GroupLicenseTakeOff extends HostedResource {
  constructor(name: string, args: pulumi.Inputs & TakeOffInputs, options: pulumi.CustomResourceOptions) {
    super("GroupLicenseTakeOff", name, { ...args }, options);
  }
}

/**
 * Takes SKUs off a group after the gate, when every member keeps all plans by what stays: judged by a fresh read right
 * before the write, and read back member by member. A member that lacks a plan gets the old licence directly, at once.
 */
export function takeOffLifecycle(
  { inTurn, lettingGo }: TakingTurns = takingTurns(),
): Lifecycle<TakeOffInputs, TakeOffOutputs> {
  return {
    idOf: ({ group }) => `${group.groupId}-take-off`,

    refusal: () => null,

    hasChanges: ({ takeOff, readBack }) => takeOff.length + readBack.length > 0,

    converge: (inputs, before, host) =>
      inTurn(async () => {
        const { connection, group, acceptLoss, timeouts, __takeOff, __lists, __urn } = inputs;
        const row = { host, urn: __urn };
        const { graph, toTheEnd } = graphsOf(connection, row, [group.groupId]);
        const known = before?.groupId === group.groupId ? before : null;
        const context = {
          ...row,
          graph,
          toTheEnd,
          group,
          accepted: acceptLoss,
          successors: inputs.__successors,
          timeouts,
        };
        let outputs: TakeOffOutputs = {
          ...{ connection, name: group.name, groupId: group.groupId, restored: {} },
          ...{ off: known?.off ?? {}, owed: known?.owed ?? [] },
        };
        const readBack = async (
          skuIds: readonly Guid[],
          holders: Holders,
          swap: Pick<Leaving, "swappedFor">,
        ): Promise<readonly string[]> => {
          const { restored, owed, unfinished, isRead } = await readBackGroup(holders, { ...context, ...swap });
          const at = new Date(graph.now()).toISOString();
          outputs = {
            ...outputs,
            restored: addCounts([outputs.restored, restored]),
            off: { ...outputs.off, ...(isRead ? Object.fromEntries(skuIds.map((skuId) => [skuId, at])) : {}) },
            owed: [...outputs.owed, ...packDebts(owed.map((each) => ({ ...each, at })))],
          };
          return unfinished;
        };
        // What an interrupted run left comes first, before any refusal.
        const left = __lists.filter(({ skuId }) => !__takeOff.includes(skuId));
        const ofBefore: string[] = [];
        for (const [, alike] of grouped(left, ({ swappedFor = [] }) => swappedFor.join(" "))) {
          const skuIds = alike.map(({ skuId }) => skuId);
          const [swap = {}] = alike.map(({ swappedFor }) => (swappedFor === undefined ? {} : { swappedFor }));
          ofBefore.push(...(await readBack(skuIds, holdersIn(alike, new Map()), swap)));
        }
        if (ofBefore.length > 0 || __takeOff.length === 0) return { outputs, unfinished: ofBefore };

        refuseUnrecorded(inputs, host);
        let holders: Holders = new Map();
        const keep = (members: readonly LicensedUser[]) => (holders = holdersAmong(members, group.groupId, __takeOff));
        const isSwap = inputs.swapIn.length > 0;
        const attempt = () =>
          isSwap
            ? swapInOneCall(
                graph,
                {
                  group,
                  accepted: acceptLoss,
                  successors: inputs.__successors,
                  others: inputs.others,
                  off: __takeOff,
                  lettingGo,
                },
                keep,
              )
            : takeOff(graph, inputs, lettingGo, keep);
        // check: a swap without an answer is read back where the group shows it
        const isDone = async () => isSwap && holders.size > 0 && (await isOff(toTheEnd, group, __takeOff));
        const stop = await untilWritten(row, attempt).catch(async (error: unknown) => {
          if (await isDone()) return null;
          throw error;
        });
        if (stop !== null && !(await isDone())) {
          return {
            outputs,
            unfinished: [`Stopped before ${inputs.takeOff.join(", ")} went off ${group.displayName}: ${stop}`],
          };
        }
        const recorded = __lists.filter(({ skuId }) => __takeOff.includes(skuId));
        const swap = isSwap ? { swappedFor: inputs.__swapIn } : {};
        const unfinished = await readBack(__takeOff, holdersIn(recorded, holders), swap);
        const { restored } = outputs;
        if (total(restored) > 0) await host.say(__urn, `assigned directly instead: ${formatCounts(restored)}`);
        return { outputs, unfinished };
      }),

    // The licences that are off stay off; only this stack needs the record.
    release: () => Promise.resolve(),
  };
}

export const groupLicenseTakeOff = takeOffLifecycle(TURNS);

async function isOff(graph: LicenseWrites, { groupId }: DeclaredGroup, skuIds: readonly Guid[]): Promise<boolean> {
  const now = await graph.group(groupId);
  return now?.licenses.every(({ skuId }) => !skuIds.includes(skuId)) === true;
}

/** A kill between write and read-back must leave a record, which the group's own row writes before this one. */
function refuseUnrecorded({ group, takeOff, __takeOff, __lists }: TakeOffInputs, { receipts }: Host): void {
  const isKept = (skuId: Guid) =>
    receipts.hasLeaving(group.groupId, skuId) || __lists.some((each) => each.skuId === skuId);
  // check: a licence goes off a group only when its members are on record
  if (__takeOff.every(isKept)) return;
  throw new Refusal(
    `${takeOff.join(", ")} was not taken off ${group.displayName}: who has it is not on record, because the group's own row was ` +
      "left out of this run. Run pulumi up without --target and --exclude.",
  );
}

/**
 * One attempt, from a fresh read to the write.
 *
 * @param keep receives the members that have the SKUs from this group, before the write: its answer may be lost
 */
async function takeOff(
  graph: LicenseWrites,
  { group, acceptLoss, others, takeOff: names, __successors, __takeOff }: TakeOffInputs,
  lettingGo: ReadonlySet<Guid>,
  keep: (members: readonly LicensedUser[]) => void,
): Promise<void> {
  const now = await graph.group(group.groupId);
  if (now === null) throw new Refusal(`The group ${group.displayName} (${group.groupId}) no longer exists.`);
  const going = now.licenses.filter(({ skuId }) => __takeOff.includes(skuId));
  if (going.length === 0) return;
  // check: a licence goes off a group only when Entra has processed it
  if (now.processingState !== "ProcessingComplete") {
    throw new Refusal(
      `Entra is processing ${group.displayName} again, so nothing was taken off it. Run pulumi up again when it is done.`,
    );
  }
  const remove = going.map(({ skuId }) => skuId);
  // What the group is declared to give counts as far as it gives it now.
  const after = inBoth(
    now.licenses.filter(({ skuId }) => !remove.includes(skuId)),
    licensesAfter({ ...group, removes: remove }, now, []),
  );
  const members = await refuseLoss(graph, {
    ...{ group, now, after, accepted: acceptLoss, others: new Map(Object.entries(others)), lettingGo },
    ...{ successors: __successors, how: "changed" as const },
  }).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
    const why = "not every member has what takes its place; the gate's row counts them by reason";
    throw new Refusal(`${names.join(", ")} stays on ${group.displayName}: ${why}. ${error.message}`);
  });
  keep(members);
  await writeToGroup(graph, now, () => graph.assignGroupLicenses(group.groupId, [], remove));
}
