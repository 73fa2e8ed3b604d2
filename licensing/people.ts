import type { Guid, LicensedUser } from "./model";
import { thousands } from "./tally";

/** How a user is called to whoever reads the output. */
export type People = (userId: Guid) => string;

/** The default: what a preview says ends up in CI logs and comments, and an id says nothing to strangers. */
export const BY_ID: People = (userId) => userId;

/** With `licensing:showNames`: the name beside the id, as far as it is known. */
export function byName(users: ReadonlyMap<Guid, Pick<LicensedUser, "displayName" | "userPrincipalName">>): People {
  return (userId) => {
    const user = users.get(userId);
    const names = [user?.displayName ?? null, user?.userPrincipalName ?? null].filter((name) => name !== null);
    return names.length === 0 ? userId : `${userId} (${names.join(", ")})`;
  };
}

/** How many users a line names: enough to look into, and few enough for a line. */
const SHOWN_USERS = 5;

/** Whom a line names of these: the first by id, so that every run names the same ones. */
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
