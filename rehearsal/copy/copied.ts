import { guidFrom } from "../../emulator";
import type { Guid, LicensedGroup, LicensedUser } from "../../licensing/model";
import { type CopiedAssignment, type CopiedGroup, type CopiedUser, isInForce } from "./schema";

/** Groups with all that is known of who is in them. */
export interface GroupsRead {
  readonly groups: ReadonlyMap<Guid, LicensedGroup>;
  /** First-level users. */
  readonly members: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  /** Groups that are first-level members. */
  readonly inside: ReadonlyMap<Guid, readonly Guid[]>;
  /** Of groups that were only met inside another one: their users at any depth. */
  readonly atAnyDepth: ReadonlyMap<Guid, readonly Guid[]>;
}

/** A user in the words of a copy. What Graph says in words that a copy does not know has been refused before. */
export function copiedUser(user: LicensedUser, names: boolean): CopiedUser {
  const assignments = user.assignments.map((each) => ({ ...each }) as CopiedAssignment);
  const behind = new Set(assignments.filter(isInForce).map(({ skuId }) => skuId));
  return {
    id: user.id,
    ...(names && user.displayName !== null ? { displayName: user.displayName } : {}),
    ...(names && user.userPrincipalName !== null ? { userPrincipalName: user.userPrincipalName } : {}),
    accountEnabled: user.accountEnabled,
    usageLocation: user.usageLocation,
    assignments,
    unknownSource: user.assignedLicenses.filter(({ skuId }) => !behind.has(skuId)).map(copiedLicense),
  };
}

export function copiedGroups(read: GroupsRead, users: ReadonlyMap<Guid, unknown>): CopiedGroup[] {
  return [...read.groups.values()].flatMap((group) => {
    const first = read.members.get(group.id) ?? new Set<Guid>();
    const inner = (read.inside.get(group.id) ?? []).filter((id) => read.groups.has(id));
    const deeper = [...(read.atAnyDepth.get(group.id) ?? [])].filter((id) => users.has(id) && !first.has(id));
    const copied = {
      ...group,
      licenses: group.licenses.map(copiedLicense),
      members: [...first].filter((id) => users.has(id)),
      nested: inner,
    } as CopiedGroup;
    if (deeper.length === 0) return [copied];
    const rest = innerGroup(copied, deeper);
    return [{ ...copied, nested: [...copied.nested, rest.id] }, rest];
  });
}

/** How deep users are in a group that is itself inside another one matters to nobody: all of them are in one group here. */
function innerGroup(outer: CopiedGroup, members: Guid[]): CopiedGroup {
  return {
    id: guidFrom(`inside ${outer.id}`),
    displayName: `Groups inside ${outer.displayName}`,
    securityEnabled: true,
    mailEnabled: false,
    membershipRule: null,
    onPremisesSyncEnabled: false,
    licenses: [],
    processingState: null,
    members,
    nested: [],
  };
}

function copiedLicense({ skuId, disabledPlans }: { readonly skuId: Guid; readonly disabledPlans: readonly Guid[] }) {
  return { skuId, disabledPlans: [...disabledPlans] };
}
