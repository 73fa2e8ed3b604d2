import type { Guid } from "../model";
import type { GroupCreation } from "./stack-file";

/** A group created by this stack, with names resolved to ids. */
export interface OwnGroup {
  /** The logical name. */
  readonly name: string;
  /** A placeholder until the group is created; see `idOfUnmade`. */
  readonly groupId: Guid;
  readonly creation: GroupCreation;
  readonly ownerIds: readonly Guid[];
  readonly members: OwnMembers;
  /** The membership rule set by the last run; `null`: none, or the group is not created yet. */
  readonly ruleBefore: string | null;
  /**
   * True if Entra has evaluated the declared rule, so that the member list is current. Always true without a rule.
   */
  readonly isEvaluated: boolean;
}

export type OwnMembers =
  | { readonly kind: "direct-holders"; readonly except?: ReadonlySet<Guid> }
  | { readonly kind: "users"; readonly userIds: ReadonlySet<Guid> }
  | { readonly kind: "rule"; readonly rule: string }
  | { readonly kind: "none" };

/** By logical name. */
export type OwnGroups = ReadonlyMap<string, OwnGroup>;

const UNMADE = "made in this run: ";

/**
 * A placeholder until Entra assigns the group's id. It is no GUID, so it cannot be mistaken for one, and it is
 * never sent to Graph.
 */
export function idOfUnmade(name: string): Guid {
  return `${UNMADE}${name}`;
}

export function isUnmade(groupId: Guid): boolean {
  return groupId.startsWith(UNMADE);
}

/** Groups with unknown members, because Entra has not evaluated their rules yet. */
export interface Unforeseen {
  /** Display name of the first group. */
  readonly group: string;
  readonly groupIds: readonly Guid[];
}

/** Returns `null` if all rules are evaluated. */
export function unforeseenGroups(own: OwnGroups): Unforeseen | null {
  const all = [...own.values()].filter(({ isEvaluated }) => !isEvaluated);
  const [first] = all;
  return first === undefined
    ? null
    : { group: first.creation.displayName, groupIds: all.map(({ groupId }) => groupId) };
}

/** Compares rules as Entra does: white space outside quotes does not matter. */
export function sameRule(a: string | null, b: string | null): boolean {
  const words = (rule: string | null) =>
    rule?.trim().replace(/"[^"]*"|\s+/g, (part) => (part.startsWith('"') ? part : " "));
  return words(a) === words(b);
}
