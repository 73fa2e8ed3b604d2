import type { Directory } from "../directory/directory";
import type { Cause, Group, Guid } from "../directory/entities";
import type { AuditLog } from "../evidence/audit-log";
import { badRequest, denied, notFound } from "../graph-error";
import type { Processing } from "./processing";

interface Rooms {
  readonly directory: Directory;
  readonly processing: Processing;
  readonly audit: AuditLog;
}

/** Refuses to change the members of synchronised and dynamic groups, as Graph does. */
export function checkMembersWritable(group: Group): void {
  if (group.onPremisesSyncEnabled)
    throw badRequest(
      "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects " +
        "currently undergoing migration.",
    );
  if (group.membershipRule !== null) throw denied();
  if (group.mailEnabled && !group.groupTypes.includes("Unified"))
    throw badRequest("Cannot Update a mail-enabled security groups and or distribution list.");
}

/** Adds a user or a group as a direct member. Licences follow in the background. */
export function addMember(rooms: Rooms, group: Group, memberId: Guid, cause: Cause): void {
  if (group.userMembers.has(memberId) || group.groupMembers.has(memberId))
    throw badRequest(
      "One or more added object references already exist for the following modified properties: 'members'.",
    );
  const user = rooms.directory.users.get(memberId);
  if (!user && !rooms.directory.groups.has(memberId)) throw notFound(memberId);
  rooms.directory.memberships.add(group, memberId, user ? "user" : "group");
  rooms.audit.membershipChanged(group, memberId, true, cause);
  if (user) rooms.processing.membershipChanged(group, user, cause);
}

export function removeMember(rooms: Rooms, group: Group, memberId: Guid, cause: Cause): void {
  const isUser = group.userMembers.has(memberId);
  if (!isUser && !group.groupMembers.has(memberId)) throw notFound(memberId);
  rooms.directory.memberships.remove(group, memberId, isUser ? "user" : "group");
  rooms.audit.membershipChanged(group, memberId, false, cause);
  const user = rooms.directory.users.get(memberId);
  if (isUser && user) rooms.processing.membershipChanged(group, user, cause);
}
