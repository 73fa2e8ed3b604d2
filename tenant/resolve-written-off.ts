import type { TenantReads } from "../graph/tenant-graph";
import type { Finding } from "../licensing/finding";
import type { Guid } from "../licensing/model";
import { goneNote, namedUsers } from "./named-users";

/** Users that are no longer owed anything. An unknown name ends no debt, so it is only a note. */
export async function resolveWrittenOff(
  graph: TenantReads,
  words: readonly string[],
): Promise<{ readonly users: ReadonlySet<Guid>; readonly notes: readonly Finding[] }> {
  const notes: Finding[] = [];
  const found = await namedUsers(graph, words, {
    path: "licensing:writtenOff",
    mistakes: [],
    notes,
    gone: (word, path) =>
      goneNote(
        `${path}: the tenant has no user "${word}", so nothing is written off by it.`,
        "Correct it, or take it out.",
      ),
  });
  return { users: new Set(found.values()), notes };
}
