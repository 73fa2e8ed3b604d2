import type * as pulumi from "@pulumi/pulumi";
import { failureOf, quoteGraph } from "../graph/client/failure";
import type { GraphConnection, TenantReads } from "../graph/tenant-graph";
import { Catalog } from "../licensing/catalog/catalog";
import type { DeclaredGroup } from "../licensing/declaration";
import { lossOfGroupChanges, unaccepted, type NamedLoss } from "../licensing/loss/loss";
import { lossRefusal, unreadableRefusal } from "../licensing/loss/loss-words";
import type { Guid, LicensedUser } from "../licensing/model";
import { Refusal } from "../licensing/refusal";
import type { Lifecycle } from "./engine/lifecycle";
import { HostedResource } from "./hosted-resource";

/** A group whose licences a destroy takes away. */
type ReleasedGroup = Pick<DeclaredGroup, "name" | "groupId" | "displayName">;

export interface ReleaseCheckInputs {
  readonly connection: GraphConnection;
  readonly groups: readonly ReleasedGroup[];
  /** Losses that the stack file accepts. */
  readonly acceptLoss: readonly NamedLoss[];
  readonly __urn: string;
}

type ReleaseCheckOutputs = Omit<ReleaseCheckInputs, "__urn">;

/** What the program declares, behind all other rows. The engine runs `releaseCheck`. */
export class ReleaseCheck extends HostedResource {
  constructor(name: string, args: pulumi.Inputs & ReleaseCheckInputs, options: pulumi.CustomResourceOptions) {
    super("ReleaseCheck", name, { ...args }, options);
  }
}

/**
 * Depends on every other row, so a destroy deletes it first: what would refuse the release of a group is found while the
 * record of direct licences is whole.
 */
export const releaseCheck: Lifecycle<ReleaseCheckInputs, ReleaseCheckOutputs> = {
  idOf: ({ connection }) => `release-${connection.tenant}`,

  refusal: () => null,

  hasChanges: ({ groups, acceptLoss }, before) =>
    wordsOf({ groups, acceptLoss }) !== wordsOf({ groups: before.groups, acceptLoss: before.acceptLoss }),

  converge: ({ connection, groups, acceptLoss }) =>
    Promise.resolve({ outputs: { connection, groups: groups.map(released), acceptLoss }, unfinished: [] }),

  async release({ connection, groups, acceptLoss }, host) {
    const graph = host.connectForReading(connection);
    const catalog = new Catalog(await graph.subscribedSkus());
    const nothing = new Map(groups.map(({ groupId }) => [groupId, []]));
    for (const group of groups) {
      const members = await membersOf(graph, group);
      const losses = unaccepted(lossOfGroupChanges(members, nothing, catalog), group, acceptLoss);
      // check: nothing of the record goes while a group could not be let go
      if (losses.length > 0) throw new Refusal(lossRefusal(group, losses, catalog, "destroyed"));
    }
  },
};

/** @throws {Refusal} unless every member can be read */
async function membersOf(graph: TenantReads, group: ReleasedGroup): Promise<readonly LicensedUser[]> {
  const now = await graph.group(group.groupId);
  if (now === null) return [];
  const unreadable = new Map<Guid, string>();
  const members = await graph.dependents(now, unreadable).catch((error: unknown) => {
    const failure = failureOf(error);
    throw failure.kind === "stopped" ? error : new Refusal(unreadableRefusal(group, quoteGraph(failure)));
  });
  // check: a member who cannot be read may depend on a group
  if (unreadable.size > 0) throw new Refusal(unreadableRefusal(group, unreadable));
  return members;
}

function released({ name, groupId, displayName }: ReleasedGroup): ReleasedGroup {
  return { name, groupId, displayName };
}

function wordsOf({ groups, acceptLoss }: Pick<ReleaseCheckInputs, "groups" | "acceptLoss">): string {
  const losses = acceptLoss.map(({ group, skuId, planId }) => `${group} ${skuId} ${planId}`);
  return JSON.stringify([groups.map(released), [...new Set(losses)].sort()]);
}
