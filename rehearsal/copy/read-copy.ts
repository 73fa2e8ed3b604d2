import { GraphError, isFailure } from "../../graph/client/failure";
import type { Found, TenantReads } from "../../graph/tenant-graph";
import { Catalog } from "../../licensing/catalog/catalog";
import type { Guid, LicensedGroup, LicensedUser } from "../../licensing/model";
import { isUnmade, type OwnMembers } from "../../licensing/stack-file/own-group";
import { EMPTY_RECORD } from "../../licensing/record/record";
import type { TenantSnapshot } from "../../licensing/snapshot";
import type { WaveSpec } from "../../licensing/stack-file/stack-file";
import { counted } from "../../licensing/counts";
import { confirmTenant } from "../../tenant/confirm-tenant";
import { readSnapshot } from "../../tenant/read-snapshot";
import { readTrials } from "../../tenant/read-trials";
import { resolveAcceptedLosses } from "../../tenant/resolve-accepted";
import { resolveDeclaration } from "../../tenant/resolve-declaration";
import { resolveMoveLast } from "../../tenant/resolve-move-last";
import { resolveMoves } from "../../tenant/resolve-moves";
import { resolveOwnGroups } from "../../tenant/resolve-own-groups";
import { resolveSuccessors } from "../../tenant/resolve-successors";
import { resolveWaves } from "../../tenant/resolve-waves";
import { copiedGroups, copiedUser, standIns, type GroupsRead } from "./copied";
import { refuseUnknownArgs, reproducibleRules } from "./refuse-unreproducible";
import { propertiesOf, readTaken } from "./rules";
import { COPY_VERSION, type RehearsalCopy } from "./schema";
import { stackFileOf, type StackConfig } from "./stack-config";
import { withIds } from "./with-ids";

export interface CopyOrder {
  readonly stack: string;
  readonly config: StackConfig;
  /** Whether to copy display names and user principal names. */
  readonly names: boolean;
  readonly now: Date;
  readonly say: (progress: string) => void;
}

/**
 * Reads everything that a migration with this stack file would read, with the program's own readers, and all objects that those
 * refer to. Sends no write: the permissions for a preview are enough.
 */
export async function readCopy(graph: TenantReads, order: CopyOrder): Promise<RehearsalCopy> {
  const { config, say } = order;
  const stackFile = stackFileOf(config);
  const { groups: specs, waves } = stackFile;
  const rules = reproducibleRules(stackFile);
  const { id: tenantId, displayName, domains, country } = await confirmTenant(graph);

  const catalog = new Catalog(await graph.subscribedSkus());
  const trials = await readTrials(graph, specs);
  const ownGroups = await resolveOwnGroups(graph, specs, EMPTY_RECORD);
  const { own } = ownGroups;
  const declared = await resolveDeclaration(graph, specs, catalog, ownGroups);
  resolveAcceptedLosses(stackFile.acceptLoss, catalog);
  resolveSuccessors(stackFile.successors, catalog);
  say("Groups, their members, and the holders of their SKUs");
  const [{ snapshot, warnings }, { members: named }, { users: moveLast }] = await Promise.all([
    readSnapshot(graph, declared, catalog),
    resolveWaves(graph, waves, EMPTY_RECORD),
    resolveMoveLast(graph, stackFile.moveLast, EMPTY_RECORD),
  ]);
  // What the groups serve is not in the copy, so a move that the tenant would refuse is refused here.
  await resolveMoves(graph, stackFile.moves, declared, snapshot.groups);
  const groupsOfWaves = await idsOfWaveGroups(graph, waves);

  const others = [...named.values(), new Set(moveLast.values()), ...[...own.values()].map(({ ownerIds }) => ownerIds)];
  const ofOwn = [...own.values()].map(({ members }) => namedIn(members));
  const inNested = [...snapshot.nested.values()].flat().map(({ userIds }) => userIds);
  const wanted = [...others, ...ofOwn, ...inNested].flatMap((ids) => [...ids]);
  say(
    `Users: ${counted(snapshot.users.size, "user")} read; then those that only the stack file or a nested group names`,
  );
  const taken = await readTaken(graph, rules);
  const known = new Map<Guid, LicensedUser>([...snapshot.users, ...taken.licensed]);
  const users = new Map([...known, ...(await present(graph.users(missingIn(known, wanted))))]);
  say(`Users: ${counted(users.size, "user")} read. Groups that give them something`);
  const groups = await readGroups(graph, snapshot, users, new Map(waveMembers(groupsOfWaves, named)));

  refuseUnknownArgs(users.values(), groups.groups.values());
  return {
    format: "entra-group-licensing rehearsal copy",
    version: COPY_VERSION,
    stack: order.stack,
    copiedAt: order.now.toISOString(),
    ids: "real",
    tenant: { id: tenantId, displayName, domains: [...domains], country },
    skus: catalog.skus.map((sku) => {
      const isTrial = trials.bySku.get(sku.id);
      return { ...(structuredClone(sku) as RehearsalCopy["skus"][number]), ...(isTrial !== undefined && { isTrial }) };
    }),
    groups: copiedGroups(groups, users),
    users: [
      ...[...users.values()].map((user) => {
        const rule = taken.licensed.get(user.id);
        return { ...copiedUser(user, order.names), ...(rule && { properties: propertiesOf(rule, rules) }) };
      }),
      ...standIns(taken.unlicensed),
    ],
    stackFile: withIds(config, {
      tenantId,
      declared,
      own,
      usersOfWaves: new Map(
        waves.flatMap(({ name, takes }) => (takes.kind === "users" ? [[name, [...(named.get(name) ?? [])]]] : [])),
      ),
      groupsOfWaves,
      moveLast: [...moveLast.values()],
    }),
    warnings: [...trials.warnings, ...warnings],
  };
}

