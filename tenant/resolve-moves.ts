import { describeFailure } from "../graph/client/failure";
import type { GroupUses, TenantReads } from "../graph/tenant-graph";
import type { DeclaredGroup } from "../licensing/declaration";
import type { Guid, LicensedGroup } from "../licensing/model";
import type { GroupMove } from "../licensing/plan/group-move";
import { RESTRICTED } from "../licensing/preflight/group-facts";
import { Refusal } from "../licensing/refusal";
import type { MoveSpec, StackFileMistake } from "../licensing/stack-file/stack-file";

/**
 * Resolves the moves from group to group. Both groups must take members through Graph, and serve licences alone unless
 * the stack file says otherwise: what else a group serves is given and taken with the membership.
 *
 * @param groups the declared groups as read
 * @throws {Refusal} with all mistakes
 * @throws {GraphError} if a group's own properties cannot be read
 */
export async function resolveMoves(
  graph: TenantReads,
  specs: readonly MoveSpec[],
  declared: readonly DeclaredGroup[],
  groups: ReadonlyMap<Guid, LicensedGroup>,
): Promise<readonly GroupMove[]> {
  if (specs.length === 0) return [];
  const groupOf = (name: string) => declared.find((group) => group.name === name);
  const moves = specs.flatMap((spec): GroupMove[] => {
    const [from, to] = [groupOf(spec.from), groupOf(spec.to)];
    if (from === undefined || to === undefined) return [];
    return [{ from, to, acceptOtherUses: spec.acceptOtherUses }];
  });
  const there = moves.flatMap(({ from, to }) => [from, to]).filter(({ deleted }) => deleted === undefined);
  const uses = await graph.groupUses(there.map(({ groupId }) => groupId));
  const mistakes = moves.flatMap(({ from, to, acceptOtherUses }, index) =>
    (["from", "to"] as const).flatMap((key): StackFileMistake[] => {
      const group = key === "from" ? from : to;
      const path = `licensing:moves[${index}].${key}`;
      const accepts = acceptOtherUses.includes(group.name);
      const message =
        whyFixed(groups.get(group.groupId)) ??
        (accepts ? null : whyNotForLicencesAlone(group, uses.get(group.groupId)));
      return message === null ? [] : [{ path, message: `${group.displayName} ${message}` }];
    }),
  );
  if (mistakes.length > 0) throw Refusal.ofMistakes(mistakes);
  return moves;
}

/** Why Graph cannot change the group's members; `null`: it can. */
function whyFixed(group: LicensedGroup | undefined): string | null {
  if (group === undefined) return null;
  // check: members move between static groups only
  if (group.membershipRule !== null) {
    return "is dynamic, so its rule alone decides its members, and none can be moved: change what the rule looks at, or name a static group";
  }
  // check: members move between cloud-only groups only
  if (group.onPremisesSyncEnabled) {
    return "is synchronised from Active Directory, where its members are kept: move them there, or name a cloud-only group";
  }
  return group.isManagementRestricted === true ? `can't be changed: ${RESTRICTED}` : null;
}

function whyNotForLicencesAlone(group: DeclaredGroup, found: GroupUses | undefined): string | null {
  if (found === undefined) return null;
  const { uses, unread } = found;
  const key = `acceptOtherUses: [${group.name}]`;
  // check: a group that serves more than licences is moved to or from only with a key
  if (uses.length > 0) {
    return (
      `serves more than licences: ${uses.join("; ")}. A user that joins it gets that, and one that leaves it loses that. ` +
      `Use a group for licences alone, or, where that is meant, add ${key} to this move`
    );
  }
  // check: what a group serves must be known before its members move
  if (unread === null) return null;
  return (
    `may serve more than licences: ${unread.what} could not be read. ${describeFailure(unread.failure)} ` +
    `Or, where you know that it serves licences alone, add ${key} to this move`
  );
}
