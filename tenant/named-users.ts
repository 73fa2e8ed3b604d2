import { GraphError } from "../graph/client/failure";
import type { TenantReads } from "../graph/tenant-graph";
import type { Finding } from "../licensing/finding";
import type { Guid } from "../licensing/model";
import type { StackFileMistake } from "../licensing/stack-file/stack-file";

/** How to report names that the tenant does not know; `mistakes` are shared, so that all are reported together. */
export interface NameLookup {
  readonly path: string;
  /** The place of each word, where it is not in a list of the stack file. */
  readonly places?: readonly string[] | undefined;
  readonly mistakes: StackFileMistake[];
  /** The note for a name that may once have been valid; `null` or absent means that it is a mistake. */
  readonly gone?: (word: string, path: string) => Finding | null;
  readonly notes?: Finding[];
}

/**
 * Users by their names in the stack file. Unknown names go to `mistakes`, or to `notes` if the user has left.
 *
 * @throws {GraphError} if a user cannot be read
 */
export async function namedUsers(
  graph: TenantReads,
  words: readonly string[],
  { path, places, mistakes, gone, notes }: NameLookup,
): Promise<ReadonlyMap<string, Guid>> {
  const found = await graph.findUsers(words);
  const ids = new Map<string, Guid>();
  words.forEach((word, index) => {
    const user = found.get(word);
    const at = places?.[index] ?? `${path}[${index}]`;
    if (user !== undefined && "id" in user && !("kind" in user)) {
      ids.set(word, user.id);
    } else if (user === undefined || user.kind === "notFound") {
      const note = gone?.(word, at) ?? null;
      if (note !== null) notes?.push(note);
      else {
        const message = `the tenant has no user "${word}". Write a user principal name or an object id`;
        mistakes.push({ path: at, message });
      }
    } else {
      throw new GraphError(user);
    }
  });
  return ids;
}

/** Users and groups may leave the tenant while the stack file still names them; that stops nothing. */
export function goneNote(message: string, remedy: string): Finding {
  return { code: "name-gone", severity: "note", about: "", count: 1, message, remedy, userIds: [] };
}
