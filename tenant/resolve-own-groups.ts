import type { TenantGraph } from "../graph/tenant-graph";
import type { Guid, LicensedGroup } from "../licensing/model";
import { idOfUnmade, sameRule, type OwnGroup, type OwnGroups, type OwnMembers } from "../licensing/own-group";
import type { MadeGroupRecord, StackRecord } from "../licensing/record";
import type { CreatedGroupSpec, GroupCreation, GroupSpec, StackFileMistake } from "../licensing/stack-file";
import { counted } from "../licensing/tally";
import { namedUsers } from "./named-users";

export interface OwnGroupsFound {
  readonly own: OwnGroups;
  readonly mistakes: readonly StackFileMistake[];
}

export const NO_OWN_GROUPS: OwnGroupsFound = { own: new Map(), mistakes: [] };

/**
 * The groups that this stack makes: those that it has made by the ids of its own state, whatever they are called by now, and the others
 * as groups that are still to be made. What the tenant or the state says against them is a mistake, found before anything is made.
 */
export async function resolveOwnGroups(
  graph: TenantGraph,
  specs: readonly GroupSpec[],
  record: StackRecord,
): Promise<OwnGroupsFound> {
  const created = specs.filter((spec) => "create" in spec);
  const mistakes: StackFileMistake[] = [...withoutCreate(specs, record), ...calledAlike(created)];
  const named = await graph.findGroups(created.map(({ create }) => create.displayName));
  const unknown = created.filter(({ name }) => !record.madeGroups.has(name));
  const sizes = await graph.memberCounts(
    unknown.flatMap(({ create }) => (named.get(create.displayName) ?? []).map(({ id }) => id)),
  );
  const own = new Map<string, OwnGroup>();
  for (const spec of created) {
    const { name, create } = spec;
    const before = record.madeGroups.get(name);
    const path = `licensing:groups.${name}.create`;
    const message =
      before === undefined
        ? whyNotNew(spec, named.get(create.displayName) ?? [], sizes)
        : whyNotKept(spec, before, await graph.group(before.groupId), named.get(create.displayName) ?? []);
    if (message !== null) mistakes.push({ path, message });
    const ownerIds = await namedUsers(graph, create.owners, { path: `${path}.owners`, mistakes });
    own.set(name, {
      name,
      groupId: before?.groupId ?? idOfUnmade(name),
      creation: create,
      ownerIds: [...new Set(ownerIds.values())].sort(),
      members: await resolveMembers(graph, create, path, mistakes),
      ruleBefore: before?.rule ?? null,
      isEvaluated: create.members.kind !== "rule" || isEvaluated(create.members.rule, before),
    });
  }
  return { own, mistakes };
}

async function resolveMembers(
  graph: TenantGraph,
  { members }: GroupCreation,
  path: string,
  mistakes: StackFileMistake[],
): Promise<OwnMembers> {
  if (members.kind !== "users") return members;
  const found = await namedUsers(graph, members.users, { path: `${path}.members.users`, mistakes });
  return { kind: "users", userIds: new Set(found.values()) };
}

function isEvaluated(rule: string, before: MadeGroupRecord | undefined): boolean {
  return before?.evaluatedRule != null && sameRule(before.evaluatedRule, rule);
}

/** A group of that name is somebody's already: another one of the same name would be mistaken for it for ever. */
function whyNotNew(
  { name, create }: CreatedGroupSpec,
  found: readonly LicensedGroup[],
  sizes: ReadonlyMap<Guid, number>,
): string | null {
  const [group] = found;
  if (group === undefined) return null;
  return (
    `the tenant has a group "${create.displayName}" already (${idsOf(found)}), which this stack did not make or does not know of. ` +
    `To use it, write existing: ${group.id}. To have a new one, choose another displayName. ${wayBack(name, found, sizes)}`
  );
}

