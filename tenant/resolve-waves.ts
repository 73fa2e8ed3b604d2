import type { TenantGraph } from "../graph/tenant-graph";
import type { Guid } from "../licensing/model";
import type { StackFileMistake, WaveSpec } from "../licensing/stack-file";
import type { NamedMembers } from "../licensing/wave-membership";
import { namedUsers } from "./named-users";
import { Refusal } from "../licensing/refusal";

/** Whom the waves take that go by user or by group; every user or group that cannot be found is named at once. */
export async function resolveWaves(graph: TenantGraph, waves: readonly WaveSpec[]): Promise<NamedMembers> {
  const mistakes: StackFileMistake[] = [];
  const named = new Map<string, ReadonlySet<Guid>>();
  for (const [index, { name, takes }] of waves.entries()) {
    const path = `licensing:waves[${index}]`;
    if (takes.kind === "users") {
      named.set(name, new Set((await namedUsers(graph, takes.users, `${path}.users`, mistakes)).values()));
    }
    if (takes.kind === "group") named.set(name, await groupUsers(graph, takes.group, `${path}.group`, mistakes));
  }
  if (mistakes.length > 0) throw Refusal.ofMistakes(mistakes);
  return named;
}

async function groupUsers(
  graph: TenantGraph,
  word: string,
  path: string,
  mistakes: StackFileMistake[],
): Promise<ReadonlySet<Guid>> {
  const found = (await graph.findGroups([word])).get(word) ?? [];
  const [group] = found;
  if (group === undefined || found.length > 1) {
    const message =
      group === undefined
        ? `the tenant has no group "${word}". Write its display name exactly as the portal shows it, or its object id`
        : `${found.length} groups are called "${word}": write the object id of one of them: ${found.map((each) => each.id).join(", ")}`;
    mistakes.push({ path, message });
    return new Set();
  }
  const ids = new Set<Guid>();
  for await (const page of graph.memberPages(group.id)) for (const user of page) ids.add(user.id);
  return ids;
}
