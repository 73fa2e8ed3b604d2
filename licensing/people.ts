import type { Guid, LicensedUser } from "./model";
import { thousands } from "./counts";

/** Turns a user's id into the text shown in the output. */
export type People = (userId: Guid) => string;

/**
 * The default. Output ends up in CI logs and pull request comments, where names would expose people and ids do not.
 */
export const BY_ID: People = (userId) => userId;

/** For `licensing:showNames`: the id followed by the known names. */
export function byName(users: ReadonlyMap<Guid, Pick<LicensedUser, "displayName" | "userPrincipalName">>): People {
  return (userId) => {
    const user = users.get(userId);
    const names = [user?.displayName ?? null, user?.userPrincipalName ?? null].filter((name) => name !== null);
    return names.length === 0 ? userId : `${userId} (${names.join(", ")})`;
  };
}

/** Users named in one line of output. */
const SHOWN_USERS = 5;

/** The users that a line names: the first by id, so that every run names the same ones. */
export function firstOf(userIds: Iterable<Guid>): readonly Guid[] {
  return [...new Set(userIds)].sort().slice(0, SHOWN_USERS);
}

/** `1111…, 2222… and 12 more`. */
export function usersShown(userIds: Iterable<Guid>, people: People = BY_ID): string {
  const all = new Set(userIds);
  const shown = firstOf(all);
  const more = all.size - shown.length;
  return `${shown.map(people).join(", ")}${more > 0 ? ` and ${thousands(more)} more` : ""}`;
}
