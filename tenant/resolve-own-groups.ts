import { GraphError, isFailure } from "../graph/client/failure";
import type { TenantReads } from "../graph/tenant-graph";
import type { Finding } from "../licensing/finding";
import { isGuid, type Guid, type LicensedGroup } from "../licensing/model";
import {
  idOfUnmade,
  sameRule,
  type OwnGroup,
  type OwnGroups,
  type OwnMembers,
} from "../licensing/stack-file/own-group";
import type { MadeGroupRecord, StackRecord } from "../licensing/record/record";
import type { CreatedGroupSpec, GroupCreation, GroupSpec, StackFileMistake } from "../licensing/stack-file/stack-file";
import { counted } from "../licensing/counts";
import { goneNote, namedUsers, type NameLookup } from "./named-users";
import { deletedGroup, type DeletedGroup } from "./recorded-groups";

export interface OwnGroupsFound {
  readonly own: OwnGroups;
  /** Groups that were deleted in the tenant after this stack gave them licences, by logical name. */
  readonly deleted: ReadonlyMap<string, DeletedGroup>;
  readonly mistakes: readonly StackFileMistake[];
  readonly notes: readonly Finding[];
}

export const NO_OWN_GROUPS: OwnGroupsFound = { own: new Map(), deleted: new Map(), mistakes: [], notes: [] };

/**
 * The groups that this stack creates: existing ones by the ids in its state, even if renamed; others as placeholders.
 * Contradictions with the tenant or the state are mistakes, found before any group is created.
 */
export async function resolveOwnGroups(
  graph: TenantReads,
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
  const deleted = new Map<string, DeletedGroup>();
  const notes: Finding[] = [];
  for (const spec of created) {
    const { name, create } = spec;
    const before = record.madeGroups.get(name);
    const licensed = record.groupLicenses.get(name);
    const groupId = before?.groupId ?? licensed?.groupId;
    const now = groupId === undefined ? null : await madeGroup(graph, groupId);
    if (licensed !== undefined && groupId !== undefined && now === null) {
      deleted.set(name, await deletedGroup(graph, { ...licensed, groupId }));
      if (before !== undefined) own.set(name, asItWas(name, create, groupId));
      continue;
    }
    const path = `licensing:groups.${name}.create`;
    const called = named.get(create.displayName) ?? [];
    const message =
      before !== undefined
        ? whyNotKept(spec, before, now, called)
        : now !== null
          ? withoutRow(spec, now)
          : whyNotNew(spec, called, sizes);
    if (message !== null) mistakes.push({ path, message });
    const lookup = { mistakes, notes, ...(before !== undefined && { gone: noteOn(create.displayName) }) };
    const owners = await namedUsers(graph, create.owners, { path: `${path}.owners`, ...lookup });
    own.set(name, {
      name,
      groupId: before?.groupId ?? idOfUnmade(name),
      creation: create,
      ownerIds: await ownersToDeclare(graph, new Set(owners.values()), before),
      members: await resolveMembers(graph, create, path, lookup),
      ruleBefore: before?.rule ?? null,
      isEvaluated: create.members.kind !== "rule" || isEvaluated(create.members.rule, before),
    });
  }
  return { own, deleted, mistakes, notes };
}

/** A deleted group with a row in the state: no user joins it, and the row stays as it is. */
function asItWas(name: string, creation: GroupCreation, groupId: Guid): OwnGroup {
  return { name, groupId, creation, ownerIds: [], members: { kind: "none" }, ruleBefore: null, isEvaluated: true };
}

/** Graph cannot distinguish a deleted user from a misspelt name. */
function noteOn(group: string): (word: string, path: string) => Finding {
  return (word, path) =>
    goneNote(
      `${path}: the tenant has no user "${word}": the user was deleted, or the name is misspelt.`,
      `${group} exists, so the name of a departed user may stay. A misspelt name adds no user: correct it.`,
    );
}

/** Deleted owners stay in the row; removing them would be a change without a write. */
async function ownersToDeclare(
  graph: TenantReads,
  found: ReadonlySet<Guid>,
  before: MadeGroupRecord | undefined,
): Promise<readonly Guid[]> {
  const declared = [...found].sort();
  const recorded = before?.ownerIds ?? [];
  const others = recorded.filter((id) => !found.has(id));
  if (others.length === 0 || declared.length === 0 || declared.some((id) => !recorded.includes(id))) return declared;
  const now = await graph.users(others);
  const areGone = others.every((id) => {
    const user = now.get(id);
    return user !== undefined && isFailure(user) && user.kind === "notFound";
  });
  return areGone ? [...recorded].sort() : declared;
}

