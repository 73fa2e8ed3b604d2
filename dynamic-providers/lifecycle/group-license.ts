import { GraphError } from "../../graph/client/failure";
import type { GraphConnection, TenantGraph } from "../../graph/tenant-graph";
import { Catalog } from "../../licensing/catalog/catalog";
import type { DeclaredGroup } from "../../licensing/declaration";
import { changesToGroup } from "../../licensing/loss/group-change";
import { licensesAfter } from "../../licensing/record/licenses-after";
import type { NamedLoss, ResolvedLoss } from "../../licensing/loss/loss";
import { groupOfToday } from "../../licensing/catalog/of-today";
import type { Guid, License } from "../../licensing/model";
import { RESTRICTED } from "../../licensing/preflight/group-facts";
import { givenOf, type PlansOnRecord } from "../../licensing/record/record";
import { sameNames, type RecordedNames } from "../../licensing/catalog/recorded-names";
import { Refusal } from "../../licensing/refusal";
import { oneAfterTheOther } from "../group-change/in-turn";
import { refuseLoss } from "../group-change/refuse-loss";
import { untilWritten } from "../group-change/until-written";
import type { Host } from "../engine/host";
import { graphsOf } from "../writing/waits";
import type { Lifecycle } from "./lifecycle";

export interface GroupLicenseInputs {
  readonly connection: GraphConnection;
  readonly group: DeclaredGroup;
  /** What has to be done to the group as it is now, in words; empty when it gives what is declared. */
  readonly changes: readonly string[];
  /** Why the change is refused; empty when it is not. */
  readonly refusal: string;
  /** Losses that the stack file accepts for this group. */
  readonly acceptLoss: readonly NamedLoss[];
  /** What the other groups of the stack will give: nothing is judged as if they still gave what they give now. */
  readonly others: Readonly<Record<Guid, readonly License[]>>;
  /** Plans that Microsoft added to the group's SKUs since the last `up`: `ENTERPRISEPACK: MICROSOFT_X`. */
  readonly addedPlans: readonly string[];
  /** What the group's SKUs consist of. */
  readonly __plans: PlansOnRecord;
  /** What the stack file's names of its licences stand for. */
  readonly __names: RecordedNames;
  readonly __urn: string;
}

export interface GroupLicenseOutputs {
  readonly connection: GraphConnection;
  readonly name: string;
  readonly groupId: Guid;
  readonly displayName: string;
  /** What the stack file declares. */
  readonly licenses: readonly License[];
  /**
   * The SKUs among them that this resource put on the group: all that it may ever take away. One that was there before is adopted: it gets
   * the declared plans, and stays on the group, with the plans it has by then, when it is no longer declared. What it once gave is not
   * brought back: to widen it would give people more than anybody asked for, and to narrow it would take from them. A run that was
   * killed after its write finds its own work there and adopts it, which leaves too much on a group, never too little.
   * Absent in states of older versions: see `givenOf`.
   */
  readonly given?: readonly Guid[];
  /** What its release is judged by, when the stack file no longer speaks of the group. */
  readonly acceptLoss: readonly ResolvedLoss[];
  /** What the group's SKUs consisted of when this was done: a plan that comes later is reported. Older states lack it. */
  readonly __plans?: PlansOnRecord;
  readonly __names: RecordedNames;
}

/**
 * Gives a group its licences, in place: adopts what is already there, and leaves SKUs that nobody declared alone.
 *
 * **Letting go of several groups** is judged one after the other, each by what others give in Entra at that moment. A `destroy` releases groups
 * side by side; two that give the same would vouch for each other, and both licences would be gone. The entries of users do not tell in time:
 * those from the first group look `Active` until Entra has processed its change. So another group vouches only while a fresh
 * read shows the SKU on the group itself, processed; and never again, in this process, once its own release has begun, because a read may be
 * behind and a write that failed may still arrive. The last one that somebody needs is thus refused, in whatever order they come.
 */
