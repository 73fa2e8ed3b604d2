import { existsSync } from "node:fs";
import { configOf, isMap } from "../config-in-file";

/** The properties of the `create:` groups in a stack file that decide which permissions a run needs. */
export interface MadeGroups {
  /** `null` if there is no stack file yet. */
  readonly some: boolean | null;
  /** Members are added by this project: `direct-holders` or `users`. */
  readonly addMembers: boolean;
  readonly nameOwners: boolean;
  /** True if the stack file has `licensing:reprocess: true`. */
  readonly reprocess?: boolean;
  /** True if the stack file has `licensing:moves`. */
  readonly moves?: boolean;
}

export function madeGroupsIn(stackFile: string): MadeGroups {
  if (!existsSync(stackFile)) return { some: null, addMembers: true, nameOwners: true };
  const config = configOf(stackFile);
  const groups = config["licensing:groups"];
  const made = Object.values(isMap(groups) ? groups : {}).flatMap((group) =>
    isMap(group) && isMap(group["create"]) ? [group["create"]] : [],
  );
  return {
    some: made.length > 0,
    addMembers: made.some(({ members }) => members === "direct-holders" || (isMap(members) && "users" in members)),
    ...(String(config["licensing:reprocess"]) === "true" && { reprocess: true }),
    ...(hasMoves(config["licensing:moves"]) && { moves: true }),
    nameOwners: made.some(({ owners }) => Array.isArray(owners) && owners.length > 0),
  };
}

function hasMoves(moves: unknown): boolean {
  return Array.isArray(moves) && moves.length > 0;
}

/** The groups in a stack file: names or ids of existing ones, and names of those to create. */
export interface GroupWords {
  readonly existing: readonly string[];
  readonly made: readonly string[];
}

export const NO_GROUPS: GroupWords = { existing: [], made: [] };

export function groupWordsIn(stackFile: string): GroupWords {
  if (!existsSync(stackFile)) return NO_GROUPS;
  const groups = configOf(stackFile)["licensing:groups"];
  const each = Object.values(isMap(groups) ? groups : {}).filter(isMap);
  const text = (value: unknown) => (typeof value === "string" ? [value] : []);
  return {
    existing: each.flatMap(({ existing }) => text(existing)),
    made: each.flatMap(({ create }) => (isMap(create) ? text(create["displayName"]) : [])),
  };
}
