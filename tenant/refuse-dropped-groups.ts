import type { TenantGraph } from "../graph/tenant-graph";
import { licensesAfterRun } from "../licensing/group-plan";
import { licensesAfter } from "../licensing/licenses-after";
import {
  lossOfGroupChanges,
  lossRefusal,
  withoutAccepted,
  type LicensesByGroup,
  type ResolvedLoss,
} from "../licensing/loss";
import type { LicensedGroup, LicensedUser } from "../licensing/model";
import type { StackRecord } from "../licensing/record";
import { Refusal } from "../licensing/refusal";
import type { TenantSnapshot } from "../licensing/snapshot";

interface Dropped {
  readonly name: string;
  readonly now: LicensedGroup;
  readonly after: LicensesByGroup;
}

/**
 * A group that is no longer in the stack file loses the licences that this stack gave it: not while somebody needs them.
 *
 * @returns what the dropped groups will give, so that nothing else is judged as if they still gave what they do
 */
export async function refuseDroppedGroups(
  graph: TenantGraph,
  snapshot: TenantSnapshot,
  record: StackRecord,
  accepted: readonly ResolvedLoss[],
): Promise<LicensesByGroup> {
  const dropped = await readDropped(graph, snapshot, record);
  const after = new Map(
    [licensesAfterRun(snapshot, record), ...dropped.map((each) => each.after)].flatMap((each) => [...each]),
  );
  for (const { name, now } of dropped) {
    const members: LicensedUser[] = [];
    for await (const page of graph.memberPages(now.id)) members.push(...page);
    const losses = withoutAccepted(
      lossOfGroupChanges(members, after, snapshot.catalog),
      accepted.filter(({ group }) => group === name),
    );
    if (losses.length === 0) continue;
    const group = { name, displayName: now.displayName };
    throw new Refusal(
      `licensing:groups.${name} is no longer in the stack file. ${lossRefusal(group, now.licenses, losses, snapshot.catalog)}`,
    );
  }
  return new Map(dropped.flatMap((each) => [...each.after]));
}

async function readDropped(
  graph: TenantGraph,
  { declared }: TenantSnapshot,
  record: StackRecord,
): Promise<readonly Dropped[]> {
  const kept = new Set(declared.map(({ name }) => name));
  const found: Dropped[] = [];
  for (const [name, { groupId, licenses }] of record.groupLicenses) {
    const now = kept.has(name) ? null : await graph.group(groupId);
    if (now === null) continue;
    const nothing = { name, groupId, displayName: now.displayName, licenses: [] };
    const given = licenses.map(({ skuId }) => skuId);
    found.push({ name, now, after: new Map([[groupId, licensesAfter(nothing, now, given)]]) });
  }
  return found;
}
