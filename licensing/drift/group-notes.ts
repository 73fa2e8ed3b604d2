import type { DeclaredGroup, Deletion } from "../declaration";
import type { Finding } from "../finding";
import { isGuid } from "../model";
import type { GroupSpec } from "../stack-file/stack-file";

/** Findings about declared groups that were deleted or renamed. */
export function groupNotes(specs: readonly GroupSpec[], declared: readonly DeclaredGroup[]): readonly Finding[] {
  const words = new Map(specs.flatMap((spec) => ("existing" in spec ? [[spec.name, spec.existing] as const] : [])));
  const made = new Set(specs.flatMap((spec) => ("create" in spec ? [spec.name] : [])));
  return declared.flatMap((group): Finding[] => {
    const word = words.get(group.name);
    const { name, groupId, displayName, deleted } = group;
    const about = { about: name, count: 1, userIds: [] };
    if (deleted !== undefined) {
      const did = made.has(name) ? "made" : "gave its licences";
      const message = `The group ${displayName} (${groupId}), which this stack ${did}, ${formatDeletion(deleted)}.`;
      const lettingGo = made.has(name)
        ? `run pulumi refresh and take ${name} out of the file`
        : `take ${name} out of the file`;
      const remedy =
        "It gives nothing, and waves wait. Ways out: restore it, and the next up gives it its licences again; or declare another group under a name of its " +
        `own and ${lettingGo} (a new group of the old name is another group); or give its users their direct licences again with ` +
        "rollback: all on their wave, which does not wait. rollback: true gives nothing to users that are no longer in their group.";
      return [{ code: "group-deleted", severity: "warning", message, remedy, ...about }];
    }
    if (word === undefined || isGuid(word) || word.toLowerCase() === displayName.toLowerCase()) return [];
    const message = `licensing:groups.${name}.existing: no group is called "${word}" any more; ${groupId}, which had that name, is now called "${displayName}".`;
    return [{ code: "name-gone", severity: "note", message, remedy: "Write the id, or the new name.", ...about }];
  });
}

/** `was deleted on 2026-11-29 and can be restored until 2026-12-29`. */
export function formatDeletion({ deletedAt, restorableUntil, isKnown }: Deletion): string {
  if (!isKnown)
    return "was deleted (whether it can be restored is unknown: that takes the application permission Group.Read.All)";
  if (deletedAt === null) return "was deleted, and is not among the groups that can be restored";
  const until = restorableUntil === null ? "" : ` until ${restorableUntil.slice(0, 10)}`;
  return `was deleted on ${deletedAt.slice(0, 10)} and can be restored${until}: POST /directory/deletedItems/{id}/restore, or Deleted groups in the admin center`;
}
