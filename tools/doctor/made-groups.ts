import { existsSync } from "node:fs";
import { configOf, isMap } from "../config-in-file";

/** What the groups with `create:` in a stack file ask of whoever runs it. */
export interface MadeGroups {
  /** `null`: there is no stack file yet, so nobody knows. */
  readonly some: boolean | null;
  /** Members are added by this project: `direct-holders` or `users`. */
  readonly addMembers: boolean;
  readonly nameOwners: boolean;
  /** The stack file says `licensing:reprocess: true`; absent: it does not. */
  readonly reprocess?: boolean;
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
    nameOwners: made.some(({ owners }) => Array.isArray(owners) && owners.length > 0),
  };
}
