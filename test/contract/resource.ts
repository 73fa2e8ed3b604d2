import { actionOf, elementOf, navigationOf, SETS, type ActionFacts } from "./facts";

/** What a path of Graph leads to. */
export type Resource =
  | { readonly kind: "list" | "one"; readonly type: string }
  | { readonly kind: "count" }
  | { readonly kind: "reference" }
  | { readonly kind: "action"; readonly action: ActionFacts };

const CAST = /^(?:microsoft\.)?graph\.(\w+)$/;

/** Walks the path through sets, keys, relationships, casts and actions; `null`: the contract does not lead there. */
export function resourceAt(path: string): Resource | null {
  const segments = path
    .replace(/^\/(\w+)\('([^']*)'\)/, "/$1/$2")
    .split("/")
    .slice(1);
  const set = Object.keys(SETS).find((name) => `${segments.join("/")}/`.startsWith(`${name}/`));
  if (set === undefined) return null;
  let here: Resource = { kind: "list", type: SETS[set] ?? "" };
  for (const segment of segments.slice(set.split("/").length)) {
    const next: Resource | null = step(here, segment);
    if (next === null) return null;
    here = next;
  }
  return here;
}

function step(here: Resource, segment: string): Resource | null {
  if (here.kind !== "list" && here.kind !== "one") return null;
  if (segment === "$ref") return { kind: "reference" };
  const cast = CAST.exec(segment)?.[1];
  if (cast !== undefined) return { kind: here.kind, type: cast };
  if (here.kind === "list") {
    if (segment === "$count") return { kind: "count" };
    return segment.startsWith("$") ? null : { kind: "one", type: here.type };
  }
  const action = actionOf(here.type, segment);
  if (action !== undefined) return { kind: "action", action };
  const target = navigationOf(here.type, segment);
  if (target === undefined) return null;
  const element = elementOf(target);
  return element === null ? { kind: "one", type: target } : { kind: "list", type: element };
}
