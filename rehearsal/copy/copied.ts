import { guidFrom } from "../../emulator";
import type { Guid, LicensedGroup, LicensedUser } from "../../licensing/model";
import { type CopiedAssignment, type CopiedGroup, type CopiedUser, isInForce } from "./schema";
import type { Kind } from "./overlaps";

/** Groups and their members, as read from the tenant. */
export interface GroupsRead {
  readonly groups: ReadonlyMap<Guid, LicensedGroup>;
  /** Users that are direct members. */
  readonly members: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  /** Groups that are direct members. */
  readonly inside: ReadonlyMap<Guid, readonly Guid[]>;
  /** Transitive user members of groups that were found only as nested groups. */
  readonly atAnyDepth: ReadonlyMap<Guid, readonly Guid[]>;
}

/** Converts a user to the copy's format. `refuseUnknownWords` has already rejected values that the format does not know. */
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

/** One nested group for all deeper members: their exact depth has no effect on licences. */
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

/** Makes users for the counted unlicensed users that match rules. They will need a seat; nothing else about them matters. */
export function standIns(kinds: readonly Kind[]): CopiedUser[] {
  return kinds.flatMap(({ properties, count }, kind) =>
    Array.from({ length: count }, (_, index) => ({
      id: guidFrom(`without a licence, and taken by rules: ${kind} ${index}`),
      accountEnabled: null,
      usageLocation: null,
      assignments: [],
      unknownSource: [],
      properties,
    })),
  );
}
