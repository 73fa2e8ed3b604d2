import type { TenantGraph } from "../graph/tenant-graph";
import type { Catalog } from "../licensing/catalog";
import type { DeclaredGroup } from "../licensing/declaration";
import { licensesAfter } from "../licensing/licenses-after";
import { lossOfGroupChange, lossRefusal, withoutAccepted, type ResolvedLoss } from "../licensing/loss";
import type { LicensedUser } from "../licensing/model";
import type { StackRecord } from "../licensing/record";
import { Refusal } from "../licensing/refusal";

/** A group that is no longer in the stack file loses the licences that this stack gave it: not while somebody needs them. */
export async function refuseDroppedGroups(
  graph: TenantGraph,
  declared: readonly DeclaredGroup[],
  record: StackRecord,
  accepted: readonly ResolvedLoss[],
  catalog: Catalog,
): Promise<void> {
  const kept = new Set(declared.map(({ name }) => name));
  for (const [name, { groupId, licenses }] of record.groupLicenses) {
    if (kept.has(name)) continue;
    const now = await graph.group(groupId);
    if (now === null) continue;
    const members: LicensedUser[] = [];
    for await (const page of graph.memberPages(groupId)) members.push(...page);
    const dropped = { name, groupId, displayName: now.displayName, licenses: [] };
    const after = licensesAfter(
      dropped,
      now,
      licenses.map(({ skuId }) => skuId),
    );
    const losses = withoutAccepted(
      lossOfGroupChange(members, groupId, after, catalog),
      accepted.filter(({ group }) => group === name),
    );
    if (losses.length === 0) continue;
    throw new Refusal(
      `licensing:groups.${name} is no longer in the stack file. ${lossRefusal(dropped, now.licenses, losses, catalog)}`,
    );
  }
}
