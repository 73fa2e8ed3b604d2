import type { Guid, LicensedUser } from "./model";
import { thousands } from "./counts";

/** Turns a user's id into the text shown in the output. */
export type People = (userId: Guid) => string;

/**
 * The default. Output ends up in CI logs and pull request comments, where names would expose people and ids do not.
 */
export const BY_ID: People = (userId) => userId;

type Named = Pick<LicensedUser, "displayName" | "userPrincipalName">;

/** `Megan Bowen, megan@contoso.com`; `null` if neither is known. */
export function nameOf(user: Named | undefined): string | null {
  const names = [user?.displayName ?? null, user?.userPrincipalName ?? null].filter((name) => name !== null);
  return names.length === 0 ? null : names.join(", ");
}

/** The one form in which a user is shown with a name: `id (Megan Bowen, megan@contoso.com)`. */
export function withName(userId: Guid, name: string | null | undefined): string {
  return name === null || name === undefined ? userId : `${userId} (${name})`;
}

/** For `licensing:showNames` and `--names`. */
export function byName(users: ReadonlyMap<Guid, Named>): People {
  return (userId) => withName(userId, nameOf(users.get(userId)));
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
