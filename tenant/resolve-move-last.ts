import type { TenantGraph } from "../graph/tenant-graph";
import type { MoveLast } from "../licensing/plan";
import { Refusal } from "../licensing/refusal";
import type { StackFileMistake } from "../licensing/stack-file";
import { namedUsers } from "./named-users";

/** Whom the last wave alone may take; a word that names nobody is a mistake, so that a typing error moves nobody early. */
export async function resolveMoveLast(graph: TenantGraph, words: readonly string[]): Promise<MoveLast> {
  const mistakes: StackFileMistake[] = [];
  const users = await namedUsers(graph, words, "licensing:moveLast", mistakes);
  if (mistakes.length > 0) throw Refusal.ofMistakes(mistakes);
  return users;
}
