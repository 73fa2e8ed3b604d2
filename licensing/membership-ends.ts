import type { Guid } from "./model";

/**
 * The day on which a time-limited membership ends, such as `2026-12-31`; `unknown`: the read that would tell
 * failed.
 */
export type MembershipEnd = { readonly on: string } | "unknown";

/**
 * By declared group: users with a time-limited membership and the day it ends; `unknown`: the read for that group
 * failed.
 */
export type MembershipEnds = ReadonlyMap<Guid, ReadonlyMap<Guid, string> | "unknown">;

export type MembershipCheck =
  | { readonly kind: "checked"; readonly ends: MembershipEnds }
  /** This tenant cannot tell: the permission or the licence is missing, or the cloud does not offer it. */
  | { readonly kind: "unchecked"; readonly why: string };

const NONE: ReadonlyMap<Guid, MembershipEnd> = new Map();

/** The user's memberships that end by themselves or may end, by group. */
export function endingOf(
  userId: Guid,
  memberOf: ReadonlySet<Guid>,
  ends: MembershipEnds,
): ReadonlyMap<Guid, MembershipEnd> {
  const ending = [...ends].flatMap(([groupId, byUser]): [Guid, MembershipEnd][] => {
    if (!memberOf.has(groupId)) return [];
    if (byUser === "unknown") return [[groupId, "unknown"]];
    const on = byUser.get(userId);
    return on === undefined ? [] : [[groupId, { on }]];
  });
  return ending.length === 0 ? NONE : new Map(ending);
}
