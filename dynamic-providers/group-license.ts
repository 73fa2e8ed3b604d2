import type * as pulumi from "@pulumi/pulumi";
import { GraphError } from "../graph/client/failure";
import type { GraphConnection, TenantReads } from "../graph/tenant-graph";
import { Catalog } from "../licensing/catalog/catalog";
import type { NamedSuccessor, Successor } from "../licensing/catalog/successors";
import type { DeclaredGroup } from "../licensing/declaration";
import { changesToGroup } from "../licensing/loss/group-change";
import { oneCallOf } from "../licensing/loss/one-call";
import { licensesAfter } from "../licensing/record/licenses-after";
import type { NamedLoss, ResolvedLoss } from "../licensing/loss/loss";
import { groupOfToday } from "../licensing/catalog/of-today";
import type { Guid, License } from "../licensing/model";
import { RESTRICTED } from "../licensing/preflight/group-facts";
import { GROUP_FIELDS, type GroupLicenseState, type PlansOnRecord } from "../licensing/record/record";
import { requireFields } from "../licensing/record/whole-rows";
import { sameNames, type RecordedNames } from "../licensing/catalog/recorded-names";
import { Refusal } from "../licensing/refusal";
import { HostedResource } from "./hosted-resource";
import { beforeTakingOff } from "./group-change/before-taking-off";
import { cameMeanwhile } from "./group-change/swap-in-one-call";
import { takingTurns, TURNS, type TakingTurns } from "./group-change/in-turn";
import { writeToGroup } from "./group-change/write-to-group";
import { refuseLoss } from "./group-change/refuse-loss";
import { untilWritten } from "./group-change/until-written";
import type { Host } from "./engine/host";
import { graphsOf } from "./writing/waits";
import type { Lifecycle } from "./engine/lifecycle";

export interface GroupLicenseInputs {
  readonly connection: GraphConnection;
  readonly group: DeclaredGroup;
  /** Changes that the group needs now, as text; empty if it already has its declared licences. */
  readonly changes: readonly string[];
  /** The reason for a refusal; empty if there is none. */
  readonly refusal: string;
  /** Losses that the stack file accepts for this group. */
  readonly acceptLoss: readonly NamedLoss[];
  /** Successors that the stack file adds, by a plan of this group. For policies. */
  readonly successors: readonly NamedSuccessor[];
  /** Planned licences of the stack's other groups, which may differ from their current ones. */
  readonly others: Readonly<Record<Guid, readonly License[]>>;
  /** Plans that Microsoft added to the group's SKUs since the last `up`: `ENTERPRISEPACK: MICROSOFT_X`. */
  readonly addedPlans: readonly string[];
  /** SKUs that stay on the group until its take-off, when every member has been verified. */
  readonly __later: readonly Guid[];
  /** SKUs on record to go off the group whose members no run has read back. */
  readonly __left: readonly Guid[];
  /** Successors that the stack file accepts. */
  readonly __successors: readonly Successor[];
  /** The service plans of the group's SKUs. */
  readonly __plans: PlansOnRecord;
  /** The SKUs that the names in the stack file stand for. */
  readonly __names: RecordedNames;
  readonly __urn: string;
}

export interface GroupLicenseOutputs extends GroupLicenseState {
  readonly connection: GraphConnection;
  /** The declared licences. */
  readonly licenses: readonly License[];
}

/** What the program declares. The engine runs `groupLicense`. */
export class GroupLicense extends HostedResource {
  declare readonly licenses: pulumi.Output<GroupLicenseOutputs["licenses"]>;

  constructor(name: string, args: pulumi.Inputs & GroupLicenseInputs, options: pulumi.CustomResourceOptions) {
    const outputs = { name: undefined, groupId: undefined, displayName: undefined, licenses: undefined };
    super("GroupLicense", name, { ...outputs, ...args }, options);
  }
}

