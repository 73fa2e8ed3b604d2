import type { Guid } from "./model";

/** The read that would tell failed. */
export interface UnreadEnd {
  /** Graph's own message. */
  readonly unread: string;
  /** True if a permission is missing. */
  readonly isForbidden: boolean;
}

/** The day on which a time-limited membership ends, such as `2026-12-31`, or why that is unknown. */
export type MembershipEnd = { readonly on: string } | UnreadEnd;

/** By declared group: users with a time-limited membership and the day it ends. */
export type MembershipEnds = ReadonlyMap<Guid, ReadonlyMap<Guid, string> | UnreadEnd>;

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
    if ("unread" in byUser) return [[groupId, byUser]];
    const on = byUser.get(userId);
    return on === undefined ? [] : [[groupId, { on }]];
  });
  return ending.length === 0 ? NONE : new Map(ending);
}