/**
 * A group that an earlier run created; `null` if deleted. A run killed seconds ago may have created it, so "not found"
 * is retried unless the group is in the recycle bin.
 */
async function madeGroup(graph: TenantReads, id: Guid): Promise<LicensedGroup | null> {
  const found = await graph.group(id);
  if (found !== null || (await isInBin(graph, id))) return found;
  return graph.awaiting([id]).group(id);
}

/** `false` if the recycle bin may not be read; the group is then awaited. */
async function isInBin(graph: TenantReads, id: Guid): Promise<boolean> {
  try {
    return (await graph.deletedAt(id)) !== null;
  } catch (error) {
    if (error instanceof GraphError && error.failure.kind !== "stopped") return false;
    throw error;
  }
}

async function resolveMembers(
  graph: TenantReads,
  { members }: GroupCreation,
  path: string,
  lookup: Omit<NameLookup, "path">,
): Promise<OwnMembers> {
  if (members.kind === "direct-holders") {
    if (members.except === undefined) return { kind: "direct-holders" };
    const gone = goneException(lookup.gone !== undefined);
    const found = await namedUsers(graph, members.except, { path: `${path}.except`, ...lookup, gone });
    return { kind: "direct-holders", except: new Set(found.values()) };
  }
  if (members.kind !== "users") return members;
  const found = await namedUsers(graph, members.users, { path: `${path}.members.users`, ...lookup });
  return { kind: "users", userIds: new Set(found.values()) };
}

/** An id is not a typing error, so that user has left. An unknown name may be either. */
function goneException(isMade: boolean): NonNullable<NameLookup["gone"]> {
  return (word, path) =>
    isMade || isGuid(word)
      ? goneNote(
          `${path}: the tenant has no user "${word}".`,
          "The name of a departed user may stay. A misspelt name excepts no user: correct it.",
        )
      : null;
}

function isEvaluated(rule: string, before: MadeGroupRecord | undefined): boolean {
  return before?.evaluatedRule != null && sameRule(before.evaluatedRule, rule);
}

/** The group exists but its row does not: a refresh removed the row while the group was deleted. */
function withoutRow({ name }: CreatedGroupSpec, { id, displayName }: LicensedGroup): string {
  return (
    `licensing:groups.${name} is the group ${displayName} (${id}), and the state has no row for it any more, so a new group would be made. ` +
    `Write existing: ${id} in place of create`
  );
}

/** The name is taken; a second group with the same name would be confused with it. */
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

/**
 * A stack with lost state may have filled and licensed the group long ago, so the message must not advise to delete it.
 */
function wayBack(name: string, found: readonly LicensedGroup[], sizes: ReadonlyMap<Guid, number>): string {
  // check: no message says to delete a group that has a licence
  const isEmpty = found.every(
    ({ id, licenses, hasHiddenMembership }) =>
      licenses.length === 0 && sizes.get(id) === 0 && hasHiddenMembership !== true,
  );
  if (isEmpty) {
    return (
      "It has no licence and no members: if a run of this stack was killed while it made the group, delete that group " +
      `(az ad group delete --group ID) and run again; ${name} is made anew`
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

/** The reason why a created group cannot be kept as declared; `null` if it can. */
function whyNotKept(
  { create }: CreatedGroupSpec,
  before: MadeGroupRecord,
  now: LicensedGroup | null,
  named: readonly LicensedGroup[],
): string | null {
  if (now === null) {
    return (
      `the group that this stack made (${before.groupId}) no longer exists, and this stack had not given it a licence yet. Run ` +
      "pulumi refresh, which takes its row out of the state: the next up makes it anew"
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
    "name of its own beside it; when all members inherit from that, take this one out of the file"
  );
}

/** Without its entry, Pulumi would delete the group's row, and so the group itself. */
function withoutCreate(specs: readonly GroupSpec[], record: StackRecord): StackFileMistake[] {
  return specs.flatMap((spec) => {
    const made = record.madeGroups.get(spec.name);
    if (made === undefined || "create" in spec) return [];
    return [
      {
        path: `licensing:groups.${spec.name}.existing`,
        message:
          `this stack made the group (${made.groupId}): without create its row would go, and the group with it. Put create back. For a group ` +
          "that others look after, declare one that is there under a name of its own, and take this one out when all members inherit from that",
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
