import type { Guid } from "./model";

/** A membership that ends by itself on this day, or may: the read that would tell failed. */
export type MembershipEnd = { readonly on: string } | "unknown";

/** By declared group: users whose membership ends by itself, with the day; `unknown`: the read that would tell failed. */
export type MembershipEnds = ReadonlyMap<Guid, ReadonlyMap<Guid, string> | "unknown">;

/** What a run knows of memberships that end by themselves. */
export type MembershipCheck =
  | { readonly kind: "checked"; readonly ends: MembershipEnds }
  /** It cannot be known in this tenant: a permission, a licence or a cloud without it. */
  | { readonly kind: "unchecked"; readonly why: string };

const NONE: ReadonlyMap<Guid, MembershipEnd> = new Map();

/** Which of a user's memberships do not surely last. */
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
