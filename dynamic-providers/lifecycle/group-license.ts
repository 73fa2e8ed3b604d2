import type { GraphConnection, TenantGraph } from "../../graph/tenant-graph";
import { Catalog } from "../../licensing/catalog";
import type { DeclaredGroup } from "../../licensing/declaration";
import { changesToGroup } from "../../licensing/group-change";
import {
  lossOfGroupChanges,
  lossRefusal,
  withoutAccepted,
  type LicensesByGroup,
  type ResolvedLoss,
} from "../../licensing/loss";
import type { Guid, License, LicensedGroup, LicensedUser } from "../../licensing/model";
import { Refusal } from "../../licensing/refusal";
import { licensesAfter } from "../../licensing/licenses-after";
import type { Lifecycle } from "./lifecycle";

export interface GroupLicenseInputs {
  readonly connection: GraphConnection;
  readonly group: DeclaredGroup;
  /** What has to be done to the group as it is now, in words; empty when it gives what is declared. */
  readonly changes: readonly string[];
  /** Why the change is refused; empty when it is not. */
  readonly refusal: string;
  /** Losses that the stack file accepts for this group. */
  readonly acceptLoss: readonly ResolvedLoss[];
  /** What the other groups of the stack will give: nothing is judged as if they still gave what they give now. */
  readonly others: Readonly<Record<Guid, readonly License[]>>;
}

export interface GroupLicenseOutputs {
  readonly connection: GraphConnection;
  readonly name: string;
  readonly groupId: Guid;
  readonly displayName: string;
  /** What this resource gave to the group: all it may ever take back. */
  readonly licenses: readonly License[];
  readonly acceptLoss: readonly ResolvedLoss[];
  /** What the other groups of the stack will give: nothing is judged as if they still gave what they give now. */
  readonly others: Readonly<Record<Guid, readonly License[]>>;
}

/** Gives a group its licences, in place: adopts what is already there, and leaves SKUs that nobody declared alone. */
export const groupLicense: Lifecycle<GroupLicenseInputs, GroupLicenseOutputs> = {
  idOf: ({ group }) => group.groupId,

  refusal: ({ refusal }) => (refusal === "" ? null : refusal),

  hasChanges: ({ group, changes }, { licenses, displayName }) =>
    changes.length > 0 || !sameLicenses(group.licenses, licenses) || displayName !== group.displayName,

  async converge({ connection, group, acceptLoss, others }, before, host) {
    const graph = host.connect(connection);
    const given = before?.groupId === group.groupId ? before.licenses : [];
    await change(
      graph,
      group,
      given.map(({ skuId }) => skuId),
      acceptLoss,
      new Map(Object.entries(others)),
    );
    const outputs: GroupLicenseOutputs = {
      connection,
      name: group.name,
      groupId: group.groupId,
      displayName: group.displayName,
      licenses: group.licenses,
      acceptLoss,
      others,
    };
    return { outputs, unfinished: [] };
  },

  async release({ connection, name, groupId, displayName, licenses, acceptLoss, others }, host) {
    const graph = host.connect(connection);
    const nothing: DeclaredGroup = { name, groupId, displayName, licenses: [] };
    await change(
      graph,
      nothing,
      licenses.map(({ skuId }) => skuId),
      acceptLoss,
      new Map(Object.entries(others)),
    );
  },
};

/** Brings a group to what is declared, from what it gives now. Refuses where a member would lose a plan. */
async function change(
  graph: TenantGraph,
  group: DeclaredGroup,
  givenBefore: readonly Guid[],
  accepted: readonly ResolvedLoss[],
  others: LicensesByGroup,
): Promise<void> {
  const now = await graph.group(group.groupId);
  if (now === null) {
    if (group.licenses.length === 0) return;
    throw new Refusal(`The group ${group.displayName} (${group.groupId}) no longer exists. Correct the stack file.`);
  }
  const add = changesToGroup(group.licenses, now.licenses).map(({ license }) => license);
  const after = licensesAfter(group, now, givenBefore);
  const remove = now.licenses.map(({ skuId }) => skuId).filter((skuId) => !after.some((each) => each.skuId === skuId));
  if (add.length + remove.length === 0) return;
  await refuseLoss(graph, group, now, after, accepted, others);
  await graph.assignGroupLicenses(group.groupId, add, remove);
}

/** Looks at every member as they are now: the plan's reading may be old by the time of the write. */
async function refuseLoss(
  graph: TenantGraph,
  group: DeclaredGroup,
  now: LicensedGroup,
  after: readonly License[],
  accepted: readonly ResolvedLoss[],
  others: LicensesByGroup,
): Promise<void> {
  if (now.licenses.length === 0) return;
  const members: LicensedUser[] = [];
  for await (const page of graph.memberPages(group.groupId)) members.push(...page);
  const catalog = new Catalog(await graph.subscribedSkus());
  const losses = withoutAccepted(
    lossOfGroupChanges(members, new Map([...others, [group.groupId, after]]), catalog),
    accepted,
  );
  if (losses.length > 0) throw new Refusal(lossRefusal(group, now.licenses, losses, catalog));
}

function sameLicenses(a: readonly License[], b: readonly License[]): boolean {
  return a.length === b.length && changesToGroup(a, b).length === 0;
}
