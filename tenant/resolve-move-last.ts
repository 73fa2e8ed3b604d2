import { GraphError, isFailure } from "../graph/client/failure";
import type { TenantReads } from "../graph/tenant-graph";
import type { Finding } from "../licensing/finding";
import type { Guid } from "../licensing/model";
import type { MoveLast } from "../licensing/plan/plan";
import type { StackRecord } from "../licensing/record/record";
import { Refusal } from "../licensing/refusal";
import type { StackFileMistake } from "../licensing/stack-file/stack-file";
import { goneNote, namedUsers } from "./named-users";

/**
 * Users reserved for the last wave. A new unknown name is a mistake, so that a typing error moves no user early. A name
 * that an earlier run knew is resolved by the recorded id, so a renamed user is still moved last.
 *
 * @throws {Refusal} with all mistakes
 */
export async function resolveMoveLast(
  graph: TenantReads,
  words: readonly string[],
  { moveLast: known }: Pick<StackRecord, "moveLast">,
): Promise<{ readonly users: MoveLast; readonly notes: readonly Finding[] }> {
  const mistakes: StackFileMistake[] = [];
  const unknown: { readonly word: string; readonly path: string; readonly userId: Guid }[] = [];
  const found = await namedUsers(graph, words, {
    path: "licensing:moveLast",
    mistakes,
    gone: (word, path) => {
      const userId = known.get(word);
      if (userId !== undefined) unknown.push({ word, path, userId });
      return userId === undefined ? null : goneNote("", "");
    },
  });
  if (mistakes.length > 0) throw Refusal.ofMistakes(mistakes);
  const users = new Map(found);
  const notes: Finding[] = [];
  const now = await graph.users(unknown.map(({ userId }) => userId));
  for (const { word, path, userId } of unknown) {
    const user = now.get(userId);
    if (user !== undefined && !isFailure(user)) {
      // check: a renamed user of moveLast is still moved last
      users.set(word, userId);
      const message = `${path}: no user is called "${word}" any more; ${userId}, which had that name, is still moved last.`;
      notes.push(goneNote(message, "Write the id, or the new name."));
    } else if (user === undefined || user.kind === "notFound") {
      const message = `${path}: the tenant no longer has the user "${word}" (${userId}).`;
      notes.push(goneNote(message, "The name may be taken out."));
    } else {
      throw new GraphError(user);
    }
  }
  return { users, notes };
}
