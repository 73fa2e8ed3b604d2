import type { TenantReads } from "../graph/tenant-graph";
import type { Finding } from "../licensing/finding";
import type { Guid } from "../licensing/model";
import type { StackRecord } from "../licensing/record/record";
import { Refusal } from "../licensing/refusal";
import type { StackFileMistake, WaveSpec } from "../licensing/stack-file/stack-file";
import { hasBegun } from "../licensing/plan/started-waves";
import type { NamedMembers } from "../licensing/plan/wave-membership";
import { goneNote, namedUsers, type NameLookup } from "./named-users";

const MAY_STAY =
  "The wave has begun and knows its users by their ids, so the name of one that is gone may stay. A misspelt name takes no user: correct it.";

/**
 * The users of waves that name users or a group. In a wave that has not begun, an unknown name is a mistake; later it
 * is a note, because users may leave.
 *
 * @throws {Refusal} with all mistakes
 */
export async function resolveWaves(
  graph: TenantReads,
  waves: readonly WaveSpec[],
  record: Pick<StackRecord, "waves">,
): Promise<{ readonly members: NamedMembers; readonly notes: readonly Finding[] }> {
  const mistakes: StackFileMistake[] = [];
  const notes: Finding[] = [];
  const members = new Map<string, ReadonlySet<Guid>>();
  for (const [index, { name, takes }] of waves.entries()) {
    const path = `licensing:waves[${index}]`;
    // check: a name in a wave that has not begun must be found
    const gone = hasBegun(record.waves.get(name)) ? noteOn(name, takes.kind === "group" ? "group" : "user") : undefined;
    const lookup = { mistakes, notes, ...(gone !== undefined && { gone }) };
    if (takes.kind === "users") {
      const found = await namedUsers(graph, takes.users, { path: `${path}.users`, places: takes.places, ...lookup });
      members.set(name, new Set(found.values()));
    }
    if (takes.kind === "group") {
      members.set(name, await groupUsers(graph, takes.group, { path: `${path}.group`, ...lookup }));
    }
  }
  if (mistakes.length > 0) throw Refusal.ofMistakes(mistakes);
  return { members, notes };
}

function noteOn(wave: string, kind: "user" | "group"): (word: string, path: string) => Finding {
  return (word, path) => {
    const message = `${path}: the tenant has no ${kind} "${word}", which wave ${wave} names: the ${kind} was deleted, or the name is misspelt.`;
    return goneNote(message, MAY_STAY);
  };
}

async function groupUsers(
  graph: TenantReads,
  word: string,
  { path, mistakes, gone, notes }: NameLookup,
): Promise<ReadonlySet<Guid>> {
  const found = (await graph.findGroups([word])).get(word) ?? [];
  const [group] = found;
  const note = group === undefined ? (gone?.(word, path) ?? null) : null;
  if (note !== null) {
    notes?.push(note);
    return new Set();
  }
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