/**
 * Gives a group its licences in place, and leaves undeclared SKUs and what `GroupLicenseTakeOff` takes off alone.
 * Releases run one at a time: otherwise two groups would each count as the other's replacement. A group counts only if
 * a fresh read shows its licence processed, and never after its own release began.
 */
export function groupLicenseLifecycle(
  { inTurn, lettingGo }: TakingTurns = takingTurns(),
): Lifecycle<GroupLicenseInputs, GroupLicenseOutputs> {
  return {
    idOf: ({ group }) => group.groupId,

    refusal: ({ refusal }) => (refusal === "" ? null : refusal),

    // A plan that Microsoft added is a change without a write, so that a nightly check reports it.
    hasChanges: ({ group, changes, acceptLoss, addedPlans, __later, __left, __plans, __names }, outputs) =>
      group.deleted === undefined &&
      (changes.length > 0 ||
        !sameLicenses(group.licenses, outputs.licenses) ||
        !sameLosses(acceptLoss, outputs.acceptLoss) ||
        outputs.displayName !== group.displayName ||
        addedPlans.length > 0 ||
        __later.some((skuId) => !__left.includes(skuId)) ||
        !sameNames(__names, outputs.__names) ||
        Object.keys(__plans).some((skuId) => outputs.__plans[skuId] === undefined)),

    converge: (inputs, before, host) =>
      inTurn(async () => {
        const { connection, group, acceptLoss, __later, __left, __successors, __plans, __names, __urn } = inputs;
        const row = { host, urn: __urn };
        const { graph } = graphsOf(connection, row, [group.groupId]);
        const known = before?.groupId === group.groupId ? before : null;
        const recorded = known?.__leaving ?? [];
        // What went off the group is nobody's to take off again, should another administrator put it back.
        const wentOff = recorded.filter(({ skuId }) => ![...__later, ...__left].includes(skuId));
        const givenBefore = (known?.given ?? []).filter(
          (id) => wentOff.every(({ skuId }) => skuId !== id) || group.licenses.some(({ skuId }) => skuId === id),
        );
        const sent = new Set<Guid>();
        let leaving = recorded.filter(({ skuId }) => __left.includes(skuId));
        const stop = await untilWritten(row, async () => {
          const change = await changeTo(inputs, givenBefore, graph);
          if (change.later.length > 0) {
            const all = await beforeTakingOff(graph, change, graph.now());
            leaving = [...leaving.filter(({ skuId }) => all.every((each) => each.skuId !== skuId)), ...all];
            host.receipts.leavingIsKept(group.groupId, __later);
            // The take-off gives these in the call that takes the others off.
            for (const { skuId } of change.call?.add ?? []) sent.add(skuId);
          }
          if (change.add.length + change.remove.length === 0) return;
          if (change.now.isManagementRestricted === true) {
            throw new Refusal(`The licences of ${group.displayName} were not changed: ${RESTRICTED}`);
          }
          // check: a licence that is taken off a group by name is refused once more at the write
          await refuseLoss(graph, { ...change, successors: __successors, lettingGo, how: "changed" });
          for (const { kind, license } of change.changes) if (kind === "add") sent.add(license.skuId);
          await writeToGroup(graph, change.now, () =>
            graph.assignGroupLicenses(group.groupId, change.add, change.remove),
          );
          lettingGo.delete(group.groupId);
        });
        // A stopped run may not know whether its write took effect; the SKU is then treated as adopted.
        const given = (skuId: Guid) => givenBefore.includes(skuId) || (stop === null && sent.has(skuId));
        const outputs: GroupLicenseOutputs = {
          connection,
          name: group.name,
          groupId: group.groupId,
          displayName: group.displayName,
          licenses: group.licenses,
          given: [...group.licenses.map(({ skuId }) => skuId), ...__later].filter(given),
          __leaving: leaving,
          acceptLoss,
          __plans,
          __names,
        };
        const unfinished =
          stop === null ? [] : [`Stopped before the licences of ${group.displayName} were changed: ${stop}`];
        return { outputs, unfinished };
      }),

    release: (outputs, host) => inTurn(() => letGo(outputs, host, lettingGo)),
  };
}

