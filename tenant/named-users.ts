import { GraphError } from "../graph/client/failure";
import type { TenantGraph } from "../graph/tenant-graph";
import type { Finding } from "../licensing/finding";
import type { Guid } from "../licensing/model";
import type { StackFileMistake } from "../licensing/stack-file/stack-file";

/** What the names in a part of the stack file came to; `mistakes` are shared, so that all of them are named at once. */
export interface NameLookup {
  readonly path: string;
  readonly mistakes: StackFileMistake[];
  /** What to say of a word that was understood once and no longer is; `null`, or absent: it is a mistake. */
  readonly gone?: (word: string, path: string) => Finding | null;
  readonly notes?: Finding[];
}

/** The users by their words in the stack file; words that name nobody go to `mistakes`, or to `notes` where the user has left. */
export async function namedUsers(
  graph: TenantGraph,
  words: readonly string[],
  { path, mistakes, gone, notes }: NameLookup,
): Promise<ReadonlyMap<string, Guid>> {
  const found = await graph.findUsers(words);
  const ids = new Map<string, Guid>();
  words.forEach((word, index) => {
    const user = found.get(word);
    const at = `${path}[${index}]`;
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

/** Users and groups may leave the tenant while the stack file still names them: nothing is taken by that, and nothing stops. */
export function goneNote(message: string, remedy: string): Finding {
  return { code: "name-gone", severity: "note", about: "", count: 1, message, remedy, userIds: [] };
}