export function groupLicenseLifecycle(): Lifecycle<GroupLicenseInputs, GroupLicenseOutputs> {
  const inTurn = oneAfterTheOther();
  /** Groups whose release has begun in this process. */
  const lettingGo = new Set<Guid>();

  return {
    idOf: ({ group }) => group.groupId,

    refusal: ({ refusal }) => (refusal === "" ? null : refusal),

    // A plan that Microsoft added is a change though nothing is written: the nightly check must not pass over it.
    hasChanges: ({ group, changes, acceptLoss, addedPlans, __plans, __names }, outputs) =>
      group.deleted === undefined &&
      (changes.length > 0 ||
        !sameLicenses(group.licenses, outputs.licenses) ||
        !sameLosses(acceptLoss, outputs.acceptLoss) ||
        outputs.displayName !== group.displayName ||
        addedPlans.length > 0 ||
        !sameNames(__names, outputs.__names) ||
        Object.keys(__plans).some((skuId) => outputs.__plans?.[skuId] === undefined)),

    converge: (inputs, before, host) =>
      inTurn(async () => {
        const { connection, group, acceptLoss, __plans, __names, __urn } = inputs;
        const row = { host, urn: __urn };
        const { graph } = graphsOf(connection, row, [group.groupId]);
        const givenBefore = before?.groupId === group.groupId ? givenOf(before) : [];
        const sent = new Set<Guid>();
        const stop = await untilWritten(row, async () => {
          const change = await changeTo(inputs, givenBefore, graph);
          if (change.add.length + change.remove.length === 0) return;
          if (change.now.isManagementRestricted === true) {
            throw new Refusal(`The licences of ${group.displayName} were not changed: ${RESTRICTED}`);
          }
          await refuseLoss(graph, { ...change, lettingGo, how: "changed" });
          for (const { kind, license } of change.changes) if (kind === "add") sent.add(license.skuId);
          await withNamesInFailure(graph, () => graph.assignGroupLicenses(group.groupId, change.add, change.remove));
          lettingGo.delete(group.groupId);
        });
        // A run that was stopped may not know whether its write was done: then it is as if the SKU had been there before.
        const given = (skuId: Guid) => givenBefore.includes(skuId) || (stop === null && sent.has(skuId));
        const outputs: GroupLicenseOutputs = {
          connection,
          name: group.name,
          groupId: group.groupId,
          displayName: group.displayName,
          licenses: group.licenses,
          given: group.licenses.map(({ skuId }) => skuId).filter(given),
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

export const groupLicense = groupLicenseLifecycle();

/** Graph names plans and SKUs by id alone. */
async function withNamesInFailure(graph: TenantGraph, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof GraphError) || error.failure.kind !== "licenseRule") throw error;
    const catalog = new Catalog(await graph.subscribedSkus().catch(() => []));
    throw new GraphError({ ...error.failure, message: catalog.withNames(error.failure.message) });
  }
}

/** What has to be written so that the group gives what is declared, as a read of now shows it. */
async function changeTo(
  { group, acceptLoss, others }: GroupLicenseInputs,
  givenBefore: readonly Guid[],
  graph: TenantGraph,
) {
  const read = await graph.group(group.groupId);
  if (read === null) {
    throw new Refusal(`The group ${group.displayName} (${group.groupId}) no longer exists. Correct the stack file.`);
  }
  const isAsDeclared = changesToGroup(group.licenses, read.licenses).length === 0;
  const now = isAsDeclared ? read : groupOfToday(read, new Catalog(await graph.subscribedSkus()));
  const changes = changesToGroup(group.licenses, now.licenses);
  const after = licensesAfter(group, now, givenBefore);
  const stays = new Set(after.map(({ skuId }) => skuId));
  return {
    ...{ group, now, after, changes, accepted: acceptLoss, others: new Map(Object.entries(others)) },
    add: changes.map(({ license }) => license),
    remove: now.licenses.map(({ skuId }) => skuId).filter((skuId) => !stays.has(skuId)),
  };
}

async function letGo(outputs: GroupLicenseOutputs, host: Host, lettingGo: Set<Guid>): Promise<void> {
  const { connection, name, groupId, displayName, acceptLoss } = outputs;
  // Pulumi tells no row to a release: what it waits for is shown in the stack's.
  const row = { host, urn: "" };
  const { graph } = graphsOf(connection, row);
  const stop = await untilWritten(row, async () => {
    const now = await graph.group(groupId);
    if (now === null) return;
    const group: DeclaredGroup = { name, groupId, displayName, licenses: [] };
    const given = givenOf(outputs);
    const remove = now.licenses.map(({ skuId }) => skuId).filter((skuId) => given.includes(skuId));
    if (remove.length === 0) return;
    const after = licensesAfter(group, now, given);
    await refuseLoss(graph, { group, now, after, accepted: acceptLoss, others: new Map(), lettingGo, how: "let-go" });
    lettingGo.add(groupId);
    await graph.assignGroupLicenses(groupId, [], remove);
  });
  if (stop !== null) throw new GraphError({ kind: "stopped", reason: stop });
}

function sameLicenses(a: readonly License[], b: readonly License[]): boolean {
  return a.length === b.length && changesToGroup(a, b).length === 0;
}

/** In whatever order the stack file lists them. */
function sameLosses(a: readonly ResolvedLoss[], b: readonly ResolvedLoss[]): boolean {
  const words = (losses: readonly ResolvedLoss[]) =>
    [...new Set(losses.map(({ group, skuId, planId }) => `${group} ${skuId} ${planId}`))].sort().join();
  return words(a) === words(b);
}
