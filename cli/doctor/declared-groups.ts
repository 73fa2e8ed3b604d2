import { GraphError } from "../../graph/client/failure";
import type { TenantReads } from "../../graph/tenant-graph";
import type { LicensedGroup } from "../../licensing/model";
import { fail, pass, type Check } from "./check";
import type { GroupWords } from "./made-groups";

export interface DeclaredGroups {
  readonly declared: readonly LicensedGroup[];
  readonly checks: readonly Check[];
}

/** Finds the groups of a stack file as a run would. Empty if the app may not read groups; the permission probe reports that. */
export async function declaredGroups(
  graph: Pick<TenantReads, "findGroups">,
  { existing, made }: GroupWords,
): Promise<DeclaredGroups> {
  if (existing.length + made.length === 0) return { declared: [], checks: [] };
  try {
    const found = await graph.findGroups([...existing, ...made]);
    const missing = existing.filter((word) => found.get(word)?.length === 0);
    return {
      declared: [...new Map([...found.values()].flat().map((group) => [group.id, group])).values()],
      checks: missing.length > 0 ? missing.map(notThere) : existing.length > 0 ? [pass("groups: all are there")] : [],
    };
  } catch (error) {
    if (error instanceof GraphError && error.failure.kind === "forbidden") return { declared: [], checks: [] };
    throw error;
  }
}

function notThere(word: string): Check {
  return fail(
    `groups: the tenant has no group "${word}"`,
    "Write its display name exactly as the portal shows it, or its object id.",
  );
}
