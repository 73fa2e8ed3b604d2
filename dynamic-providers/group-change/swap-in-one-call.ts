import type { LicenseWrites } from "../../graph/tenant-graph";
import { Catalog } from "../../licensing/catalog/catalog";
import type { Successor } from "../../licensing/catalog/successors";
import type { DeclaredGroup } from "../../licensing/declaration";
import { changesToGroup, inBoth } from "../../licensing/loss/group-change";
import type { ResolvedLoss } from "../../licensing/loss/loss";
import { oneCallOf } from "../../licensing/loss/one-call";
import type { Guid, License, LicensedGroup, LicensedUser } from "../../licensing/model";
import { whyNotInOneCall } from "../../licensing/plan/judge-one-call";
import { foreseeTrouble } from "../../licensing/preflight/foreseen";
import { licensesAfter } from "../../licensing/record/licenses-after";
import { Refusal } from "../../licensing/refusal";
import { refuseLoss } from "./refuse-loss";
import { writeToGroup } from "./write-to-group";

export interface SwapOfGroup {
  readonly group: DeclaredGroup;
  readonly accepted: readonly ResolvedLoss[];
  readonly successors: readonly Successor[];
  /** See `GroupLicenseInputs.others`. */
  readonly others: Readonly<Record<Guid, readonly License[]>>;
  /** The SKUs that the plan takes off. */
  readonly off: readonly Guid[];
  readonly lettingGo: ReadonlySet<Guid>;
}

/**
 * One attempt at the call that adds what is declared and takes off what it excludes, from a fresh read to the write.
 * Where an earlier attempt has taken effect, nothing is removed again.
 *
 * @param keep receives the members before the write: its answer may be lost
 * @throws {Refusal} if the group or a member is no longer as the plan saw it
 */
export async function swapInOneCall(
  graph: LicenseWrites,
  { group, accepted, successors, others, off, lettingGo }: SwapOfGroup,
  keep: (members: readonly LicensedUser[]) => void,
): Promise<void> {
  const now = await graph.group(group.groupId);
  if (now === null) throw new Refusal(`The group ${group.displayName} (${group.groupId}) no longer exists.`);
  const call = oneCallOf(group, now.licenses);
  if (call === null) return end(graph, group, now, off);
  const surprise = call.off.filter(({ skuId }) => !off.includes(skuId));
  if (surprise.length > 0) throw cameMeanwhile(group);

  const catalog = new Catalog(await graph.subscribedSkus(), successors);
  // Read last, and once: both judgements rest on them.
  const members = await graph.dependents(now);
  const changes = changesToGroup(group.licenses, now.licenses);
  const trouble = foreseeTrouble(
    [{ declared: group, now, changes, joining: null }],
    {
      ...{ declared: [group], groups: new Map([[group.groupId, now]]), catalog, nested: new Map() },
      users: new Map(members.map((user) => [user.id, user])),
      members: new Map([[group.groupId, new Set(members.map(({ id }) => id))]]),
    },
    null,
  );
  const why = whyNotInOneCall({
    ...{ declared: group, now, call, changes, takenOff: call.off, members, unknown: 0, trouble, catalog },
    // Judged by the plan, with the whole tenant before it.
    excludes: () => true,
    comingBack: [],
  });
  // check: a swap in one call is judged again by a fresh read right before it
  if (why !== null) throw new Refusal(why);
  const remove = call.off.map(({ skuId }) => skuId);
  const staying = now.licenses.filter(({ skuId }) => !remove.includes(skuId));
  await refuseLoss(graph, {
    ...{ group, now, members, accepted, others: new Map(Object.entries(others)), lettingGo, successors },
    after: [...inBoth(staying, licensesAfter(group, now, [])), ...call.add],
    given: call.add,
    how: "changed",
  });
  keep(members);
  await writeToGroup(graph, now, () => graph.assignGroupLicenses(group.groupId, call.add, remove));
}

/** The old SKUs are off: by an attempt whose answer was lost, or by others. What is missing is added, and nothing removed. */
async function end(
  graph: LicenseWrites,
  group: DeclaredGroup,
  now: LicensedGroup,
  off: readonly Guid[],
): Promise<void> {
  const { licenses } = now;
  // check: a swap that adds nothing takes nothing off
  if (licenses.some(({ skuId }) => off.includes(skuId))) throw cameMeanwhile(group);
  const missing = changesToGroup(group.licenses, licenses).map(({ license }) => license);
  if (missing.length > 0) {
    await writeToGroup(graph, now, () => graph.assignGroupLicenses(group.groupId, missing, []));
  }
}

/** The licences of a swap are no longer those of the plan. */
export function cameMeanwhile({ displayName }: Pick<DeclaredGroup, "displayName">): Refusal {
  return new Refusal(
    `The licences of ${displayName} have changed since the plan was made, so nothing was swapped. Run pulumi up again.`,
  );
}