/** Group ids of the waves that take a group's members, by wave. Names that match no group or several are left out. */
async function idsOfWaveGroups(graph: TenantReads, waves: readonly WaveSpec[]): Promise<ReadonlyMap<string, Guid>> {
  const words = waves.flatMap(({ name, takes }) => (takes.kind === "group" ? [[name, takes.group] as const] : []));
  const found = await graph.findGroups(words.map(([, word]) => word));
  return new Map(
    words.flatMap(([name, word]) => (found.get(word) ?? []).slice(0, 1).map(({ id }) => [name, id] as const)),
  );
}

function* waveMembers(
  groupsOfWaves: ReadonlyMap<string, Guid>,
  named: ReadonlyMap<string, ReadonlySet<Guid>>,
): Generator<[Guid, ReadonlySet<Guid>]> {
  for (const [wave, groupId] of groupsOfWaves) yield [groupId, named.get(wave) ?? new Set<Guid>()];
}

/** The declared groups, their nested groups, the groups of waves, and every group from which a copied user inherits. */
async function readGroups(
  graph: TenantReads,
  snapshot: TenantSnapshot,
  users: ReadonlyMap<Guid, LicensedUser>,
  ofWaves: ReadonlyMap<Guid, ReadonlySet<Guid>>,
): Promise<GroupsRead> {
  const declared = new Map([...snapshot.groups].filter(([id]) => !isUnmade(id)));
  const nested = new Map([...snapshot.nested.values()].flat().map((group) => [group.id, group.userIds]));
  const giving = [...users.values()].flatMap(({ assignments }) =>
    assignments.flatMap(({ assignedByGroup }) => assignedByGroup ?? []),
  );
  const others = missingIn(declared, [...nested.keys(), ...ofWaves.keys(), ...giving]);
  const [groups, members] = await Promise.all([
    present(graph.groups(others)),
    graph.memberIds(others.filter((id) => !ofWaves.has(id))),
  ]);
  return {
    groups: new Map<Guid, LicensedGroup>([...declared, ...groups]),
    members: new Map([...members, ...ofWaves, ...[...snapshot.members].filter(([id]) => declared.has(id))]),
    inside: new Map([...snapshot.nested].map(([id, inner]) => [id, inner.map((group) => group.id)])),
    atAnyDepth: new Map([...nested].filter(([id]) => !declared.has(id))),
  };
}

function missingIn(known: ReadonlyMap<Guid, unknown>, ids: Iterable<Guid>): readonly Guid[] {
  return [...new Set(ids)].filter((id) => !known.has(id));
}

/** The objects that exist. Objects deleted during the reading are left out of the copy. */
async function present<T extends object>(reading: Promise<ReadonlyMap<Guid, Found<T>>>): Promise<Map<Guid, T>> {
  const there = new Map<Guid, T>();
  for (const [id, found] of await reading) {
    if (!isFailure(found)) there.set(id, found);
    else if (found.kind !== "notFound") throw new GraphError(found);
  }
  return there;
}

/** Users that the stack file names, with or without a licence. */
function namedIn(members: OwnMembers): Iterable<Guid> {
  switch (members.kind) {
    case "users":
      return members.userIds;
    case "direct-holders":
      return members.except ?? [];
    default:
      return [];
  }
}