/** A stack whose state was lost may have filled and licensed the group long ago: nobody is told to delete that. */
function wayBack(name: string, found: readonly LicensedGroup[], sizes: ReadonlyMap<Guid, number>): string {
  const isEmpty = found.every(
    ({ id, licenses, hasHiddenMembership }) =>
      licenses.length === 0 && sizes.get(id) === 0 && hasHiddenMembership !== true,
  );
  if (isEmpty) {
    return (
      "It has no licence and no members: if a run of this stack was killed while it made the group, delete that group in the admin center, " +
      `and run again; ${name} is made anew`
    );
  }
  const has = found.map(({ id, licenses, hasHiddenMembership }) => {
    const members = sizes.get(id);
    const users =
      members === undefined || hasHiddenMembership === true ? "an unknown number of users" : counted(members, "user");
    return `${counted(licenses.length, "licence")} and ${users}`;
  });
  return (
    `It has ${has.join(", and ")}, so do not delete it: its members would lose what it gives. If this stack made it and its state was lost, ` +
    "restore the state (docs/lost-state.md)"
  );
}

function idsOf(groups: readonly LicensedGroup[]): string {
  return groups.map(({ id }) => id).join(", ");
}

/** What must not become of a group that this stack has made. */
function whyNotKept(
  { create }: CreatedGroupSpec,
  before: MadeGroupRecord,
  now: LicensedGroup | null,
  named: readonly LicensedGroup[],
): string | null {
  if (now === null) {
    return (
      `the group that this stack made (${before.groupId}) no longer exists: somebody deleted it. Restore it in the admin center, where ` +
      "Entra still has it, or let go of it with npm run pulumi -- refresh, take it out of the file, and declare a group under a new name"
    );
  }
  const others = named.filter(({ id }) => id !== now.id);
  if (others.length > 0 && now.displayName.toLowerCase() !== create.displayName.toLowerCase()) {
    return (
      `the tenant has a group "${create.displayName}" already (${idsOf(others)}), so ${now.displayName} (${now.id}) is not renamed to that: ` +
      "two groups of one name would be mistaken for each other. Choose another displayName"
    );
  }
  const wasDynamic = now.membershipRule !== null;
  const isDynamic = create.members.kind === "rule";
  if (wasDynamic === isDynamic) return null;
  const [from, to] = wasDynamic ? ["dynamic", "static"] : ["static", "dynamic"];
  return (
    `the group ${now.displayName} (${now.id}) is ${from}, and this would make it ${to}: Entra empties a group that becomes dynamic, and the azuread ` +
    "package replaces the group by a new one; its members would lose what it gives. Put members back as it was, and declare a further group under a " +
    "name of its own beside it; when everybody inherits from that, take this one out of the file"
  );
}

/** To Pulumi the group's row would be gone, and with it the group itself. */
function withoutCreate(specs: readonly GroupSpec[], record: StackRecord): StackFileMistake[] {
  return specs.flatMap((spec) => {
    const made = record.madeGroups.get(spec.name);
    if (made === undefined || "create" in spec) return [];
    return [
      {
        path: `licensing:groups.${spec.name}.existing`,
        message:
          `this stack made the group (${made.groupId}): without create its row would go, and the group with it. Put create back. For a group ` +
          "that others look after, declare one that is there under a name of its own, and take this one out when everybody inherits from that",
      },
    ];
  });
}

function calledAlike(created: readonly CreatedGroupSpec[]): StackFileMistake[] {
  const words = created.map(({ create }) => create.displayName.toLowerCase());
  return created.flatMap(({ name, create }, index) => {
    const first = created[words.indexOf(create.displayName.toLowerCase())];
    if (first === undefined || first.name === name || words.indexOf(words[index] ?? "") === index) return [];
    const message = `licensing:groups.${first.name} makes a group "${create.displayName}", too: give each a name of its own`;
    return [{ path: `licensing:groups.${name}.create.displayName`, message }];
  });
}
