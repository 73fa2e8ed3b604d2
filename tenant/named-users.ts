import { GraphError } from "../graph/failure";
import type { TenantGraph } from "../graph/tenant-graph";
import type { Guid } from "../licensing/model";
import type { StackFileMistake } from "../licensing/stack-file";

/** The users by their words in the stack file; words that name nobody go to `mistakes`. */
export async function namedUsers(
  graph: TenantGraph,
  words: readonly string[],
  path: string,
  mistakes: StackFileMistake[],
): Promise<ReadonlyMap<string, Guid>> {
  const found = await graph.findUsers(words);
  const ids = new Map<string, Guid>();
  words.forEach((word, index) => {
    const user = found.get(word);
    if (user !== undefined && "id" in user && !("kind" in user)) {
      ids.set(word, user.id);
    } else if (user === undefined || user.kind === "notFound") {
      const message = `the tenant has no user "${word}". Write a user principal name or an object id`;
      mistakes.push({ path: `${path}[${index}]`, message });
    } else {
      throw new GraphError(user);
    }
  });
  return ids;
}