export const groupLicense = groupLicenseLifecycle(TURNS);

/** The write that the group needs, by a fresh read. */
async function changeTo(
  { group, acceptLoss, others, __later }: GroupLicenseInputs,
  givenBefore: readonly Guid[],
  graph: TenantReads,
) {
  const read = await graph.group(group.groupId);
  if (read === null) {
    throw new Refusal(`The group ${group.displayName} (${group.groupId}) no longer exists. Correct the stack file.`);
  }
  const isAsDeclared = changesToGroup(group.licenses, read.licenses).length === 0;
  const now = isAsDeclared ? read : groupOfToday(read, new Catalog(await graph.subscribedSkus()));
  const changes = changesToGroup(group.licenses, now.licenses);
  // check: a licence that another one replaces on a group stays until members are verified
  const later = now.licenses.filter(({ skuId }) => __later.includes(skuId));
  const call = oneCallOf(group, now.licenses);
  // check: what a group swaps in one call is neither added nor taken off before
  const own = changes.filter(({ license }) => !call?.add.includes(license));
  const surprise = (call?.off ?? []).filter(({ skuId }) => !__later.includes(skuId));
  // check: a licence that a swap did not plan for is not taken off
  if (surprise.length > 0) throw cameMeanwhile(group);
  const after = [...licensesAfter(group, now, givenBefore).filter(({ skuId }) => !__later.includes(skuId)), ...later];
  const stays = new Set(after.map(({ skuId }) => skuId));
  return {
    ...{ group, now, after, later, call, changes: own, accepted: acceptLoss, others: new Map(Object.entries(others)) },
    add: own.map(({ license }) => license),
    remove: now.licenses.map(({ skuId }) => skuId).filter((skuId) => !stays.has(skuId)),
  };
}

async function letGo(outputs: GroupLicenseOutputs, host: Host, lettingGo: Set<Guid>): Promise<void> {
  // A destroy comes here without the program, which reads the record of a run.
  requireFields(`the licences of group ${outputs.name}`, outputs, [...GROUP_FIELDS, "connection"]);
  const { connection, name, groupId, displayName, given, acceptLoss } = outputs;
  // Pulumi gives a release no URN, so waits are shown in the stack's row.
  const row = { host, urn: "" };
  const { graph } = graphsOf(connection, row);
  const stop = await untilWritten(row, async () => {
    const now = await graph.group(groupId);
    if (now === null) return;
    const group: DeclaredGroup = { name, groupId, displayName, licenses: [] };
    const remove = now.licenses.map(({ skuId }) => skuId).filter((skuId) => given.includes(skuId));
    if (remove.length === 0) return;
    const after = licensesAfter(group, now, given);
    await refuseLoss(graph, {
      group,
      now,
      after,
      accepted: acceptLoss,
      others: new Map(),
      lettingGo,
      successors: [],
      how: "let-go",
    });
    lettingGo.add(groupId);
    await writeToGroup(graph, now, () => graph.assignGroupLicenses(groupId, [], remove));
  });
  if (stop !== null) throw new GraphError({ kind: "stopped", reason: stop });
}

function sameLicenses(a: readonly License[], b: readonly License[]): boolean {
  return a.length === b.length && changesToGroup(a, b).length === 0;
}

/** Compares without regard to order. */
function sameLosses(a: readonly ResolvedLoss[], b: readonly ResolvedLoss[]): boolean {
  const words = (losses: readonly ResolvedLoss[]) =>
    [...new Set(losses.map(({ group, skuId, planId }) => `${group} ${skuId} ${planId}`))].sort().join();
  return words(a) === words(b);
}
